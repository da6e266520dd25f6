"""The facts on disk: opened by many readers, changed by one writer at a time, never half-changed.

A change writes Parquet files that no reader knows of yet, then commits one SQLite transaction that names them.
Killed before the commit, it leaves only orphan files, which the next writer sweeps away.
"""

from __future__ import annotations

import datetime
import fcntl
import os
import shutil
import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from openpractice.kinds import Owner, Refused
from openpractice.sources.disk import faults_told
from openpractice.store import catalogue, connection, loading, names, parquet, tree
from openpractice.store.account import Account
from openpractice.store.facts import Facts
from openpractice.store.recording import Arrival
from openpractice.store.secret import settle
from openpractice.store.stopping import Stopping

STRUCTURE = {"organisations", "memberships", "aliases", "list_size", "coverage"}  # these move every measure


class Store:
    """A reader of the store in a folder. Safe to keep open and to share between threads: it follows new versions."""

    def __init__(self, home: Path | str):
        self.home = Path(home)
        self._local = threading.local()
        self._lock = threading.Lock()
        self._facts: tuple[int, Facts] | None = None
        catalogue.open_reader(self.home).close()  # says at once when there is nothing here

    def close(self) -> None:
        """Let go of this thread's connection and of the facts; the store can be used again afterwards."""
        with self._lock:
            if self._facts:
                self._facts[1].close()
            self._facts = None
        if hasattr(self._local, "con"):
            self._local.con.close()
            del self._local.con

    @property
    def catalogue(self) -> sqlite3.Connection:
        """This thread's own read-only connection."""
        if not hasattr(self._local, "con"):
            self._local.con = catalogue.open_reader(self.home)
        return self._local.con

    @property
    def version(self) -> int:
        return catalogue.version(self.catalogue)

    def facts(self) -> Facts:
        """The facts as of the latest version, for questions that stored results do not answer."""
        with self._lock, catalogue.one_moment(self.catalogue):
            version = self.version
            if self._facts is None or self._facts[0] != version:
                con = connection.connect()
                connection.see_parts(con, self.catalogue, self.home)
                connection.see_derived(con, connection.derived_folder(self.home, version))
                self._facts = (version, Facts(self.home, con))
            return self._facts[1]

    def rows(self, table: str, where: str = "true", parameters: Sequence = ()) -> list[tuple]:
        """Rows of a table as loaded, for a drill-down; `where` is SQL over its columns."""
        with connection.connect() as con:
            connection.see_parts(con, self.catalogue, self.home)
            connection.see_rows(con, self.home, table, "asked")
            return con.execute(f"SELECT * FROM asked WHERE {where}", list(parameters)).fetchall()


@dataclass
class Change:
    """One change of the store, not yet visible to anyone else."""

    home: Path
    catalogue: sqlite3.Connection
    version: int
    accounts: list[Account] = field(default_factory=list)
    settled: bool = False
    stopping: Stopping = field(default_factory=Stopping)

    def add(self, path: Path, owner: Owner | None = None) -> list[Account]:
        """Load one file; a practice's own record for its owner, and what is published for nobody in particular."""
        digest = loading.digest_of(path)
        arrival = Arrival(self.catalogue, self.home, path, digest, self.version, owner, self.stopping)
        accounts = loading.load_file(arrival)
        self.accounts += accounts
        return accounts

    def changed_tables(self) -> set[str]:
        return {
            t
            for (t,) in self.catalogue.execute(
                "SELECT DISTINCT table_name FROM parts WHERE version = ?", [self.version]
            )
        }

    def is_new(self) -> bool:
        """Whether there is something to tell: facts or results, or a file that was refused (and the facts as before)."""
        if self.settled or self.changed_tables():
            return True
        before = connection.derived_folder(self.home, self.version - 1)
        told = self.catalogue.execute("SELECT 1 FROM files WHERE version = ? LIMIT 1", [self.version]).fetchone()
        if not before.exists() or not told:
            return False
        self._carry_over(before)
        return True

    def _carry_over(self, before: Path) -> None:
        """The same files under this version's name, on the disk before the catalogue says so."""
        now = connection.derived_folder(self.home, self.version)
        now.mkdir(parents=True, exist_ok=True)
        for file in before.iterdir():
            (now / file.name).unlink(missing_ok=True)  # of a change that was killed
            os.link(file, now / file.name)
        settle(now)
        settle(now.parent)

    def settle(self) -> Facts:
        """Rebuild the Area tree, the lists and the areas; returns the facts as they will be once committed."""
        con = connection.connect()
        connection.see_parts(con, self.catalogue, self.home)
        for table in ("organisations", "memberships", "aliases", "profile"):
            connection.see_rows(con, self.home, table, table)
        connection.see_rows(con, self.home, "list_size", "lists_as_loaded")
        connection.see_rows(con, self.home, "coverage", "coverage_as_loaded")
        con.execute(
            "CREATE OR REPLACE TEMP TABLE covered AS SELECT DISTINCT ON (service, level, area_code, month_no) * "
            "FROM coverage_as_loaded ORDER BY service, level, area_code, month_no, rank, published DESC, part_id DESC"
        )
        tree.build(con)
        connection.save_derived(con, connection.derived_folder(self.home, self.version))
        self._write_areas(con.execute(tree.AREAS).fetchall())
        self.settled = True
        return Facts(self.home, con, self.stopping)

    def _write_areas(self, rows: list[tuple]) -> None:
        self.catalogue.execute("DELETE FROM areas")
        self.catalogue.executemany(
            "INSERT OR REPLACE INTO areas VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [(r[0], r[1], "England" if r[1] == "nation" else names.display_name(r[2]), *r[3:]) for r in rows],
        )


@contextmanager
def writing(home: Path, note: str) -> Iterator[Change]:
    """Change the store: everything or nothing. Raises Refused when another ingest is at work.

    The change becomes visible when the block ends without an error and something was loaded.
    """
    home.mkdir(parents=True, exist_ok=True)
    with faults_told(), (home / "writer.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as busy:
            raise Refused(
                f"Another ingest is writing to {home}. Wait until it has finished, then start again."
            ) from busy
        con = catalogue.open_writer(home)
        try:
            parquet.sweep(con, home)
            version = catalogue.version(con) + 1
            con.execute("BEGIN IMMEDIATE")
            change = Change(home, con, version)
            yield change
            changed = change.is_new()
            if changed:
                con.execute(
                    "INSERT INTO versions VALUES (?, ?, ?)",
                    [version, datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"), note],
                )
            con.execute("COMMIT")
            if changed:
                _drop_old_derived(home, version)
        except BaseException:
            if con.in_transaction:
                con.execute("ROLLBACK")
            raise
        finally:
            con.close()


def _drop_old_derived(home: Path, version: int) -> None:
    """Keep this version's tables and the last one's, which a reader may be opening at this moment."""
    for folder in (home / "derived").glob("*"):
        if folder.name.isdigit() and int(folder.name) < version - 1:
            shutil.rmtree(folder, ignore_errors=True)


Progress = Callable[[str, int, int], None]
