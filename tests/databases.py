"""Which database the tests' people and work are kept in: SQLite, or with OPENPRACTICE_TESTS_ON=postgresql that one.

On PostgreSQL the run starts a server of its own, and every home has a database of its own there, with two roles as a
federation runs it: whoever owns the tables, and the application, to which row-level security applies.
"""

from __future__ import annotations

import atexit
import contextlib
import hashlib
import os
from pathlib import Path

import pytest

from tests import postgres

ON = "OPENPRACTICE_TESTS_ON"
_running = contextlib.ExitStack()
_made: dict[str, dict[str, str]] = {}  # a home's name: how its database is reached


def on_postgresql() -> bool:
    return os.environ.get(ON) == "postgresql"


def _begin() -> None:
    """Start the run's server, once. The workers of the run, and the programs that tests start, find it by PGHOST."""
    if "PYTEST_XDIST_WORKER" in os.environ:
        return
    found = _running.enter_context(postgres.cluster())
    os.environ.update({name: found[name] for name in ("PGHOST", "PGUSER")})
    atexit.register(_running.close)


def environment_of(home: Path | str) -> dict[str, str]:
    """What a program that is at home there must know of its database; made when it is first asked for."""
    if not on_postgresql():
        return {}
    name = "home_" + hashlib.sha256(str(home).encode()).hexdigest()[:16]
    if not _made:
        _begin()
    if name not in _made:
        _made[name] = postgres.two_roles({}, name)
    return _made[name]


WITHOUT_PEOPLE = {"explored", "site", "gallery"}  # servers over open data alone


def uses_a_database(item: pytest.Item) -> bool:
    """Whether a test has to do with people or their work, and so is run on both databases."""
    asked = set(getattr(item, "fixturenames", ()))
    if "tests/web/" in item.nodeid:
        return not asked & WITHOUT_PEOPLE
    return "db" in asked or item.get_closest_marker("django_db") is not None
