"""After every change of the facts or of a definition, the stored results of what changed: a page reads answers, never records."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path

import numpy as np

from openpractice.analysis.attending import attended
from openpractice.analysis.evaluate import Column, columns
from openpractice.kinds import LEVELS, Owner
from openpractice.measures import catalogue
from openpractice.store import STRUCTURE, Account, Change, Facts, files_in, writing
from openpractice.store.bundle import import_bundle
from openpractice.store.catalogue import open_reader, path_of, version

Progress = Callable[[str, int, int], None]


def _silent(_what: str, _done: int, _all: int) -> None:
    return None


def ingest(home: Path, paths: list[Path], progress: Progress = _silent, owner: Owner | None = None) -> list[Account]:
    """Load files and folders in one change and recompute what they touch.

    With an `owner`, `home` is the store of that practice alone and the files are its own records: no NHS number is
    written. Everything becomes visible at once or, if the process is killed at any moment, nothing does. `progress` is
    told of each step and several times a second while one lasts; whatever it raises ends the ingest, and nothing of it
    has happened. Raises Refused for a path that does not exist, or while another ingest is at work.
    """
    files = list(files_in(paths))
    steps = len(files) + 1
    with writing(home, f"ingest of {len(files)} files") as change:
        for done, file in enumerate(files):
            attended(partial(change.add, file, owner), partial(progress, file.name, done, steps), change.stopping)
        told = partial(progress, "computing results", len(files), steps)
        attended(partial(_recompute_if_needed, change), told, change.stopping)
        progress("done", steps, steps)
    return change.accounts


def _recompute_if_needed(change: Change) -> None:
    if change.changed_tables() or outdated(change.catalogue):
        recompute(change)


def ingest_bundle(home: Path, folder: Path, progress: Progress = _silent) -> int:
    """Take a bundle into the store and compute its results; returns how many files came in."""
    with writing(home, f"bundle {folder.name}") as change:
        progress("unpacking the sample", 0, 2)
        arrived = import_bundle(change, folder)
        progress("computing results", 1, 2)
        if arrived:
            recompute(change)
        progress("done", 2, 2)
    return arrived


def renew(home: Path, progress: Progress = _silent) -> set[str]:
    """Compute anew what an earlier edition of the program defined otherwise; returns the names of those measures.

    Raises Refused while an ingest is at work.
    """
    if not path_of(home).exists():
        return set()
    with closing(open_reader(home)) as reader:
        if not version(reader) or not outdated(reader):
            return set()
    with writing(home, "results of changed definitions") as change:
        names = outdated(change.catalogue)
        progress("computing what is defined anew", 0, 1)
        if names:  # nobody did it meanwhile
            recompute(change)
        progress("done", 1, 1)
    return names


def outdated(con: sqlite3.Connection) -> set[str]:
    """The measures whose stored results follow another definition than today's, or that are no more."""
    stored = dict(con.execute("SELECT name, definition FROM measures"))
    today = {m.name: m.definition for m in catalogue().values()}
    return {name for name in stored.keys() | today.keys() if stored.get(name) != today.get(name)}


def recompute(change: Change) -> None:
    """Replace the stored results of every measure that the change touches or that is defined anew."""
    changed, defined = change.changed_tables(), outdated(change.catalogue)
    touched = [
        m for m in catalogue().values()
        if changed & STRUCTURE or m.table.name in changed or m.name in defined
    ]  # fmt: skip
    _forget(change.catalogue, defined - catalogue().keys())
    facts = change.settle()
    try:
        _store(change.catalogue, touched, facts)
    finally:
        facts.close()


def _forget(con: sqlite3.Connection, names: set[str]) -> None:
    con.executemany(
        "DELETE FROM results WHERE measure IN (SELECT id FROM measures WHERE name = ?)", [(n,) for n in names]
    )
    con.executemany("DELETE FROM measures WHERE name = ?", [(n,) for n in names])


def _store(con: sqlite3.Connection, touched, facts: Facts) -> None:
    for measure in touched:
        con.execute(
            "INSERT INTO measures (name, definition) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET definition = excluded.definition",
            [measure.name, measure.definition],
        )
    ids = {name: i for i, name in con.execute("SELECT id, name FROM measures")}
    if len(touched) == len(ids):
        con.execute("DELETE FROM results")
    else:
        con.executemany("DELETE FROM results WHERE measure = ?", [(ids[m.name],) for m in touched])
    level_of = dict(con.execute("SELECT code, level FROM areas"))
    rows = []
    for column in columns(facts, touched, levels=LEVELS):
        facts.stopping.heed()
        rows += _rows(ids[column.measure.name], column, level_of)
    rows.sort(key=lambda row: row[:3])
    con.executemany("INSERT OR REPLACE INTO results VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)


def _rows(measure_id: int, column: Column, level_of: dict[str, str]) -> list[tuple]:
    def plain(values: np.ndarray) -> list:
        return [None if v != v else v for v in values.tolist()]

    return [
        (area, measure_id, month, level_of.get(area, "practice"), *rest)
        for area, month, *rest in zip(
            column.target.tolist(), column.month.tolist(), plain(column.numerator), plain(column.denominator),
            plain(column.value), plain(column.coverage), plain(column.unknown), column.confidence.tolist(), strict=True,
        )
    ]  # fmt: skip
