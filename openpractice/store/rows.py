"""Rows themselves, those that speak: what later files restated is left out, as it is from every figure."""

from __future__ import annotations

from collections.abc import Iterator

from openpractice.kinds import Table
from openpractice.store.connection import connect
from openpractice.store.facts import Facts

PIECE = 5_000


def speaking(facts: Facts, table: Table, chosen: str, order: str, first: int, last: int) -> Iterator[tuple]:
    """Rows of practices from a first to a last month, read a piece at a time.

    `chosen` and `order` are SQL over the table's columns, which go by `r`; they are written in code, never by a visitor.
    """
    found = facts.speaking(table)
    if found is None:
        return
    files, plan = found
    with connect() as con:
        asked = con.execute(
            f"SELECT {chosen} FROM read_parquet(?, union_by_name = true) r "
            "JOIN read_parquet(?) p ON (r.part_id, r.area_code, r.month_no) = (p.part_id, p.area_code, p.month_no) "
            f"WHERE r.month_no BETWEEN ? AND ? ORDER BY {order}",
            [files, plan, first, last],
        )
        while some := asked.fetchmany(PIECE):
            yield from some
