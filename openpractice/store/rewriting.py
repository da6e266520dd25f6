"""Gives every record of a store another pseudonym: the same rows under new part numbers, within one change."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import duckdb

from openpractice import tables
from openpractice.kinds import Table
from openpractice.store import parquet
from openpractice.store.catalogue import insert, next_id
from openpractice.store.connection import connect
from openpractice.store.part import write_presence
from openpractice.store.store import Change


def in_use(change: Change) -> set[str]:
    """Every pseudonym that a record of the store bears."""
    found: set[str] = set()
    with connect() as con:
        for part, table in _with_pseudonyms(change):
            file = _file(change, table, part["id"])
            for column in table.pseudonyms:
                rows = con.execute(f'SELECT DISTINCT "{column}" FROM read_parquet(?)', [file]).fetchall()
                found |= {pseudonym for (pseudonym,) in rows if pseudonym is not None}
    return found


def rewrite(change: Change, renewed: Mapping[str, str]) -> None:
    """Replace each pseudonym by the one that `renewed` gives; the parts that bore the old ones are named no more."""
    parts = list(_with_pseudonyms(change))
    if not parts:
        return
    with connect() as con:
        con.execute("CREATE TEMP TABLE renewed AS SELECT unnest(?) AS old, unnest(?) AS new",
                    [list(renewed), list(renewed.values())])  # fmt: skip
        for part, table in parts:
            _rewrite(con, change, table, part)
    change.catalogue.executemany("DELETE FROM parts WHERE id = ?", [(part["id"],) for part, _ in parts])
    change.settle().close()


def _rewrite(con: duckdb.DuckDBPyConnection, change: Change, table: Table, part: dict) -> None:
    new = next_id(change.catalogue, "parts")
    renamed = ", ".join(f'(SELECT new FROM renewed WHERE old = r."{c}") AS "{c}"' for c in table.pseudonyms)
    parquet.write(
        con,
        f"SELECT r.* EXCLUDE (file_row_number) REPLACE ({new}::INTEGER AS part_id, {renamed}) "
        "FROM read_parquet(?, file_row_number = true) r ORDER BY r.file_row_number",
        parquet.facts_file(change.home, table.name, new),
        [_file(change, table, part["id"])],
    )
    write_presence(con, change.home, table, new)
    insert(change.catalogue, "parts", **part | {"id": new, "version": change.version})


def _with_pseudonyms(change: Change) -> Iterator[tuple[dict, Table]]:
    found = change.catalogue.execute("SELECT * FROM parts ORDER BY id")
    names = [column[0] for column in found.description]
    for row in found.fetchall():
        part = dict(zip(names, row, strict=True))
        table = tables.ALL[part["table_name"]]
        if table.pseudonyms:
            yield part, table


def _file(change: Change, table: Table, part_id: int) -> str:
    return str(parquet.facts_file(change.home, table.name, part_id))
