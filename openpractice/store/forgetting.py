"""Deletes the facts of months that were kept long enough, within one change of the store."""

from __future__ import annotations

from collections.abc import Callable

from openpractice.store.connection import connect
from openpractice.store.rewriting import parts, rewrite
from openpractice.store.store import Change


def forget_before(change: Change, month_no: int, begin: Callable[[int], object] = lambda rows: None) -> int:
    """Leave out every row of an earlier month; returns how many rows that were. `begin` is told before, where any are.

    A part that has such rows is written anew without them, under another number, even where none is left: so its table
    counts as changed and its results are worked out again. The accounts of files stay; they hold no rows.
    """
    count = "SELECT count(*) FROM read_parquet(?) WHERE month_no < ?"
    with connect() as con:
        older = [
            (part, rows)
            for part, table, file in parts(change)
            if table.dated and (rows := con.execute(count, [file, month_no]).fetchall()[0][0])
        ]
        if forgotten := sum(rows for _, rows in older):
            begin(forgotten)
            change.catalogue.execute("PRAGMA secure_delete = ON")  # results are overwritten, not only unlinked
        for part, _ in older:
            rewrite(con, change, part, kept=f"r.month_no >= {month_no}")
    return forgotten
