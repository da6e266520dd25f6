"""The store's catalogue: one SQLite file (WAL) of versions, files, parts, areas and stored results."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from openpractice.kinds import Refused

FORMAT = 2

_SCHEMA = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE versions (version INTEGER PRIMARY KEY, at TEXT NOT NULL, note TEXT NOT NULL);
CREATE TABLE files (
  id INTEGER PRIMARY KEY, sha256 TEXT NOT NULL, name TEXT NOT NULL, source TEXT, status TEXT NOT NULL, bytes INTEGER,
  loaded_at TEXT NOT NULL, version INTEGER NOT NULL, rows_read INTEGER, rows_kept INTEGER, rows_refused INTEGER,
  first_month INTEGER, last_month INTEGER, account TEXT NOT NULL, headers TEXT NOT NULL DEFAULT '[]');
CREATE INDEX files_by_hash ON files (sha256);
CREATE TABLE parts (
  id INTEGER PRIMARY KEY, file_id INTEGER NOT NULL REFERENCES files, table_name TEXT NOT NULL, source TEXT NOT NULL,
  carries TEXT NOT NULL, complete INTEGER NOT NULL, published INTEGER NOT NULL, rows INTEGER NOT NULL,
  version INTEGER NOT NULL);
CREATE TABLE areas (
  code TEXT PRIMARY KEY, level TEXT NOT NULL, name TEXT NOT NULL, postcode TEXT NOT NULL, pcn TEXT NOT NULL,
  sub_icb TEXT NOT NULL, icb TEXT NOT NULL, region TEXT NOT NULL, opened TEXT NOT NULL, closed TEXT NOT NULL,
  status TEXT NOT NULL, patients REAL, latitude REAL, longitude REAL);
CREATE INDEX areas_by_level ON areas (level, name);
CREATE TABLE measures (id INTEGER PRIMARY KEY, name TEXT UNIQUE NOT NULL, definition TEXT NOT NULL);
CREATE TABLE results (
  area TEXT NOT NULL, measure INTEGER NOT NULL, month INTEGER NOT NULL, level TEXT NOT NULL, numerator REAL,
  denominator REAL, value REAL, coverage REAL, unknown REAL, confidence TEXT NOT NULL,
  PRIMARY KEY (area, measure, month)) WITHOUT ROWID;
CREATE INDEX results_by_measure ON results (measure, level, month);
"""


def path_of(home: Path) -> Path:
    return home / "catalogue.sqlite"


def open_writer(home: Path) -> sqlite3.Connection:
    """The one connection that writes; transactions are begun by hand.

    A change may be made in another thread than the one that began it and waits for it.
    """
    home.mkdir(parents=True, exist_ok=True)
    con = sqlite3.connect(path_of(home), isolation_level=None, timeout=60, check_same_thread=False)
    con.execute("PRAGMA journal_mode = WAL")
    con.execute("PRAGMA synchronous = FULL")
    con.execute("BEGIN IMMEDIATE")  # all tables or none, so that nobody finds a store that has some
    if not _is_made(con):
        for statement in _SCHEMA.split(";"):
            con.execute(statement)
        con.execute("INSERT INTO meta VALUES ('format', ?)", [str(FORMAT)])
    con.execute("COMMIT")
    _check_format(con, home)
    return con


def _is_made(con: sqlite3.Connection) -> bool:
    return con.execute("SELECT 1 FROM sqlite_master WHERE name = 'meta'").fetchone() is not None


def _check_format(con: sqlite3.Connection, home: Path) -> None:
    found = con.execute("SELECT value FROM meta WHERE key = 'format'").fetchone()
    if found and int(found[0]) != FORMAT:
        con.close()
        raise Refused(
            f"The store in {home} was written by another version of OpenPractice. Load the files into a new folder."
        )


def open_reader(home: Path) -> sqlite3.Connection:
    """A connection that cannot write. Raises Refused when there is no store yet, or one of another version's format."""
    path = path_of(home)
    nothing = Refused(
        f"There is no data in {home} yet. Load some with 'openpractice ingest FILE …', or see the sample with "
        "'openpractice demo'."
    )
    if not path.exists():
        raise nothing
    con = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, timeout=60, check_same_thread=False)
    con.row_factory = sqlite3.Row
    con.execute("PRAGMA query_only = ON")
    with suppress(sqlite3.DatabaseError):  # damaged: whoever reads on is told
        if not _is_made(con):  # whoever began it was killed, or is at it now
            con.close()
            raise nothing
        _check_format(con, home)
    return con


@contextmanager
def one_moment(con: sqlite3.Connection) -> Iterator[None]:
    """What is read inside is of one version, whatever is committed meanwhile."""
    con.execute("BEGIN")
    try:
        yield
    finally:
        con.execute("COMMIT")  # of nothing: it only lets the moment go


def version(con: sqlite3.Connection) -> int:
    """The number of the last committed change; 0 when nothing has been loaded."""
    return con.execute("SELECT coalesce(max(version), 0) FROM versions").fetchone()[0]


def next_id(con: sqlite3.Connection, table: str) -> int:
    """The number that the next file or part gets."""
    return con.execute(f"SELECT coalesce(max(id), 0) + 1 FROM {table}").fetchone()[0]


def insert(con: sqlite3.Connection, table: str, **values: object) -> None:
    """Add one row, each value under its column's name."""
    con.execute(
        f"INSERT INTO {table} ({', '.join(values)}) VALUES ({', '.join('?' * len(values))})", list(values.values())
    )
