"""Deletes the facts of months that were kept long enough, within one change of the store."""

from __future__ import annotations

import duckdb

from openpractice import tables
from openpractice.kinds import Table
from openpractice.store import parquet
from openpractice.store.catalogue import insert, next_id
from openpractice.store.connection import connect
from openpractice.store.part import write_presence
from openpractice.store.store import Change


def forget_before(change: Change, month_no: int) -> int:
    """Leave out every row of an earlier month; returns how many rows that were.

    A part that has such rows is written anew without them, under another number, even where none is left: so its table
    counts as changed and its results are worked out again. The accounts of files stay; they hold no rows.
    """
    change.catalogue.execute("PRAGMA secure_delete = ON")  # results of those months are overwritten, not only unlinked
    forgotten = 0
    with connect() as con:
        for part in _parts(change):
            table = tables.ALL[part["table_name"]]
            if table.dated and (old := _older(con, change, part, table, month_no)):
                _rewrite(con, change, part, table, month_no)
                change.catalogue.execute("DELETE FROM parts WHERE id = ?", [part["id"]])
                forgotten += old
    return forgotten


def _parts(change: Change) -> list[dict]:
    found = change.catalogue.execute("SELECT * FROM parts ORDER BY id")
    names = [column[0] for column in found.description]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def _older(con: duckdb.DuckDBPyConnection, change: Change, part: dict, table: Table, month_no: int) -> int:
    file = str(parquet.facts_file(change.home, table.name, part["id"]))
    return con.execute("SELECT count(*) FROM read_parquet(?) WHERE month_no < ?", [file, month_no]).fetchall()[0][0]


def _rewrite(con: duckdb.DuckDBPyConnection, change: Change, part: dict, table: Table, month_no: int) -> None:
    new = next_id(change.catalogue, "parts")
    file = parquet.facts_file(change.home, table.name, new)
    parquet.write(
        con,
        f"SELECT r.* EXCLUDE (file_row_number) REPLACE ({new}::INTEGER AS part_id) "
        "FROM read_parquet(?, file_row_number = true) r WHERE month_no >= ? ORDER BY r.file_row_number",
        file,
        [str(parquet.facts_file(change.home, table.name, part["id"])), month_no],
    )
    write_presence(con, change.home, table, new)
    rows = con.execute("SELECT count(*) FROM read_parquet(?)", [str(file)]).fetchall()[0][0]
    insert(change.catalogue, "parts", **part | {"id": new, "rows": rows, "version": change.version})
