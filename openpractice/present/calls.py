"""When demand comes: the week of England's calls and online requests, hour by hour, and how long callers wait."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from openpractice.analysis.remembered import remembered
from openpractice.analysis.rhythm import Rhythm, rhythm
from openpractice.kinds import Refused
from openpractice.measures import find
from openpractice.present import trend
from openpractice.present.picture import Picture
from openpractice.render import words
from openpractice.render.charts.heatmap import HeatCell, heatmap
from openpractice.render.tables import Column, Table
from openpractice.store import Store

KINDS = {"calls": "Telephone calls", "online": "Online requests"}
SHOWN = {"hour": "Per hour", "band": "Per band"}
_NOUNS = {"calls": "calls", "online": "requests"}
_SOURCES = {"calls": "calls_08_to_10_share", "online": "online_08_to_10_share"}
_WAITS = ("answered_after_5_minutes", "answered_within_1_minute")
EVEN = 0.2  # of a working week: what each of five days would have
_SPOKEN = {
    "00:00-05:59": "midnight to 6am", "06:00-07:59": "6 to 8am", "08:00-09:59": "8 to 10am", "10:00-11:59": "10am to noon",
    "12:00-13:59": "noon to 2pm", "14:00-15:59": "2 to 4pm", "16:00-17:59": "4 to 6pm", "18:00-18:29": "6 to 6.30pm",
    "18:30-23:59": "6.30pm to midnight", "18:00-23:59": "6pm to midnight",
}  # fmt: skip
# As short as the column of a chart is wide.
_SHORT = {
    "00:00-05:59": "to 6am", "06:00-07:59": "6–8am", "08:00-09:59": "8–10am", "10:00-11:59": "10–12", "12:00-13:59": "12–2pm",
    "14:00-15:59": "2–4pm", "16:00-17:59": "4–6pm", "18:00-18:29": "6–6.30", "18:30-23:59": "6.30 on", "18:00-23:59": "6pm on",
}  # fmt: skip


@dataclass(frozen=True)
class Calls:
    """The page: what was asked, sentences, the week, and the waits month by month."""

    kind: str
    shown: str
    period: str
    month: str
    periods: tuple[str, ...]
    sentences: tuple[str, ...]
    week: Picture | None
    waits: tuple[Picture, ...]
    why_not: str

    @property
    def pictures(self) -> list[Picture]:
        return [*([self.week] if self.week else []), *self.waits]


def calls(store: Store, kind: str = "calls", period: str = "", shown: str = "hour") -> Calls:
    """The week of a month, by default the latest. A month that is not loaded gives the latest instead."""
    kind = kind if kind in KINDS else "calls"
    shown = shown if shown in SHOWN else "hour"
    return remembered(store, ("calls page", kind, period, shown), lambda: _calls(store, kind, period, shown))


def _calls(store: Store, kind: str, period: str, shown: str) -> Calls:
    waits = _waits(store)
    try:
        week = _week(store, kind, period)
    except Refused as why:
        return Calls(kind, shown, "", "", (), (), None, waits, str(why))
    return Calls(
        kind=kind, shown=shown, period=week.period, month=words.period(week.period), periods=week.periods[::-1],
        sentences=tuple(_sentences(week)), week=_heat(week, shown), waits=waits, why_not="",
    )  # fmt: skip


def _week(store: Store, kind: str, period: str) -> Rhythm:
    latest = rhythm(store, kind)
    return rhythm(store, kind, period) if period in latest.periods else latest


def _sentences(week: Rhythm) -> list[str]:
    noun = _NOUNS[week.kind]
    said = []
    if not math.isnan(week.monday_share):
        than = week.monday_share / EVEN - 1
        beside = (
            "the fifth that an even week would give"
            if abs(than) < 0.02
            else (f"{abs(than):.0%} {'more' if than > 0 else 'fewer'} than an even week would give")
        )
        said.append(f"{words.percentage(week.monday_share)} of the working week’s {noun} come on a Monday: {beside}.")
    working = [float(share) for share in week.eight_to_ten_share[:5] if not math.isnan(share)]
    if working:
        low, high = min(working), max(working)
        said.append(
            f"Between 8 and 10 in the morning come {words.percentage(low)} to {words.percentage(high)} of a working day’s "
            f"{noun}, most on {week.weekdays[working.index(high)]}s."
        )
    said.append(f"The busiest hours of the week are {week.peak[0]}, {spoken(week.peak[1])}.")
    return said


def spoken(band: str) -> str:
    """A band as people say it: `8 to 10am`."""
    return _SPOKEN.get(band, band)


def _heat(week: Rhythm, shown: str) -> Picture:
    noun = _NOUNS[week.kind]
    values = week.per_hour if shown == "hour" else week.grid
    per = " an hour" if shown == "hour" else ""
    each = "an hour" if shown == "hour" else "in each band of time"
    return Picture(
        id="week",
        title=f"Mondays bring {words.percentage(week.monday_share)} of the working week’s {noun}, and {week.peak[0]} "
        f"{spoken(week.peak[1])} is the busiest time",
        subtitle=f"Average {noun} {each} on each day of the week, England, {words.period(week.period)}, thousands",
        description=f"A table of seven days by {len(week.bands)} bands of time. Darker is more.",
        draw=partial(_drawn, week, values, f"thousand {noun}{per}"),
        table=_week_table(week, values, f"{noun}{per}"),
        source=find(_SOURCES[week.kind]).source,
        note=_about_days(week),
    )


def _drawn(week: Rhythm, values: NDArray[np.float64], unit: str, *, width: int, **words_around: str) -> dict[str, Any]:
    """On a telephone seven days stand side by side, so their names are cut to three letters."""
    days = [day[:3] if width < 500 else day for day in week.weekdays]
    names = [_SHORT.get(band, band) for band in week.bands]
    cells = [HeatCell(day, name, _sized(values[i, j])) for i, day in enumerate(days) for j, name in enumerate(names)]
    return heatmap(cells, unit, rows=days, columns=names, width=width, **words_around)


def _sized(value: float) -> float | None:
    """In thousands, to the digits that a cell can hold."""
    thousands = float(value) / 1000
    return None if math.isnan(thousands) else float(round(thousands)) if thousands >= 10 else round(thousands, 2)


def _week_table(week: Rhythm, values: NDArray[np.float64], unit: str) -> Table:
    columns = (Column("Day"), *(Column(spoken(band), numeric=True) for band in week.bands), Column("Whole day", numeric=True),
               Column("8 to 10am", "proportion", numeric=True))  # fmt: skip
    body = tuple(
        (
            day,
            *(None if math.isnan(v) else round(float(v)) for v in values[i]),
            None if math.isnan(week.day_total[i]) else round(float(week.day_total[i])),
            None if math.isnan(week.eight_to_ten_share[i]) else float(week.eight_to_ten_share[i]),
        )
        for i, day in enumerate(week.weekdays)
    )
    return Table(f"Average {unit} by day and time, England, {words.period(week.period)}", columns, body)


def _about_days(week: Rhythm) -> str:
    if week.kind == "online":
        return "The publication gives averages for each weekday of the month."
    few, most = int(week.n_days.min()), int(week.n_days.max())
    days = f"{few}" if few == most else f"{few} or {most}"
    return (
        f"Each day is an average of {days} days of the month. Bands differ in length, so “per hour” is fairer to compare. "
        "A bank holiday counts as its weekday."
    )


def _waits(store: Store) -> tuple[Picture, ...]:
    """How long callers waited for an answer, by month for England."""
    drawn = ((name, trend.england(store, find(name))) for name in _WAITS)
    return tuple(replace(picture, id=name.replace("_", "-")) for name, picture in drawn if picture)
