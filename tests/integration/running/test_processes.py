"""Several server processes: they share a socket and what they count, and none outlives the one that keeps them."""

from __future__ import annotations

import os
import signal
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest

from tests.integration.audit.place import Place
from tests.integration.running.visiting import Visitor, served

WAIT = "There were too many attempts."


def children(pid: int) -> set[int]:
    """The processes that one has started and that live."""
    found = set()
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(fields[1]) == pid and fields[0] != "Z":
            found.add(int(stat.parent.name))
    return found


def soon(condition) -> bool:
    until = time.monotonic() + 60
    while not condition() and time.monotonic() < until:
        time.sleep(0.05)
    return bool(condition())


def test_one_that_dies_is_started_again_and_all_end_with_their_keeper(tmp_path):
    with served(tmp_path, "--processes", 2, "--no-worker") as site:
        first = children(site.process.pid)
        assert len(first) == 2
        os.kill(min(first), signal.SIGKILL)
        assert soon(lambda: len(children(site.process.pid) - first) == 1)
        assert Visitor().ask(f"{site.url}/health").status == 200
        last = children(site.process.pid)
        site.process.kill()
        site.process.wait()
        assert soon(lambda: not any(Path(f"/proc/{pid}").exists() for pid in last))
    assert "is started again" in site.log.read_text()


def test_it_ends_in_order(tmp_path):
    with served(tmp_path, "--processes", 2, "--no-worker") as site:
        site.process.send_signal(signal.SIGINT)
        assert site.process.wait(timeout=30) == 0
    assert site.log.read_text() == "Stopped.\n"


@pytest.mark.parametrize("on", ["sqlite", "postgresql"])
def test_two_servers_count_attempts_to_sign_in_together(on, request, tmp_path):
    """Five wrong passwords for one address, wherever they are tried; then nobody is even asked."""
    place = request.getfixturevalue("federation") if on == "postgresql" else Place(tmp_path, {})
    wrong = {"login": "sam@example.org", "password": "not the password"}
    servers = [served(place.home, "--no-worker", **place.variables) for _ in range(2)]
    with servers[0] as one, servers[1] as two:

        def tried(site) -> str:  # under one name, as one site has
            return Visitor().ask(f"{site.url}/account/login/", wrong, Host="localhost").text

        assert all("do not belong together" in tried((one, two)[turn % 2]) for turn in range(5))
        assert WAIT in tried(one)
        assert WAIT in tried(two)


def test_after_more_attempts_from_one_place_there_is_a_page_that_says_so(tmp_path):
    visitor = Visitor()
    with served(tmp_path, "--no-worker") as site:
        answers = [
            visitor.ask(f"{site.url}/account/password/reset/", {"email": f"sam{turn}@example.org"})
            for turn in range(25)
        ]
        assert answers[0].status == 200
        assert answers[-1].status == 429
        assert "Too many attempts" in answers[-1].text
    with closing(sqlite3.connect(tmp_path / "openpractice.sqlite3")) as database:
        kept = database.execute("SELECT cache_key, value FROM openpractice_counted").fetchall()
    assert kept
    assert not [row for row in kept if "127.0.0.1" in str(row) or "example" in str(row)]
