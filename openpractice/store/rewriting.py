"""Writes parts of a store anew, within one change: the same rows with other pseudonyms, or fewer rows."""

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


def parts(change: Change) -> Iterator[tuple[dict, Table, str]]:
    """Every part as the catalogue has it, with its table and its file."""
    found = change.catalogue.execute("SELECT * FROM parts ORDER BY id")
    names = [column[0] for column in found.description]
    for row in found.fetchall():
        part = dict(zip(names, row, strict=True))
        table = tables.ALL[part["table_name"]]
        yield part, table, str(parquet.facts_file(change.home, table.name, part["id"]))


def in_use(change: Change) -> set[str]:
    """Every pseudonym that a record of the store bears."""
    found: set[str] = set()
    with connect() as con:
        for _, table, file in parts(change):
            for column in table.pseudonyms:
                rows = con.execute(f'SELECT DISTINCT "{column}" FROM read_parquet(?)', [file]).fetchall()
                found |= {pseudonym for (pseudonym,) in rows if pseudonym is not None}
    return found


def rename(change: Change, renewed: Mapping[str, str]) -> None:
    """Replace each pseudonym by the one that `renewed` gives; the parts that bore the old ones are named no more."""
    bearing = [(part, table) for part, table, _ in parts(change) if table.pseudonyms]
    if not bearing:
        return
    with connect() as con:
        con.execute("CREATE TEMP TABLE renewed AS SELECT unnest(?) AS old, unnest(?) AS new",
                    [list(renewed), list(renewed.values())])  # fmt: skip
        for part, table in bearing:
            columns = [f'(SELECT new FROM renewed WHERE old = r."{c}") AS "{c}"' for c in table.pseudonyms]
            rewrite(con, change, part, columns=columns)
    change.settle().close()


def rewrite(
    con: duckdb.DuckDBPyConnection, change: Change, part: dict, *, columns: list[str] | None = None, kept: str = "true"
) -> None:
    """Write a part under a new number, in the same order: with these columns instead, and the rows that are kept."""
    table, new = tables.ALL[part["table_name"]], next_id(change.catalogue, "parts")
    before = parquet.facts_file(change.home, table.name, part["id"])
    after = parquet.facts_file(change.home, table.name, new)
    parquet.write(
        con,
        f"SELECT r.* EXCLUDE (file_row_number) REPLACE ({', '.join([f'{new}::INTEGER AS part_id', *(columns or [])])}) "
        f"FROM read_parquet(?, file_row_number = true) r WHERE {kept} ORDER BY r.file_row_number",
        after,
        [str(before)],
    )
    write_presence(con, change.home, table, new)
    rows = con.execute("SELECT count(*) FROM read_parquet(?)", [str(after)]).fetchall()[0][0]
    insert(change.catalogue, "parts", **part | {"id": new, "rows": rows, "version": change.version})
    change.catalogue.execute("DELETE FROM parts WHERE id = ?", [part["id"]])
