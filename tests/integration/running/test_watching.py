"""What a load balancer and Prometheus ask: each trouble is told, and nothing else is."""

from __future__ import annotations

import json
import os
import re
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest

from tests.integration.running.visiting import Visitor, served

TOKEN = "a-token-for-whoever-watches"


def ready(url: str) -> tuple[int, dict[str, bool]]:
    time.sleep(1.1)  # an answer holds for a second
    answer = Visitor().ask(f"{url}/ready")
    said = json.loads(answer.text)
    assert said["ready"] == all(check["ok"] for check in said["checks"].values()) == (answer.status == 200)
    return answer.status, {name: check["ok"] for name, check in said["checks"].items()}


@pytest.fixture
def site(tmp_path, small):
    small.finish(small.start(tmp_path, "ingest", small.patients(tmp_path / "p.csv", "2026-01", {"Y99001": 9000})))
    with served(tmp_path, "--no-worker") as found:
        yield found


def test_everything_is_there(site):
    status, checks = ready(site.url)
    assert (status, set(checks)) == (200, {"database", "migrations", "store", "disk", "worker"})
    assert Visitor().ask(f"{site.url}/health").text == "ok\n"


def old_migration(home: Path) -> None:
    with closing(sqlite3.connect(home / "openpractice.sqlite3")) as database, database:
        database.execute("DELETE FROM django_migrations WHERE app = 'agreements'")


def dead_worker(home: Path) -> None:
    (home / "worker.alive").touch()
    os.utime(home / "worker.alive", (time.time() - 90,) * 2)


def replaced(file: Path) -> None:
    """Another file in its place, as somebody's script might do; who has the old one open still has it."""
    file.unlink()
    file.write_bytes(os.urandom(10_000))


def no_store(home: Path) -> None:
    for log in home.glob("catalogue.sqlite-*"):
        log.unlink()
    replaced(home / "catalogue.sqlite")


def no_database(home: Path) -> None:
    for log in home.glob("openpractice.sqlite3-*"):
        log.unlink()
    replaced(home / "openpractice.sqlite3")


@pytest.mark.parametrize(
    ("trouble", "told"),
    [(old_migration, "migrations"), (dead_worker, "worker"), (no_store, "store"), (no_database, "database")],
)
def test_a_trouble_is_told_by_its_name(site, tmp_path, trouble, told):
    assert ready(site.url)[0] == 200
    # By now all that a server reads ahead has been read: SQLite dies of a file that goes while it is read.
    trouble(tmp_path)
    status, checks = ready(site.url)
    assert status == 503
    assert not checks[told]
    said = Visitor().ask(f"{site.url}/ready").text
    assert str(tmp_path) not in said
    assert "SELECT" not in said
    assert Visitor().ask(f"{site.url}/health").status == 200  # it lives, all the same


def test_too_little_room_is_told(tmp_path):
    with served(tmp_path, "--no-worker", OPENPRACTICE_LEAST_ROOM="999999") as site:
        assert ready(site.url) == (503, {"database": True, "migrations": True, "store": True, "disk": False, "worker": True})  # fmt: skip


def test_a_worker_gives_signs_of_life_and_takes_them_back(tmp_path):
    with served(tmp_path) as site:
        until = time.monotonic() + 60
        while not (tmp_path / "worker.alive").exists() and time.monotonic() < until:
            time.sleep(0.05)
        figures = Visitor().ask(f"{site.url}/metrics").text
        assert float(re.search(r"^openpractice_worker_age_seconds (\S+)", figures, re.MULTILINE)[1]) < 30
    while (tmp_path / "worker.alive").exists() and time.monotonic() < until:
        time.sleep(0.05)
    assert not (tmp_path / "worker.alive").exists()


def counted(text: str) -> dict[str, float]:
    return {name: float(value) for name, value in re.findall(r"^([a-z]\S*?(?:\{.*\})?) (\S+)$", text, re.MULTILINE)}


def test_figures_tell_of_views_and_of_nobody(site):
    visitor = Visitor()
    visitor.ask(f"{site.url}/invitations/Q7vKx2mTzR4wYb8nPd1sLf6hJc3gAe9u/?who=wren@example.org")
    visitor.ask(f"{site.url}/nowhere/Y99001")
    answer = visitor.ask(f"{site.url}/metrics")
    assert answer.headers["Content-Type"].startswith("text/plain; version=0.0.4")
    found = counted(answer.text)
    assert found['openpractice_requests_total{method="GET",status="404",view="invitation"}'] == 1
    assert found['openpractice_requests_total{method="GET",status="404",view="none"}'] == 1
    assert found['openpractice_request_seconds_count{view="invitation"}'] == 1
    assert found["openpractice_store_version"] == 1
    assert found["openpractice_record_entries"] == 0
    assert "process_resident_memory_bytes" in found
    assert [word for word in ("Y99001", "wren", "Q7vKx2", "127.0.0.1") if word in answer.text] == []


def test_only_this_machine_may_read_figures_or_whoever_has_the_token(site):
    def status(**headers: str) -> int:
        return Visitor().ask(f"{site.url}/metrics", **headers).status

    assert status() == 200
    assert status(X_Forwarded_For="203.0.113.7") == 404
    assert status(X_Forwarded_Proto="https") == 404  # a proxy brings every visitor from this machine


def test_behind_a_proxy_it_needs_the_token(tmp_path):
    with served(tmp_path, "--no-worker", OPENPRACTICE_HTTPS="yes", OPENPRACTICE_METRICS_TOKEN=TOKEN) as site:
        for said, status in ((TOKEN, 200), (TOKEN + "x", 404), ("", 404)):
            assert Visitor().ask(f"{site.url}/metrics", Authorization=f"Bearer {said}").status == status
        assert Visitor().ask(f"{site.url}/metrics").status == 404


def test_several_processes_answer_with_one_sum(tmp_path):
    with served(tmp_path, "--no-worker", "--processes", 2) as site:
        for _ in range(20):
            assert Visitor().ask(f"{site.url}/health").status == 200
        name = 'openpractice_requests_total{method="GET",status="200",view="health"}'
        found = {counted(Visitor().ask(f"{site.url}/metrics").text)[name] for _ in range(6)}
    assert found == {20.0}
