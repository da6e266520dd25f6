"""A record in a database of its own, on SQLite and on PostgreSQL, written and read by programs of their own."""

from __future__ import annotations

import pytest

from tests.integration.audit.place import Place

MIGRATE = "from django.core.management import call_command; call_command('migrate', verbosity=0)"
MIGRATED_ANEW = """
from django.db import connection
with connection.cursor() as cursor:
    cursor.execute("DROP SCHEMA public CASCADE")
    cursor.execute("CREATE SCHEMA public")
"""


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
