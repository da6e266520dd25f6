"""Tables are made at the start of a server, also when two start at once, also in PostgreSQL."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

from tests.postgres import cluster

START = """
import sys
from openpractice.web.config import database
database.bring_up_to_date(sys.argv[1])
from openpractice.web.accounts.models import Person
print(Person.objects.count())
"""


def start(home: Path, **environment: str) -> subprocess.Popen:
    command = [sys.executable, "-W", "error", "-c", START, str(home)]
    variables = {**os.environ, "OPENPRACTICE_HOME": str(home), **environment}
    return subprocess.Popen(command, env=variables, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def both_counted_nobody(*started: subprocess.Popen) -> None:
    for one in started:
        out, err = one.communicate(timeout=120)
        assert (one.returncode, out.strip()) == (0, "0"), err


def test_two_servers_that_start_together_do_not_collide(tmp_path):
    both_counted_nobody(start(tmp_path), start(tmp_path))


def test_nor_do_two_homes_that_share_a_postgresql(tmp_path):
    homes = [tmp_path / "one", tmp_path / "two"]
    for home in homes:
        home.mkdir()
    with cluster() as environment:
        both_counted_nobody(*(start(home, **environment) for home in homes))


def test_a_database_that_does_not_answer_is_named_before_anything_is_served(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    nowhere = f"postgresql://wren@127.0.0.1:{port}/openpractice"
    command = [sys.executable, "-W", "error", "-m", "openpractice", "--home", str(tmp_path), "serve", "--port", "0"]
    asked = subprocess.run(
        command, env={**os.environ, "OPENPRACTICE_DATABASE_URL": nowhere}, capture_output=True, text=True, timeout=120
    )
    assert asked.returncode == 2
    assert "Check OPENPRACTICE_DATABASE_URL" in asked.stderr
    assert "Traceback" not in asked.stderr
