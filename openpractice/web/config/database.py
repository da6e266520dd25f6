"""Brings the database up to this version of the code, at every start.

Nobody has to remember a command, and two servers that start together do not collide. Where nothing is to be done, which
is every start but the first after an installation, it costs a look at the names of the migrations.

On PostgreSQL the tables may belong to another role than the application's. Then that role does all this, and the
application is left with what `fence` grants it.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import django
from django.db import OperationalError, ProgrammingError

from openpractice.web.config import counted
from openpractice.web.config.occupied import check_whole
from openpractice.web.config.seeing import across

__all__ = ["OperationalError", "as_owner", "bring_up_to_date"]

_LOCK = 0x0A0D16  # any number that nothing else in this database locks; the record has the next


@across()
def bring_up_to_date(home: Path | str) -> None:
    """Make or change tables where this version needs it. The settings must be known by now. Raises OperationalError.

    Raises Refused in a home that is half restored: a new, empty database would take the place of the one that is missing.
    """
    check_whole(Path(home))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "openpractice.web.config.settings")
    django.setup()
    from openpractice.web.config import fence

    with as_owner() as role:
        if not _behind() and fence.is_up(role):
            return
        with _alone(home):
            _change(role)


def _change(role: str) -> None:
    from django.core.management import call_command
    from django.db import connection

    from openpractice.web.config import fence

    try:
        call_command("migrate", interactive=False, verbosity=0)
        call_command("createcachetable", verbosity=0)
        fence.put_up(role)
    except ProgrammingError as refused:
        if getattr(refused.__cause__, "sqlstate", "") != "42501":  # insufficient privilege
            raise
        name = connection.settings_dict["USER"] or "of the application"
        raise OperationalError(
            f"its tables are not those of this version, and the role {name} may not change them. Name the role that "
            "owns them in OPENPRACTICE_DATABASE_OWNER_URL"
        ) from refused


def _behind() -> bool:
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return True
    return counted.TABLE not in connection.introspection.table_names()


@contextmanager
def as_owner() -> Iterator[str]:
    """The connection belongs to the owner inside. Gives the application's role, or nothing where it is the owner."""
    from django.conf import settings
    from django.db import connection

    owner = getattr(settings, "DATABASE_OWNER", None)
    described = connection.settings_dict
    own = {name: described[name] for name in ("USER", "PASSWORD", "OPTIONS")}
    try:
        role = _role() if owner else ""
        if owner:
            connection.close()
            described.update({name: owner[name] for name in own})
        yield role
    finally:
        connection.close()
        described.update(own)


def _role() -> str:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        return cursor.fetchone()[0]


@contextmanager
def _alone(home: Path | str) -> Iterator[None]:
    """One at a time: by a file of the home, and in PostgreSQL, which servers of several homes may share, by its own lock."""
    from django.db import connection

    with (Path(home) / "migrating.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        if connection.vendor != "postgresql":
            yield
            return
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
            try:
                yield
            finally:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])
