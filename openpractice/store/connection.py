"""A DuckDB connection that sees the store as tables: presence, parts, tree, lists, totals, covered."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import duckdb

from openpractice import tables
from openpractice.sources import catalogue as sources
from openpractice.store import parquet

DERIVED = ("tree", "lists", "totals", "covered")


def connect() -> duckdb.DuckDBPyConnection:
    con = duckdb.connect()
    con.execute("SET threads = 2")
    con.execute("SET enable_progress_bar = false")
    return con


def see_parts(con: duckdb.DuckDBPyConnection, catalogue: sqlite3.Connection, home: Path) -> None:
    """Make `parts` (one row a part, with its source's rank) and `presence` (which areas and months it speaks of)."""
    rank = {name: source.rank for name, source in sources().items()}
    rows = catalogue.execute(
        "SELECT id, file_id, table_name, source, carries, complete, published FROM parts"
    ).fetchall()
    con.execute(
        "CREATE OR REPLACE TEMP TABLE parts (part_id INTEGER, file_id BIGINT, table_name VARCHAR, source VARCHAR, "
        "carries VARCHAR[], complete BOOLEAN, published BIGINT, rank INTEGER)"
    )
    if rows:  # in one go: a small insert takes a millisecond
        told = [
            (r[0], r[1], r[2], r[3], [c for c in r[4].split(",") if c], bool(r[5]), r[6], rank.get(r[3], 99))
            for r in rows
        ]
        columns = [list(column) for column in zip(*told, strict=True)]
        con.execute(f"INSERT INTO parts SELECT {', '.join(['unnest(?)'] * len(columns))}", columns)
    files = [str(parquet.presence_file(home, r[0])) for r in rows if tables.ALL[r[2]].dated]
    if files:
        con.execute("CREATE OR REPLACE TEMP TABLE presence AS SELECT * FROM read_parquet(?)", [files])
    else:
        con.execute(
            "CREATE OR REPLACE TEMP TABLE presence (part_id INTEGER, area_code VARCHAR, level VARCHAR, month_no INTEGER, "
            "series VARCHAR)"
        )


def see_rows(con: duckdb.DuckDBPyConnection, home: Path, table: str, view: str) -> None:
    """Make `view` of every loaded row of a table, with rank, published and complete of its part."""
    ids = [i for (i,) in con.execute("SELECT part_id FROM parts WHERE table_name = ?", [table]).fetchall()]
    if ids:
        files = [str(parquet.facts_file(home, table, i)) for i in ids]
        con.execute(
            f"CREATE OR REPLACE TEMP TABLE {view} AS SELECT r.*, p.rank, p.published, p.complete "
            "FROM read_parquet(?, union_by_name = true) r JOIN parts p ON p.part_id = r.part_id",
            [files],
        )
        return
    declared = tables.ALL[table]
    keys = "area_code VARCHAR, level VARCHAR, month_no INTEGER, " if declared.dated else ""
    kinds = {"count": "DOUBLE", "number": "DOUBLE", "flag": "INTEGER", "day": "INTEGER"}
    columns = ", ".join(f"{c.name} {kinds.get(c.kind, 'VARCHAR')}" for c in declared.columns)
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE {view} (part_id INTEGER, {keys}{columns}, rank INTEGER, published BIGINT, complete BOOLEAN)"
    )


def derived_folder(home: Path, version: int) -> Path:
    return home / "derived" / str(version)


def save_derived(con: duckdb.DuckDBPyConnection, folder: Path) -> None:
    for table in DERIVED:
        parquet.write(con, f"FROM {table}", folder / f"{table}.parquet")


def see_derived(con: duckdb.DuckDBPyConnection, folder: Path) -> None:
    for table in DERIVED:
        con.read_parquet(str(folder / f"{table}.parquet")).create_view(table)
