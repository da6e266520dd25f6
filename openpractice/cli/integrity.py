"""Is the store whole? Every question that `check` asks of it, each answer with its remedy."""

from __future__ import annotations

import fcntl
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb

from openpractice import tables
from openpractice.analysis.recompute import outdated
from openpractice.kinds import Refused
from openpractice.measures import catalogue as measures
from openpractice.store import Store, catalogue, parquet
from openpractice.store.connection import DERIVED, derived_folder

RELOAD = "Load the original files into a new folder with 'openpractice --home NEW ingest …', or restore a backup."
AGAIN = "Load a newer file of registered patients with 'openpractice ingest': with it everything is computed anew."
ANEW = "'openpractice serve' computes them anew when it starts, and so does the next 'openpractice ingest'."


@dataclass(frozen=True)
class Problem:
    """Something wrong with the store, and what to do."""

    what: str
    remedy: str


@dataclass(frozen=True)
class Finding:
    """What a check found. `notes` say what was tidied up or could not be looked at."""

    version: int
    files: int
    parts: int
    results: int
    problems: tuple[Problem, ...]
    notes: tuple[str, ...]


def check(home: Path) -> Finding:
    """Look at everything. Leftovers of a killed ingest are no fault: they are swept away, and said.

    Raises Refused where there is no store at all.
    """
    catalogue.open_reader(home).close()
    notes = [_sweep(home)]
    try:
        store = Store(home)
        con = store.catalogue
        problems = [*_catalogue_problems(con), *_part_problems(con, home), *_derived_problems(con, home)]
        problems += [*_account_problems(con), *_result_problems(con)]
        files, parts, results = (
            con.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in ("files", "parts", "results")
        )
        return Finding(store.version, files, parts, results, tuple(problems), tuple(note for note in notes if note))
    except sqlite3.DatabaseError as damage:
        broken = Problem(f"The catalogue {catalogue.path_of(home)} cannot be read ({damage}).", RELOAD)
        return Finding(0, 0, 0, 0, (broken,), tuple(note for note in notes if note))


def _sweep(home: Path) -> str:
    """Remove what a killed ingest left, unless one is at work now, whose files these would be."""
    try:
        with (home / "writer.lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return "An ingest is at work, so files that it may be writing were not looked at."
            con = catalogue.open_writer(home)
            try:
                swept = parquet.sweep(con, home)
            finally:
                con.close()
    except (OSError, Refused, sqlite3.DatabaseError) as trouble:
        return f"Leftovers could not be swept away ({trouble})."
    return f"{swept} files that an interrupted ingest left behind were removed." if swept else ""


def _catalogue_problems(con: sqlite3.Connection) -> Iterator[Problem]:
    said = [row[0] for row in con.execute("PRAGMA integrity_check(5)")]
    if said != ["ok"]:
        yield Problem(f"The catalogue is damaged: {'; '.join(said)}.", RELOAD)
    lost = len(con.execute("PRAGMA foreign_key_check").fetchall())
    if lost:
        yield Problem(f"{lost} parts belong to files that the catalogue does not know.", RELOAD)


def _part_problems(con: sqlite3.Connection, home: Path) -> Iterator[Problem]:
    with duckdb.connect() as reader:
        for part, table, rows in con.execute("SELECT id, table_name, rows FROM parts ORDER BY id"):
            problem = _unread(reader, parquet.facts_file(home, table, part), rows)
            if problem:
                yield Problem(problem, RELOAD)
            if table in tables.ALL and tables.ALL[table].dated:
                problem = _unread(reader, parquet.presence_file(home, part), None)
                if problem:
                    yield Problem(problem, RELOAD)


def _unread(reader: duckdb.DuckDBPyConnection, file: Path, rows: int | None) -> str:
    """What is wrong with a Parquet file, reading every value; empty when nothing is."""
    if not file.exists():
        return f"{file} is missing."
    try:
        query = "SELECT count(*), max(hash(COLUMNS(*))) FROM read_parquet(?)"
        [(found, *_)] = reader.execute(query, [str(file)]).fetchall()
    except duckdb.Error as damage:
        return f"{file} is damaged ({str(damage).splitlines()[0][:120]})."
    return f"{file} has {found:,} rows, and the catalogue says {rows:,}." if rows not in (None, found) else ""


def _derived_problems(con: sqlite3.Connection, home: Path) -> Iterator[Problem]:
    if not con.execute("SELECT 1 FROM parts LIMIT 1").fetchone():
        return
    folder = derived_folder(home, catalogue.version(con))
    with duckdb.connect() as reader:
        for name in DERIVED:
            problem = _unread(reader, folder / f"{name}.parquet", None)
            if problem:
                yield Problem(problem, AGAIN)


def _account_problems(con: sqlite3.Connection) -> Iterator[Problem]:
    uneven = con.execute(
        "SELECT name, rows_read, rows_kept, rows_refused FROM files WHERE rows_read <> rows_kept + rows_refused"
    )
    for name, read, kept, refused in uneven:
        yield Problem(f"{name}: {read:,} rows read are not {kept:,} kept + {refused:,} refused.", RELOAD)


def _result_problems(con: sqlite3.Connection) -> Iterator[Problem]:
    if not con.execute("SELECT 1 FROM parts LIMIT 1").fetchone():
        return
    stored, changed = {name for (name,) in con.execute("SELECT name FROM measures")}, outdated(con)
    older = [name for name in measures() if name in changed & stored]
    missing = [name for name in measures() if name in changed - stored]
    gone = sorted(changed - measures().keys())
    for names, state in (
        (older, "were computed by an earlier definition"),
        (missing, "were not computed yet"),
        (gone, "are of measures that this version no longer has"),
    ):
        if names:
            yield Problem(f"The results of {', '.join(names[:5])}{' and others' * (len(names) > 5)} {state}.", ANEW)
