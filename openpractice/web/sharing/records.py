"""Which columns of own records may leave their organisation, and how coarse: what is not named here does not leave.

A day becomes its week, and with it the weekday and the minute go, so that nobody who knows when a neighbour was at the
surgery finds the row. Lengths are rounded to five minutes. A clinician is not told, only the role. A patient gets
another pseudonym for each agreement, so that two receivers cannot join their files.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from openpractice.kinds import Table
from openpractice.store import Store
from openpractice.store.rows import speaking

_DAY = "strftime(DATE '1970-01-01' + CAST(r.\"{}\" AS INTEGER), '%Y-%m-%d')"
_WEEK = "strftime(date_trunc('week', DATE '1970-01-01' + CAST(day_no AS INTEGER)), '%G-W%V')"
# Table → column as it leaves → how it is made from the row.
RELEASED: dict[str, dict[str, str]] = {
    "appointment_book": {
        "week": _WEEK,
        "time_band": "time_band",
        "status": "appt_status",
        "role": "role_group",
        "mode": "appt_mode",
        "category": "national_category",
        "booked_ahead": "booking_lag",
        "planned_minutes": "5 * round(planned_minutes / 5)",
        "actual_minutes": "5 * round(actual_minutes / 5)",
        "patient": "patient",
    },
}


@dataclass(frozen=True)
class Records:
    """Rows on their way out: the names of their columns, and the rows, read as they are asked for."""

    columns: tuple[str, ...]
    rows: Iterator[tuple]


def released(store: Store, table: Table, first: int, last: int, rename: Callable[[str], str]) -> Records:
    """Rows as another organisation may have them, in no order that tells anything."""
    made = RELEASED.get(table.name, {})
    chosen = ", ".join(f'{how} AS "{name}"' for name, how in made.items())
    found = speaking(store.facts(), table, chosen, "random()", first, last) if made else iter(())
    place = list(made).index("patient") if "patient" in made else -1
    return Records(tuple(made), (_renamed(row, place, rename) for row in found))


def whole(store: Store, table: Table, first: int, last: int) -> Records:
    """Rows as their own organisation holds them; a day as its date."""
    days = {c.name for c in table.columns if c.kind == "day"}
    columns = tuple(c.name.removesuffix("_no") if c.name in days else c.name for c in table.columns)
    chosen = ", ".join(_DAY.format(c.name) if c.name in days else f'r."{c.name}"' for c in table.columns)
    return Records(columns, speaking(store.facts(), table, chosen, "r.month_no", first, last))


def _renamed(row: tuple, place: int, rename: Callable[[str], str]) -> tuple:
    if place < 0 or row[place] is None:
        return row
    return (*row[:place], rename(row[place]), *row[place + 1 :])
