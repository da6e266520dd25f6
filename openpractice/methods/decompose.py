"""What makes one day busier than another: the day of the week, the month of the year, the trend?

Least squares on the logarithms of daily counts, so every effect is a factor: 1.20 is a fifth above the average day.
Only open days count: a closed day is not a day without demand, and the first open day after a bank holiday carries
demand of its own, which would otherwise be laid at the door of Tuesdays.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from openpractice.methods import calendar

_YEAR = 365.25  # days
_MONTHS_NEED, _BOTH_NEED = 0.9, 1.6  # years of data: fewer cannot tell season, or season from trend


@dataclass(frozen=True, eq=False)
class Decomposition:
    """Factors that multiply to `fitted`; days left out of the fit are NaN. Days run as the dates given."""

    weekday: NDArray[np.float64]  # [7], Monday first; the days open average 1, days never open are NaN
    month: NDArray[np.float64]  # [12], January first, averaging 1; all 1 where not estimated
    after_bank_holiday: float  # factor of the first open day after one; 1 where there was none
    growth: float  # factor a year; 1 where not estimated
    trend: NDArray[np.float64]  # [day] the level, in counts a day
    fitted: NDArray[np.float64]  # [day]
    residual: NDArray[np.float64]  # [day] count over fitted
    used: NDArray[np.bool_]  # [day]
    explained: float  # share of the variance of log counts
    explained_by: dict[str, float]  # what the share would lose without weekday, month, after_bank_holiday or trend
    notes: tuple[str, ...]


def decompose(dates: ArrayLike, counts: ArrayLike, *, open_weekdays: Sequence[int] = (0, 1, 2, 3, 4)) -> Decomposition:
    """Split daily `counts` into factors. `open_weekdays`: Monday is 0.

    Left out: England's bank holidays, weekdays not open, and missing or zero counts, since a closed day has no rows or
    a stray one. Raises ValueError for fewer than four weeks of open days, dates repeated or shapes that differ.
    """
    days, counts = np.asarray(dates, dtype="datetime64[D]"), np.asarray(counts, dtype=np.float64)
    if days.ndim != 1 or days.shape != counts.shape or np.unique(days).size != days.size:
        raise ValueError("Give one count a day and every day once.")
    weekday = (days.astype(np.int64) + 3) % 7  # 1 January 1970 was a Thursday
    used = np.isin(weekday, open_weekdays) & ~calendar.is_bank_holiday(days) & (counts > 0)
    if used.sum() < 4 * len(set(open_weekdays)):
        raise ValueError(f"Four weeks of open days are needed to tell weekdays apart; there are {used.sum()} days.")
    month = days.astype("datetime64[M]").astype(np.int64) % 12
    blocks, notes = _design(days, weekday, month, used, counts)
    return _fitted(days, counts, used, weekday, month, blocks, notes)


def _design(days, weekday, month, used, counts):
    """Columns of each effect over the days used; weekday columns carry the level, the others are measured from it."""
    years = ((days - days[used].min()).astype(float) / _YEAR)[used]
    after = _first_open_after_bank_holiday(days, used)[used]
    blocks = {"weekday": _indicators(weekday[used])}
    notes = []
    if years.max() >= _MONTHS_NEED:
        blocks["month"] = _indicators(month[used])[:, 1:]
    else:
        notes.append("Months are not compared: that needs eleven months of days or more.")
    if after.any():
        blocks["after_bank_holiday"] = after[:, None].astype(float)
    if years.max() >= _BOTH_NEED or "month" not in blocks:
        blocks["trend"] = (years - years.mean())[:, None]
    else:
        notes.append("No trend is drawn: a year alone cannot tell growth from season.")
    left_out = int((~used & (counts > 0)).sum())
    if left_out:
        notes.append(f"{left_out} days with counts on bank holidays or weekdays not open were left out.")
    return blocks, tuple(notes)


def _indicators(labels):
    return (labels[:, None] == np.unique(labels)).astype(float)


def _first_open_after_bank_holiday(days, used):
    """Open days whose previous open weekday was a bank holiday: after Easter, the Tuesday."""
    span = np.arange(days.min() - np.timedelta64(14, "D"), days.max() + np.timedelta64(1, "D"))
    holidays = span[calendar.is_bank_holiday(span)]
    return used & np.isin(days, calendar.next_working_day(holidays))


def _least_squares(blocks, y):
    columns = np.concatenate(list(blocks.values()), axis=1)
    effects = np.linalg.lstsq(columns, y, rcond=None)[0]
    return effects, columns @ effects


def _share(y, fitted):
    total = ((y - y.mean()) ** 2).sum()
    return float(1 - ((y - fitted) ** 2).sum() / total) if total > 0 else 0.0


def _fitted(days, counts, used, weekday, month, blocks, notes):
    y = np.log(counts[used])
    effects, line = _least_squares(blocks, y)
    parts = dict(zip(blocks, np.split(effects, np.cumsum([b.shape[1] for b in blocks.values()])[:-1]), strict=True))
    weekday_index, level = _averaging_one(np.unique(weekday[used]), parts["weekday"], 7, np.nan)
    month_index, lift = np.ones(12), 1.0
    if "month" in parts:
        month_index, lift = _averaging_one(np.unique(month[used]), np.append(0.0, parts["month"]), 12, np.nan)
    slope = float(parts["trend"][0]) if "trend" in parts else 0.0
    centre = (days[used] - days[used].min()).astype(float).mean() / _YEAR
    years = (days - days[used].min()).astype(float) / _YEAR - centre
    fitted = np.full(counts.shape, np.nan)
    fitted[used] = np.exp(line)
    return Decomposition(
        weekday=weekday_index,
        month=month_index,
        after_bank_holiday=float(np.exp(parts["after_bank_holiday"][0])) if "after_bank_holiday" in parts else 1.0,
        growth=float(np.exp(slope)),
        trend=np.where(used, level * lift * np.exp(slope * years), np.nan),
        fitted=fitted,
        residual=np.divide(counts, fitted, out=np.full(counts.shape, np.nan), where=used),
        used=used,
        explained=_share(y, line),
        explained_by={name: _share(y, line) - _share(y, _without(blocks, name, y)) for name in blocks},
        notes=notes,
    )


def _without(blocks, name, y):
    """The fit without one effect; a column of ones keeps the level when weekdays go."""
    rest = {other: block for other, block in blocks.items() if other != name}
    return _least_squares({"level": np.ones((len(y), 1)), **rest}, y)[1]


def _averaging_one(labels, effects, n, absent):
    """Factors of log effects scaled to average 1, placed by label, and the scale taken out."""
    factors = np.exp(effects)
    index = np.full(n, absent)
    index[labels] = factors / factors.mean()
    return index, factors.mean()
