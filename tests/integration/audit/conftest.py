"""A record in a database of its own, on SQLite and on PostgreSQL, written and read by programs of their own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.postgres import cluster

BEGIN = "import django; django.setup()\n"


@dataclass(frozen=True)
class Place:
    """A home and the environment in which programs find its database."""

    home: Path
    variables: dict[str, str]

    @property
    def environment(self) -> dict[str, str]:
        settings = {"DJANGO_SETTINGS_MODULE": "openpractice.web.config.settings", "OPENPRACTICE_HOME": str(self.home)}
        return {**os.environ, **settings, **self.variables}

    def begin(self, script: str, *arguments: object) -> subprocess.Popen:
        """Start a Python program with Django at hand. Its warnings are errors."""
        command = [sys.executable, "-W", "error", "-c", BEGIN + script, *map(str, arguments)]
        return subprocess.Popen(
            command, env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )

    def run(self, script: str, *arguments: object) -> str:
        """Run such a program to its end and give what it printed."""
        return ended(self.begin(script, *arguments))

    def openpractice(self, *arguments: object) -> subprocess.CompletedProcess:
        command = [sys.executable, "-W", "error", "-m", "openpractice", "--home", self.home, *map(str, arguments)]
        return subprocess.run(command, env=self.environment, capture_output=True, text=True)


def ended(program: subprocess.Popen) -> str:
    out, err = program.communicate(timeout=120)
    assert program.returncode == 0, err
    return out


MIGRATE = "from django.core.management import call_command; call_command('migrate', verbosity=0)"
MIGRATED_ANEW = """
from django.db import connection
with connection.cursor() as cursor:
    cursor.execute("DROP SCHEMA public CASCADE")
    cursor.execute("CREATE SCHEMA public")
"""


@pytest.fixture(scope="session")
def postgresql() -> Iterator[dict[str, str]]:
    """The environment of a PostgreSQL server of this run."""
    with cluster() as environment:
        yield environment


@pytest.fixture(scope="session")
def migrated(tmp_path_factory) -> bytes:
    """A SQLite database with every table and nothing in them, as bytes: making one takes seconds, copying it none."""
    place = Place(tmp_path_factory.mktemp("migrated"), {})
    place.run(
        MIGRATE + "\nfrom django.db import connection; connection.cursor().execute('PRAGMA journal_mode = DELETE')"
    )
    return (place.home / "openpractice.sqlite3").read_bytes()


@pytest.fixture
def on_sqlite(tmp_path, migrated) -> Place:
    (tmp_path / "openpractice.sqlite3").write_bytes(migrated)
    return Place(tmp_path, {})


@pytest.fixture
def on_postgresql(tmp_path, postgresql) -> Place:
    place = Place(tmp_path, postgresql)
    place.run(MIGRATED_ANEW + MIGRATE)
    return place


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request) -> Place:
    """An empty record, on each kind of database."""
    return request.getfixturevalue(f"on_{request.param}")


@pytest.fixture
def finish() -> Callable[[subprocess.Popen], str]:
    return ended
