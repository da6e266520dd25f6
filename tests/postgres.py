"""A PostgreSQL of our own for a run of tests: in a temporary folder, reached by a Unix socket only, gone afterwards."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

URL = "postgresql://openpractice@/openpractice"  # the folder of the socket comes by PGHOST
NEEDED = ("initdb", "postgres", "psql")


def _found() -> dict[str, str]:
    """The binaries, on the path or where Debian keeps them."""
    kept = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    path = os.pathsep.join([os.environ.get("PATH", ""), *map(str, kept)])
    found = {name: shutil.which(name, path=path) for name in NEEDED}
    if missing := [name for name, where in found.items() if not where]:
        pytest.fail(f"PostgreSQL is not installed here: {', '.join(missing)} not found. `make test` installs it.")
    return found


def _unprivileged() -> dict:
    """PostgreSQL refuses to run as root; then it runs as nobody."""
    return {"user": "nobody", "group": "nogroup", "extra_groups": []} if os.getuid() == 0 else {}


@contextmanager
def cluster() -> Iterator[dict[str, str]]:
    """Start a server; gives the environment in which OpenPractice, and psql, find it. Fails where there is none."""
    found, who = _found(), _unprivileged()
    folder = Path(tempfile.mkdtemp(prefix="op-pg-"))  # short, because the name of a socket may have 107 characters
    if who:
        shutil.chown(folder, who["user"], who["group"])
    data, plain = folder / "data", {**who, "cwd": folder, "stdout": subprocess.DEVNULL, "stderr": subprocess.STDOUT}
    make = [found["initdb"], "-D", data, "-U", "openpractice", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"]
    subprocess.run(make, check=True, **plain)
    quick = ("-c", "fsync=off", "-c", "listen_addresses=")
    server = subprocess.Popen([found["postgres"], "-D", data, "-k", folder, *quick], **plain)
    environment = {"PGHOST": str(folder), "PGUSER": "openpractice", "OPENPRACTICE_DATABASE_URL": URL}
    try:
        _ask(found["psql"], environment, "CREATE DATABASE openpractice", server)
        yield environment
    finally:
        server.send_signal(2)  # INT: let nobody finish, end at once and in order
        server.wait(timeout=30)
        shutil.rmtree(folder)


def two_roles(environment: dict[str, str], name: str) -> dict[str, str]:
    """A new database as a federation runs it: one role owns the tables, and the application is another."""
    for statement in (
        *(f"CREATE ROLE {name}_{which} LOGIN NOSUPERUSER" for which in ("owner", "application")),
        f"CREATE DATABASE {name} OWNER {name}_owner",
    ):
        asked_of(environment, "postgres", statement)
    return {
        **environment,
        "OPENPRACTICE_DATABASE_URL": f"postgresql://{name}_application@/{name}",
        "OPENPRACTICE_DATABASE_OWNER_URL": f"postgresql://{name}_owner@/{name}",
    }


def asked_of(environment: dict[str, str], database: str, statement: str) -> str:
    """What psql prints, as the role that may do everything."""
    command = [_found()["psql"], "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d", database, "-c", statement]
    asked = subprocess.run(command, env={**os.environ, **environment}, capture_output=True, text=True)
    assert asked.returncode == 0, asked.stderr
    return asked.stdout.strip()


def _ask(psql: str, environment: dict[str, str], statement: str, server: subprocess.Popen) -> None:
    """Run the first statement as soon as the server answers."""
    command = [psql, "-X", "-q", "-d", "postgres", "-c", statement]
    until = time.monotonic() + 30
    while server.poll() is None and time.monotonic() < until:
        asked = subprocess.run(command, env={**os.environ, **environment}, capture_output=True, text=True)
        if asked.returncode == 0:
            return
        time.sleep(0.1)
    pytest.fail(f"PostgreSQL did not start: {asked.stderr}")
