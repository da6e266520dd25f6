"""Writes one part: the rows that one file gives to one table, and the areas and months that they speak of."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from pathlib import Path

import duckdb

from openpractice.kinds import LEVELS, Column, Part, Source, Table
from openpractice.sources.document import Document
from openpractice.store import days, parquet, refusals
from openpractice.store.account import Refusal
from openpractice.store.catalogue import insert, next_id

_TYPES = {
    "text": "VARCHAR",
    "category": "VARCHAR",
    "count": "DOUBLE",
    "number": "DOUBLE",
    "flag": "INTEGER",
    "day": "INTEGER",
}
_KEYS = (Column("area_code", "text", ""), Column("level", "category", "", LEVELS), Column("month_no", "day", ""))


@dataclass(frozen=True)
class Written:
    """What became of a part's rows."""

    read: int
    kept: int
    months: frozenset[int]
    refusals: tuple[Refusal, ...]
    restated: str = ""  # what it replaced, in words


def write_part(
    catalogue: sqlite3.Connection, home: Path, doc: Document, source: Source, part: Part, file_id: int, version: int
) -> Written:
    """Write what can be kept of a part and name it in the catalogue; without a row to keep there is no part."""
    con, table = doc.con, part.table
    columns = (*_KEYS, *table.columns) if table.dated else table.columns
    typed = ", ".join(f'CAST("{c.name}" AS {_TYPES[c.kind]}) AS "{c.name}"' for c in columns)
    con.execute(f"CREATE OR REPLACE TEMP TABLE part AS SELECT {typed}, line, refusal FROM ({part.sql})")
    refusals.refuse_unreadable(con, table, columns)
    refusals.refuse_impossible(con, table)
    read, kept = con.execute("SELECT count(*), count(*) FILTER (refusal IS NULL) FROM part").fetchall()[0]
    refused = refusals.told(doc) if read > kept else ()
    if not kept:
        return Written(read, 0, frozenset(), refused)
    part_id = next_id(catalogue, "parts")
    restated = days.take_over_other_days(catalogue, home, con, table, source) if part.by_day else ""
    rows = _write_facts(con, home, table, part_id, columns, with_other_days=part.by_day)
    months = write_presence(con, home, table, part_id)
    published = max(months, default=0) if part.published is None else part.published
    carries = ",".join(sorted(table.dimensions if part.carries is None else part.carries))
    insert(
        catalogue, "parts", id=part_id, file_id=file_id, table_name=table.name, source=source.name, carries=carries,
        complete=part.complete, published=published, rows=rows, version=version,
    )  # fmt: skip
    return Written(read, kept, months, refused, restated)


def _write_facts(
    con, home: Path, table: Table, part_id: int, columns: tuple[Column, ...], *, with_other_days: bool
) -> int:
    """Returns how many rows were written."""
    names = ", ".join(f'"{c.name}"' for c in columns)
    order = "area_code, month_no" if table.dated else "1"
    rows = f"SELECT {names} FROM part WHERE refusal IS NULL"
    if with_other_days:
        rows += f" UNION ALL SELECT {names} FROM other_days"
    file = parquet.facts_file(home, table.name, part_id)
    parquet.write(con, f"SELECT {part_id}::INTEGER AS part_id, * FROM ({rows}) ORDER BY {order}", file)
    return con.execute("SELECT count(*) FROM read_parquet(?)", [str(file)]).fetchall()[0][0]


def write_presence(con: duckdb.DuckDBPyConnection, home: Path, table: Table, part_id: int) -> frozenset[int]:
    """Which areas and months a part speaks of, so that the question of who is believed never scans facts.

    Returns the months; a table that is not dated has neither months nor presence.
    """
    if not table.dated:
        return frozenset()
    file = parquet.presence_file(home, part_id)
    series = f"coalesce({table.series}, '')" if table.series else "''"  # most tables hold only one statistic
    parquet.write(
        con,
        f"SELECT part_id, area_code, level, month_no, {series} AS series FROM read_parquet(?) GROUP BY ALL ORDER BY ALL",
        file,
        [str(parquet.facts_file(home, table.name, part_id))],
    )
    return frozenset(m for (m,) in con.execute("SELECT DISTINCT month_no FROM read_parquet(?)", [str(file)]).fetchall())
