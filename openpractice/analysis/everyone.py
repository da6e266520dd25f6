"""All areas of a level at once, as arrays: what any one of them is compared with."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, fields

import numpy as np
from numpy.typing import NDArray

from openpractice.analysis import answers
from openpractice.analysis.remembered import remembered
from openpractice.kinds import Area, Result, month_no
from openpractice.methods.spread import percentiles
from openpractice.store import Store

QUANTILES = (10, 25, 50, 75, 90)
_COLUMNS = ", ".join(column.name for column in fields(Area))
_GROUPS = ("pcn", "sub_icb", "icb", "region")


@dataclass(frozen=True, eq=False)
class Everyone:
    """One measure of every area of a level in one month that has a value, by code."""

    measure: str
    level: str
    period: str
    codes: tuple[str, ...]
    numerator: NDArray[np.float64]
    denominator: NDArray[np.float64]
    value: NDArray[np.float64]
    confidence: NDArray[np.str_]
    ordered: NDArray[np.float64]  # the values from low to high
    quantiles: NDArray[np.float64]  # of the values, at QUANTILES
    index: dict[str, int] = field(repr=False)

    def at(self, codes: Iterable[str]) -> list[int]:
        """Places of those of the codes that have a value, in their order."""
        return [self.index[code] for code in codes if code in self.index]

    def around(self, value: float) -> tuple[int, int]:
        """How many areas have a smaller value, and how many a larger."""
        below, up_to = np.searchsorted(self.ordered, value, "left"), np.searchsorted(self.ordered, value, "right")
        return int(below), len(self.ordered) - int(up_to)


def everyone(store: Store, measure: str, level: str, period: str) -> Everyone:
    """One measure of every area of a level in one month, remembered."""
    return remembered(
        store, ("everyone", measure, level, period), lambda: _read(store, measure, level, period), room=400
    )


def _read(store: Store, measure: str, level: str, period: str) -> Everyone:
    rows = store.catalogue.execute(
        """
        SELECT r.area, r.numerator, r.denominator, r.value, r.confidence
        FROM results r JOIN measures m ON m.id = r.measure
        WHERE m.name = ? AND r.level = ? AND r.month = ? AND r.value IS NOT NULL ORDER BY r.area
        """,
        [measure, level, month_no(period)],
    ).fetchall()
    codes, numerator, denominator, value, confidence = zip(*map(tuple, rows), strict=True) if rows else ((),) * 5
    codes, index = _index(store, codes)
    values = np.array(value, dtype=np.float64)
    return Everyone(
        measure, level, period, codes, np.array(numerator, dtype=np.float64), np.array(denominator, dtype=np.float64),
        values, np.array(confidence, dtype=np.str_), np.sort(values), percentiles(values, QUANTILES), index,
    )  # fmt: skip


def past(store: Store, code: str) -> dict[str, list[Result]]:
    """Every measure of one area, each oldest month first, remembered: several questions of a page begin with it."""
    return remembered(store, ("past", code), lambda: answers.history(store, code), room=64)


def _index(store: Store, codes: tuple[str, ...]) -> tuple[tuple[str, ...], dict[str, int]]:
    """Codes with their places. Measures of one table speak of the same areas, so they share one copy."""
    return remembered(store, ("codes", codes), lambda: (codes, {code: i for i, code in enumerate(codes)}))


def value_of(result: Result) -> float:
    """A stored figure as a number; results without one are not stored, so NaN never comes from the store."""
    return float("nan") if result.value is None else result.value


@dataclass(frozen=True, eq=False)
class Atlas:
    """Every area by code, and the codes of a level inside a parent."""

    areas: dict[str, Area]
    inside: dict[tuple[str, str], tuple[str, ...]]  # (level, parent's code) → codes


def atlas(store: Store) -> Atlas:
    """All areas, remembered: some eight thousand of them, so that no page asks for them one by one."""
    return remembered(store, ("atlas",), lambda: _draw(store))


def _draw(store: Store) -> Atlas:
    rows = store.catalogue.execute(f"SELECT {_COLUMNS} FROM areas ORDER BY code").fetchall()
    areas = {row[0]: Area(*row) for row in map(tuple, rows)}
    inside: dict[tuple[str, str], list[str]] = {}
    for area in areas.values():
        for group in _GROUPS:
            parent = getattr(area, group)
            if parent and parent != area.code:
                inside.setdefault((area.level, parent), []).append(area.code)
    return Atlas(areas, {key: tuple(codes) for key, codes in inside.items()})
