"""Pictures of one measure in one area beside others: where does it stand, and is its size enough to explain it?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, Literal

import numpy as np

from openpractice.analysis.sized import FunnelPlot
from openpractice.kinds import Area, Measure, Result
from openpractice.methods.spread import percentiles
from openpractice.present import numbers
from openpractice.present.picture import Picture
from openpractice.render import words
from openpractice.render.charts import theme
from openpractice.render.charts.bars import Bar, bars
from openpractice.render.charts.funnel import FunnelLimit, FunnelPoint, funnel
from openpractice.render.charts.ribbon import RibbonPoint, ribbon
from openpractice.render.tables import NO_DATA, Column, Table

DECILES = tuple(range(10, 100, 10))
NARROW = 500  # pixels
_POSITIONS = {
    "high_998": "well above what its size explains",
    "high_95": "above what its size usually explains",
    "low_998": "well below what its size explains",
    "low_95": "below what its size usually explains",
    "within": "within what its size explains",
}


def ribbon_of(
    measure: Measure, area: Area, history: Sequence[Result], others: Mapping[str, Sequence[float]], place: str
) -> Picture | None:
    """Where the area stands among all of its level, month by month; nothing while there are too few for tenths."""
    own = {result.period: result.value for result in history}
    periods = [p for p in others if p in own and len(others[p]) >= 10]
    if not periods:
        return None
    points = [
        RibbonPoint(p, tuple(float(d) for d in percentiles(np.array(others[p], dtype=float), DECILES)), own[p])
        for p in periods
    ]
    group, unit = f"{numbers.PLURALS[area.level]} in England", measure.unit
    columns = (
        Column("Month"), Column(area.name, unit, True), *(Column(f"{d}% of {numbers.PLURALS[area.level]} are below", unit, True) for d in DECILES),
        Column(numbers.sentence(numbers.PLURALS[area.level]), "", True),
    )  # fmt: skip
    rows = tuple((p.period, p.value, *p.deciles, len(others[p.period])) for p in reversed(points))
    return Picture(
        id="ribbon",
        title=place or f"{measure.title} among {group}",
        subtitle=f"{area.name} (line) and {group} (shaded tenths), {_span(periods)}",
        description=f"{len(periods)} months. The middle of {group} is {words.number(points[-1].deciles[4], unit)} in the last.",
        draw=partial(ribbon, points, unit, name=area.name, group=group),
        table=Table(f"{measure.title}, {area.name} among {group}, by month", columns, rows),
        source=numbers.source(measure, history),
    )


def _span(periods: Sequence[str]) -> str:
    first, last = words.period(periods[0]), words.period(periods[-1])
    return first if first == last else f"{first} to {last}"


def funnel_of(
    measure: Measure, area: Area, plot: FunnelPlot, period: str, peers: Mapping[str, str], names: Mapping[str, str]
) -> Picture:
    """All areas of the level by size with this one marked. `peers` and `names` are code → name."""
    points = [
        FunnelPoint(names.get(code, code), float(size), float(value), _role(code, area, peers))
        for code, size, value in zip(plot.codes, plot.denominators, plot.values, strict=True)
    ]
    kind = numbers.PLURALS[area.level]
    everyone = f"{len(points):,} {kind} in England"
    return Picture(
        id="funnel",
        title=f"{words.number(plot.own_value, plot.unit, full=True)} is {_POSITIONS.get(plot.position, 'not placed')}",
        subtitle=f"{measure.title} by size, {everyone}, {words.period(period)}",
        description=f"{area.name} among {everyone}. The middle is {words.number(plot.centre, plot.unit)}.",
        draw=partial(
            _funnel, points, _limits(plot), plot.centre, plot.unit, denominator_name=_denominator(measure),
            names=(area.name, "Most alike", f"Other {kind}"),
        ),
        table=_placed(f"{measure.title}, {area.name} and the most alike, {words.period(period)}", kind, plot.unit, points),
        source=f"{measure.source}, {words.period(period)}",
        note=plot.statement,
    )  # fmt: skip


def _limits(plot: FunnelPlot) -> list[FunnelLimit]:
    sizes = np.linspace(0.02, 1, 48) ** 2 * float(plot.denominators.max()) * 1.02
    at = plot.all.limits_at(sizes)
    ends = zip(sizes, at.lower_95, at.upper_95, at.lower_998, at.upper_998, strict=True)
    return [FunnelLimit(*(float(x) for x in row)) for row in ends]


def _placed(caption: str, kind: str, unit: str, points: Sequence[FunnelPoint]) -> Table:
    """This area and the most alike; thousands of others would help nobody."""
    columns = Column(numbers.sentence(kind)), Column("Value", unit, True), Column("Out of", "", True), Column("Role")
    roles = {"this": "This one", "peer": "Most alike"}
    shown = sorted((p for p in points if p.role in roles), key=lambda p: (p.role != "this", p.name))
    return Table(caption, columns, tuple((p.name, p.value, p.denominator, roles[p.role]) for p in shown))


def _funnel(points: Sequence[FunnelPoint], *more: Any, width: int = 680, **words_: Any) -> dict[str, Any]:
    """The funnel; on a telephone a long name would run into the names of the limits."""
    if width < NARROW:
        points = [replace(p, name=theme.shortened(p.name, 100)) if p.role == "this" else p for p in points]
    return funnel(points, *more, width=width, **words_)


def _role(code: str, area: Area, peers: Mapping[str, str]) -> Literal["this", "peer", "other"]:
    return "this" if code == area.code else "peer" if code in peers else "other"


def _denominator(measure: Measure) -> str:
    if isinstance(measure.denominator, str):
        return "registered patients"
    units = [column.unit for column in measure.table.columns if column.kind == "count" and column.unit]
    return f"{units[0]} counted (size)" if units else "size"


def breakdown(measure: Measure, area: Area, dimension: str, results: Sequence[Result], order: Sequence[str]) -> Picture:
    """The measure split by one dimension in one month. Words the file does not know are called not recorded."""
    place = {word: i for i, word in enumerate(order)}
    ranked = sorted(results, key=lambda r: (place.get(dict(r.by)[dimension], len(place)), dict(r.by)[dimension]))
    meaning = measure.table.column(dimension).meaning
    data = [Bar(dict(r.by)[dimension] or "Not recorded", r.value) for r in ranked]
    columns = (
        Column(meaning),
        Column("Value", measure.unit, True),
        Column("Numerator", "", True),
        Column("Denominator", "", True),
    )
    rows = tuple((bar.label, r.value, r.numerator, r.denominator) for bar, r in zip(data, ranked, strict=True))
    period = ranked[0].period
    top = max(ranked, key=lambda r: r.value if r.value is not None else -1.0)
    return Picture(
        id="breakdown",
        title=f"{measure.title}: highest for “{dict(top.by)[dimension] or 'Not recorded'}”: {words.number(top.value, measure.unit)}",
        subtitle=f"{area.name}, {words.period(period)}, by {numbers.lower(meaning)}",
        description=words.listed([f"{b.label} {words.number(b.value, measure.unit)}" for b in data]),
        draw=partial(bars, data, measure.unit),
        table=Table(
            f"{measure.title}, {area.name}, {words.period(period)}, by {numbers.lower(meaning)}", columns, rows
        ),
        source=f"{measure.source}, {words.period(period)}",
    )


def months(measure: Measure, area: Area, history: Sequence[Result]) -> Table:
    """Every month with all that stands behind it, the latest first."""
    columns = (
        Column("Month"), Column("Value", measure.unit, True), Column("Numerator", "", True), Column("Denominator", "", True),
        Column("Patients covered", "proportion", True), Column("Could not be classified", "proportion", True), Column("Confidence"),
    )  # fmt: skip
    rows = tuple(
        (
            r.period,
            r.value,
            r.numerator,
            r.denominator,
            NO_DATA if r.coverage is None else r.coverage,
            r.unknown,
            r.confidence,
        )
        for r in reversed(history)
    )
    return Table(f"{measure.title}, {area.name}, all months", columns, rows)
