"""When demand comes: weekday by time of day, as the average day of each kind in a month. Published for England only."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from openpractice.analysis.evaluate import evaluate
from openpractice.analysis.remembered import remembered
from openpractice.kinds import Refused, Result, month_no
from openpractice.measures import find
from openpractice.store import Store
from openpractice.tables.calls import BANDS, WEEKDAYS
from openpractice.tables.online import ONLINE_BANDS

# kind: (a measure whose denominator is the plain count, the dimensions that its file gives, its bands, its words)
KINDS = {
    "calls": ("calls_08_to_10_share", ("day_no", "weekday", "time_band"), BANDS, "calls by day and time"),
    "online": ("online_08_to_10_share", ("weekday", "time_band"), ONLINE_BANDS, "online requests by weekday and time"),
}
_RUSH = "08:00-09:59"


@dataclass(frozen=True, eq=False)
class Rhythm:
    """The average week of a month. `grid` [7, band] is the average count on that weekday in that band.

    Bands differ in length, so `per_hour` is what the eye should compare. NaN marks a weekday without any figure.
    """

    kind: str
    period: str
    periods: tuple[str, ...]  # every month there is, oldest first
    weekdays: tuple[str, ...]
    bands: tuple[str, ...]
    hours: NDArray[np.float64]  # [band] length
    grid: NDArray[np.float64]
    per_hour: NDArray[np.float64]
    share_of_day: NDArray[np.float64]  # [7, band] each weekday sums to 1
    day_total: NDArray[np.float64]  # [7]
    monday_share: float  # of an average Monday to Friday
    eight_to_ten_share: NDArray[np.float64]  # [7]
    n_days: NDArray[np.int64]  # [7] days of each weekday behind the averages
    level: str
    peak: tuple[str, str]  # weekday and band of the busiest hours


def rhythm(store: Store, kind: str = "calls", period: str | None = None) -> Rhythm:
    """The rhythm of a month, by default the latest. Raises Refused for a month or kind that is not loaded."""
    if kind not in KINDS:
        raise Refused(
            f"There is no rhythm of '{kind}'. There is one of calls and one of online requests: calls, online."
        )
    by_month = remembered(store, ("rhythm", kind), lambda: _cells(store, kind))
    words = KINDS[kind][3]
    if not by_month:
        raise Refused(f"No {words} are loaded. Load a workbook that has them, and this page fills itself.")
    period = period or max(by_month)
    if period not in by_month:
        month_no(period)
        raise Refused(f"No {words} are loaded for {period}. There are: {', '.join(sorted(by_month))}.")
    return remembered(store, ("rhythm", kind, period), lambda: _average(kind, period, by_month))


def _cells(store: Store, kind: str) -> dict[str, list[Result]]:
    measure, by, _, _ = KINDS[kind]
    found: dict[str, list[Result]] = {}
    for result in evaluate(store, [find(measure)], level="nation", by=by):
        found.setdefault(result.period, []).append(result)
    return found


def _average(kind: str, period: str, by_month: dict[str, list[Result]]) -> Rhythm:
    bands = KINDS[kind][2]
    total = np.zeros((7, len(bands)))
    days: list[set[str]] = [set() for _ in WEEKDAYS]
    for cell in by_month[period]:
        at = dict(cell.by)
        if at["weekday"] not in WEEKDAYS or at["time_band"] not in bands:
            continue
        weekday = WEEKDAYS.index(at["weekday"])
        total[weekday, bands.index(at["time_band"])] += cell.denominator or 0
        days[weekday].add(at.get("day_no", ""))
    if kind == "calls":
        n_days = np.array([len(found) for found in days])
        grid = np.divide(total, n_days[:, None], out=np.full(total.shape, np.nan), where=n_days[:, None] > 0)
    else:  # the publication has averaged already; the calendar says how many days went into it
        n_days = np.where([bool(found) for found in days], _in_month(period), 0)
        grid = np.where(n_days[:, None] > 0, total, np.nan)
    return _described(kind, period, tuple(sorted(by_month)), bands, grid, n_days)


def _in_month(period: str) -> NDArray[np.int64]:
    first = datetime.date.fromisoformat(f"{period}-01")
    after = datetime.date(first.year + first.month // 12, first.month % 12 + 1, 1)
    return np.bincount([(first + datetime.timedelta(d)).weekday() for d in range((after - first).days)], minlength=7)


def _described(kind, period, periods, bands, grid, n_days) -> Rhythm:
    hours = np.array([_length(band) for band in bands])
    day_total = grid.sum(axis=1)
    share = np.divide(grid, day_total[:, None], out=np.full(grid.shape, np.nan), where=day_total[:, None] > 0)
    week = day_total[:5].sum()
    per_hour = grid / hours
    peak = np.unravel_index(int(np.argmax(np.nan_to_num(per_hour, nan=-1))), grid.shape)
    return Rhythm(
        kind, period, periods, WEEKDAYS, bands, hours, grid, per_hour, share, day_total,
        float(day_total[0] / week) if week > 0 else float("nan"), share[:, bands.index(_RUSH)], n_days, "nation",
        (WEEKDAYS[peak[0]], bands[peak[1]]),
    )  # fmt: skip


def _length(band: str) -> float:
    """Hours of "18:00-18:29": bands name their last minute."""
    start, end = (int(t[:2]) * 60 + int(t[3:]) for t in band.split("-"))
    return (end + 1 - start) / 60
