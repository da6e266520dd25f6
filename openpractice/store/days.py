"""A newer export speaks for its own days only: the other days of its months stay as they were.

Who is believed is decided by month (see `plan`): of two files of one source, the one loaded last speaks for the whole
month. So a file that restates only some of a month's days takes the other days over from the file that spoke before it.
That holds for the one before as well, so each month lies whole in the newest part that speaks of it.
"""

from __future__ import annotations

import datetime
import sqlite3
from pathlib import Path

import duckdb

from openpractice.kinds import Source, Table
from openpractice.store import parquet

_EPOCH = datetime.date(1970, 1, 1)


def take_over_other_days(
    catalogue: sqlite3.Connection, home: Path, con: duckdb.DuckDBPyConnection, table: Table, source: Source
) -> str:
    """Make `other_days` of the rows that stay; returns in words what is replaced, empty where nothing is."""
    con.execute("CREATE OR REPLACE TEMP TABLE other_days AS SELECT * EXCLUDE (line, refusal) FROM part LIMIT 0")
    parts = catalogue.execute(
        "SELECT id, file_id FROM parts WHERE table_name = ? AND source = ?", [table.name, source.name]
    ).fetchall()
    if not parts:
        return ""
    files = [str(parquet.facts_file(home, table.name, part)) for part, _ in parts]
    con.execute(_BEFORE, [[part for part, _ in parts], [edition for _, edition in parts], files])
    spoken = con.execute("SELECT min(day_no), max(day_no), count(*) FROM part WHERE refusal IS NULL").fetchall()[0]
    first, last, kept = spoken
    con.execute(
        "INSERT INTO other_days BY NAME SELECT * EXCLUDE (part_id, edition) FROM before WHERE day_no NOT BETWEEN ? AND ?",
        [first, last],
    )
    (replaced,) = con.execute("SELECT count(*) FROM before WHERE day_no BETWEEN ? AND ?", [first, last]).fetchall()[0]
    if not replaced:
        return ""
    days = f"{_day(first)} to {_day(last)}" if first < last else _day(first)
    return f"Of {days}, {replaced:,} rows of earlier files were replaced by this file's {kept:,}."


# The rows of these months in the newest part that speaks of each.
_BEFORE = """
CREATE OR REPLACE TEMP TABLE before AS
  WITH editions AS (SELECT unnest($1)::INTEGER AS part_id, unnest($2)::BIGINT AS edition)
  SELECT r.*, edition FROM read_parquet($3, union_by_name = true) r JOIN editions USING (part_id)
  WHERE (area_code, month_no) IN (SELECT area_code, month_no FROM part WHERE refusal IS NULL)
  QUALIFY edition = max(edition) OVER (PARTITION BY area_code, month_no)
"""


def _day(number: int) -> str:
    return f"{_EPOCH + datetime.timedelta(days=number):%-d %B %Y}"
