"""The database's part of a backup: SQLite's own copy, or PostgreSQL's own dump."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

from openpractice.kinds import Refused
from openpractice.web.config.backup import moment
from openpractice.web.config.environment import LIBPQ

SQLITE, POSTGRESQL = "database.sqlite3", "database.pgdump"
ASIDE = "replaced_"
LEAVING = 5.0  # seconds in which a connection that was closed a moment ago is gone
LAST = "SELECT number, hash FROM audit_entry ORDER BY number DESC LIMIT 1"


class Snapshot:
    """The database as it is when `begin` is called; `finish` lays it into the folder. `last` is the record's last entry."""

    def __init__(self, folder: Path):
        self.folder, self.number, self.last = folder, "", (0, "")
        self.file = sqlite_file() if connection.vendor == "sqlite" else None

    def begin(self) -> None:
        """SQLite's is copied at once; PostgreSQL keeps a snapshot by its name for as long as a transaction is open."""
        if self.file:
            moment.copy_sqlite(self.file, self.folder / SQLITE)
            with closing(sqlite3.connect(self.folder / SQLITE)) as copy:
                self.last = copy.execute(LAST).fetchone() or self.last
            return
        with connection.cursor() as cursor:
            cursor.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            cursor.execute("SELECT pg_export_snapshot()")
            self.number = cursor.fetchone()[0]
            cursor.execute(LAST)
            self.last = cursor.fetchone() or self.last

    def finish(self) -> None:
        if self.file:
            return
        try:
            target = str(self.folder / POSTGRESQL)
            run("pg_dump", "--format=custom", "--compress=0", "--enable-row-security", "--no-owner", "--no-privileges",
                "--schema=public", f"--snapshot={self.number}", f"--file={target}", as_whom=owner())  # fmt: skip
        finally:
            connection.close()


def sqlite_file() -> Path:
    return Path(connection.settings_dict["NAME"])


def kind() -> str:
    return SQLITE if connection.vendor == "sqlite" else POSTGRESQL


def owner() -> dict[str, Any]:
    return getattr(settings, "DATABASE_OWNER", None) or connection.settings_dict


def run(name: str, *arguments: str, as_whom: dict[str, Any]) -> None:
    """Run one of PostgreSQL's own programs across the fence. Raises Refused with what it said."""
    variables = {
        **os.environ,
        **{variable: str(as_whom[key]) for variable, key in _VARIABLES if as_whom.get(key)},
        **{LIBPQ[name]: value for name, value in as_whom["OPTIONS"].items() if name in LIBPQ},
        "PGOPTIONS": "-c openpractice.organisations=*",
    }
    # No shell, and arguments of our own only.
    command = [find(name), "--no-password", *arguments]
    ran = subprocess.run(command, env=variables, capture_output=True, text=True)  # nosec B603
    if ran.returncode:
        said = " ".join(ran.stderr.split())[:500] or "it gave no reason"
        raise Refused(f"{name} could not do its work: {said}")


_VARIABLES = (("PGHOST", "HOST"), ("PGPORT", "PORT"), ("PGUSER", "USER"), ("PGPASSWORD", "PASSWORD"), ("PGDATABASE", "NAME"))  # fmt: skip


def find(name: str) -> str:
    """Where the program is: on the path, or where Debian keeps the newest. Raises Refused when it is not installed."""
    kept = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: -int(folder.parent.name))
    found = shutil.which(name) or shutil.which(name, path=os.pathsep.join(map(str, kept)) or os.devnull)
    if not found:
        raise Refused(f"{name} is not installed here. Install the package postgresql-client, of the server's version.")
    return found


def has_tables() -> bool:
    """Whether anything is in the database that a restore would have to put aside."""
    if connection.vendor == "sqlite":
        return sqlite_file().exists()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace")
        return bool(cursor.fetchone()[0])


def check_may_replace() -> None:
    """Raises Refused while anybody else is connected, or where this role may not put the tables aside."""
    until = time.monotonic() + LEAVING
    while _others():
        if time.monotonic() > until:
            raise Refused("Somebody is connected to the database. Stop every server and worker of it, then try again.")
        time.sleep(0.1)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_user, has_database_privilege(current_database(), 'CREATE') "
            "AND pg_has_role(nspowner, 'USAGE') FROM pg_namespace WHERE nspname = 'public'"
        )
        role, may = cursor.fetchone()
        if not may:
            raise Refused(
                f"The role {role} may not put the tables of the database aside. Name the role that owns the database in "
                "OPENPRACTICE_DATABASE_OWNER_URL."
            )


def _others() -> int:
    """How many are connected beside us."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() "
            "AND backend_type = 'client backend'"
        )
        return cursor.fetchone()[0]


@contextmanager
def replaced(dump: Path, when: str) -> Iterator[str]:
    """PostgreSQL's tables are those of the dump inside; what was there is put aside, under the name that this gives.

    Where nothing was there, the name is empty. If anything fails inside, the tables are as they were. The connection
    belongs to the role that owns them.
    """
    aside, had = f"{ASIDE}{when}", has_tables()
    _say(f"ALTER SCHEMA public RENAME TO {aside}", "CREATE SCHEMA public", "GRANT USAGE ON SCHEMA public TO PUBLIC")
    connection.close()
    try:
        run("pg_restore", "--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges", "--schema=public",
            "--enable-row-security", f"--dbname={connection.settings_dict['NAME']}", str(dump), as_whom=owner())  # fmt: skip
        yield aside if had else ""
        if not had:
            _say(f"DROP SCHEMA {aside}")
    except BaseException:
        _say("DROP SCHEMA public CASCADE", f"ALTER SCHEMA {aside} RENAME TO public")
        raise


def _say(*statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
