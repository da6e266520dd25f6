"""Brings the database up to this version of the code, at every start.

Nobody has to remember a command, and two servers that start together do not collide. Where nothing is to be done, which
is every start but the first after an installation, it costs a look at the names of the migrations.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import django
from django.db import OperationalError

__all__ = ["OperationalError", "bring_up_to_date"]

_LOCK = 0x0A0D16  # any number that nothing else in this database locks; the record has the next


def bring_up_to_date(home: Path | str) -> None:
    """Make or change tables where this version needs it. The settings must be known by now."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "openpractice.web.config.settings")
    django.setup()
    if not _behind():
        return
    from django.core.management import call_command

    with _alone(home):
        call_command("migrate", interactive=False, verbosity=0)


def _behind() -> bool:
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    behind = bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    connection.close()
    return behind


@contextmanager
def _alone(home: Path | str) -> Iterator[None]:
    """One at a time: by a file of the home, and in PostgreSQL, which servers of several homes may share, by its own lock."""
    from django.db import connection

    with (Path(home) / "migrating.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        if connection.vendor != "postgresql":
            yield
            connection.close()
            return
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
            try:
                yield
            finally:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])
        connection.close()
