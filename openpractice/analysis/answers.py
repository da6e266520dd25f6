"""Stored answers: what a page reads. A page never goes to the records; each of these takes about a millisecond."""

from __future__ import annotations

import sqlite3

from openpractice.kinds import Result, month_no, period_of
from openpractice.store import Store

_SELECT = """SELECT m.name AS measure, r.area, r.level, r.month, r.numerator, r.denominator, r.value, r.coverage, r.unknown,
r.confidence FROM results r JOIN measures m ON m.id = r.measure"""


def _result(row: sqlite3.Row) -> Result:
    return Result(
        measure=row[0], area=row[1], level=row[2], period=period_of(row[3]), numerator=row[4], denominator=row[5],
        value=row[6], coverage=row[7], unknown=row[8], confidence=row[9],
    )  # fmt: skip


def series(store: Store, measure: str, area: str) -> list[Result]:
    """One measure of one area, oldest month first."""
    rows = store.catalogue.execute(f"{_SELECT} WHERE r.area = ? AND m.name = ? ORDER BY r.month", [area, measure])
    return [_result(row) for row in rows]


def history(store: Store, area: str) -> dict[str, list[Result]]:
    """Every measure of one area that has a value, each oldest month first."""
    found: dict[str, list[Result]] = {}
    for row in store.catalogue.execute(f"{_SELECT} WHERE r.area = ? ORDER BY r.measure, r.month", [area]):
        found.setdefault(row[0], []).append(_result(row))
    return found


def months(store: Store, measure: str, level: str) -> list[str]:
    """The months for which any area of a level has this measure, oldest first."""
    rows = store.catalogue.execute(
        "SELECT DISTINCT r.month FROM results r JOIN measures m ON m.id = r.measure WHERE m.name = ? AND r.level = ? ORDER BY 1",
        [measure, level],
    )
    return [period_of(month) for (month,) in rows]


def ranking(store: Store, measure: str, level: str, period: str) -> list[Result]:
    """One measure of every area of a level in one month, by code."""
    rows = store.catalogue.execute(
        f"{_SELECT} WHERE m.name = ? AND r.level = ? AND r.month = ? ORDER BY r.area",
        [measure, level, month_no(period)],
    )
    return [_result(row) for row in rows]


def spread_over_time(store: Store, measure: str, level: str) -> dict[str, list[float]]:
    """Month → the values of every area of a level in that month, for a decile ribbon."""
    rows = store.catalogue.execute(
        "SELECT r.month, r.value FROM results r JOIN measures m ON m.id = r.measure WHERE m.name = ? AND r.level = ? ORDER BY r.month",
        [measure, level],
    )
    found: dict[str, list[float]] = {}
    for month, value in rows:
        found.setdefault(period_of(month), []).append(value)
    return found


def available(store: Store) -> dict[str, dict[str, tuple[str, str, int]]]:
    """Measure → level → (first month, last month, areas in the last month), for those with any result."""
    rows = store.catalogue.execute(
        """
        SELECT m.name, x.level, x.first, x.last,
               (SELECT count(*) FROM results r WHERE r.measure = x.measure AND r.level = x.level AND r.month = x.last)
        FROM (SELECT measure, level, min(month) AS first, max(month) AS last FROM results GROUP BY measure, level) x
        JOIN measures m ON m.id = x.measure
        """
    )
    found: dict[str, dict[str, tuple[str, str, int]]] = {}
    for name, level, first, last, areas in rows:
        found.setdefault(name, {})[level] = (period_of(first), period_of(last), areas)
    return found
