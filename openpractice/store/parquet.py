"""The store's Parquet files: where each lies, how it comes to the disk, and how those that nobody names leave it."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Sequence
from pathlib import Path

import duckdb

from openpractice.store.secret import settle

_FORMAT = "FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 3, ROW_GROUP_SIZE 122880, PARQUET_VERSION v2"


def facts_file(home: Path, table: str, part_id: int) -> Path:
    return home / "facts" / table / f"{part_id}.parquet"


def presence_file(home: Path, part_id: int) -> Path:
    return home / "presence" / f"{part_id}.parquet"


def write(con: duckdb.DuckDBPyConnection, rows: str, file: Path, parameters: Sequence = ()) -> None:
    """Write the rows of a query; they are on the disk before the catalogue says so."""
    file.parent.mkdir(parents=True, exist_ok=True)
    quoted = str(file).replace("'", "''")
    con.execute(f"COPY ({rows}) TO '{quoted}' ({_FORMAT})", list(parameters))
    with file.open("rb") as written:
        os.fsync(written.fileno())
    for folder in (file.parent, file.parent.parent):  # and so are their names, with that of a folder that is new
        settle(folder)


def sweep(catalogue: sqlite3.Connection, home: Path) -> int:
    """Delete what a killed ingest left behind. Returns how many files of facts."""
    shutil.rmtree(home / "tmp", ignore_errors=True)
    return remove_unnamed(catalogue, home)


def remove_unnamed(catalogue: sqlite3.Connection, home: Path) -> int:
    """Delete the files of facts that no part in the catalogue names, as this connection sees it. Returns how many."""
    live = {str(row[0]) for row in catalogue.execute("SELECT id FROM parts")}
    orphans = [p for p in (*home.glob("facts/*/*.parquet"), *home.glob("presence/*.parquet")) if p.stem not in live]
    for orphan in orphans:
        orphan.unlink()
    return len(orphans)
