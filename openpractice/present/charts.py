"""Pictures of one measure in one area: is it changing, where does it stand, is its size enough to explain it?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, Literal

import numpy as np

from openpractice.analysis.compare import FunnelPlot
from openpractice.kinds import Area, Measure, Result
from openpractice.methods.spc import Chart
from openpractice.methods.spread import percentiles
from openpractice.present import numbers
from openpractice.present.picture import Picture
from openpractice.render import words
from openpractice.render.charts import theme
from openpractice.render.charts.bars import Bar, bars
from openpractice.render.charts.funnel import FunnelLimit, FunnelPoint, funnel
from openpractice.render.charts.ribbon import RibbonPoint, ribbon
from openpractice.render.charts.spc import MEANINGS, SpcPoint, spc
from openpractice.render.tables import NO_DATA, Column, Table

DECILES = tuple(range(10, 100, 10))
NARROW = 500  # pixels
COVERAGE_MOVED = 0.1  # share of patients
SIGNED = {"list_growth_12_months"}  # every other measure counts things, so its limits end at nought

# What the rule that names a point says of it, in the words of a title.
RULES = {
    "above_upper_limit": "higher than its usual range",
    "below_lower_limit": "lower than its usual range",
    "trend_increasing": "part of a steady rise",
    "trend_decreasing": "part of a steady fall",
    "two_of_three_above": "near the top of its usual range, not for the first time",
    "two_of_three_below": "near the foot of its usual range, not for the first time",
    "shift_above": "above its average seven times or more in a row",
    "shift_below": "below its average seven times or more in a row",
}
_POSITIONS = {
    "high_998": "well above what its size explains",
    "high_95": "above what its size usually explains",
    "low_998": "well below what its size explains",
    "low_95": "below what its size usually explains",
    "within": "within what its size explains",
}


def process(measure: Measure, area: Area, history: Sequence[Result], chart: Chart | None) -> Picture:
    """The process chart. With fewer than six points it is a line without limits, because they would tell nothing."""
    judged = chart if len(history) >= numbers.FEW else None
    last = history[-1]
    title = f"{measure.title}: {numbers.said(measure, last.value)} in {words.period(last.period)}{_rule(judged)}"
    points = [_point(measure, history, judged, i) for i in range(len(history))]
    rows = tuple(
        (p.period, p.value, p.mean, p.lower, p.upper, MEANINGS[p.point_type] if judged else "Not judged")
        for p in reversed(points)
    )
    unit = measure.unit
    columns = (
        Column("Month"), Column("Value", unit, True), Column("Mean", unit, True), Column("Lower limit", unit, True),
        Column("Upper limit", unit, True), Column("Meaning"),
    )  # fmt: skip
    return Picture(
        id="spc",
        title=title,
        subtitle=_subtitle(measure, area, history),
        description=f"{len(history)} points. {words.change(history[0].value, last.value, unit, history[0].period, last.period)}",
        draw=partial(spc if judged else _unjudged, points, unit),
        table=Table(f"{measure.title}, {area.name}, by month, with process limits", columns, rows),
        source=source(measure, history),
        note=" ".join(filter(None, (_limits_note(judged, len(history)), _coverage_note(history)))),
    )


def _unjudged(points: Sequence[SpcPoint], unit: str, **more: Any) -> dict[str, Any]:
    """The line alone: the key would call every point usual, and nobody has judged them."""
    spec = spc(points, unit, **more)
    for layer in spec["layer"]:
        for channel in ("color", "shape"):
            if "legend" in layer.get("encoding", {}).get(channel, {}):
                layer["encoding"][channel]["legend"] = None
    return spec


def _coverage_note(history: Sequence[Result]) -> str:
    """Coverage that grows looks like demand that grows, so a change of it is said beside the chart."""
    known = [(r.period, r.coverage) for r in history if r.coverage is not None]
    if not known:
        return ""
    (first, before), (last, after) = known[0], known[-1]
    if abs(after - before) < COVERAGE_MOVED:
        return ""
    return (
        f"The figures covered {words.percentage(before, 0)} of patients in {words.period(first)} and "
        f"{words.percentage(after, 0)} in {words.period(last)}: part of the change may be who is counted."
    )


def _rule(chart: Chart | None) -> str:
    if chart is None:
        return ""
    rule = str(np.atleast_1d(chart.special_cause)[-1])
    return f", {RULES.get(rule, 'within its usual range')}"


def _point(measure: Measure, history: Sequence[Result], chart: Chart | None, i: int) -> SpcPoint:
    if chart is None:
        return SpcPoint(history[i].period, history[i].value, note="Not judged: too few points")
    rule = str(chart.special_cause[i])
    lower, upper = _number(chart.lower[i]), _number(chart.upper[i])
    if measure.name not in SIGNED:
        lower = None if lower is None else max(lower, 0.0)
    if measure.unit == "proportion":
        upper = None if upper is None else min(upper, max(1.0, history[i].value or 0.0))
    return SpcPoint(
        history[i].period, history[i].value, str(chart.point_type[i]), _number(chart.mean[i]), upper, lower,
        group=sum(start <= i for start in chart.starts) - 1,
        note=numbers.sentence(RULES[rule]) if rule in RULES else "",
    )  # fmt: skip


def _number(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def _limits_note(chart: Chart | None, n: int) -> str:
    if chart is None:
        return (
            f"{words.plural(n, 'point')} {'is' if n == 1 else 'are'} too few to say what is usual here, so there are no limits: "
            f"{numbers.FEW} allow trial limits and 13 firm ones."
        )
    if chart.trial_limits:
        points = int(np.min(chart.group_points))
        return (
            f"Trial limits: they rest on {words.plural(points, 'point')}, and 13 make them firm. Take them as a guide."
        )
    return ""


def _subtitle(measure: Measure, area: Area, history: Sequence[Result]) -> str:
    unit = "%" if measure.unit == "proportion" else measure.unit
    span = words.period(history[-1].period)
    if len(history) > 1:
        span = f"{words.period(history[0].period)} to {span}"
    return f"{area.name}, {span}{', ' + unit if unit else ''}"


def source(measure: Measure, history: Sequence[Result]) -> str:
    """The source line: who published it and up to when."""
    return f"{measure.source}, to {words.period(history[-1].period)}" if history else measure.source


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
        source=source(measure, history),
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
    sizes = np.linspace(0.02, 1, 48) ** 2 * float(plot.denominators.max()) * 1.02
    at = plot.all.limits_at(sizes)
    limits = [
        FunnelLimit(*(float(x) for x in row))
        for row in zip(sizes, at.lower_95, at.upper_95, at.lower_998, at.upper_998, strict=True)
    ]
    kind = numbers.PLURALS[area.level]
    title = f"{words.number(plot.own_value, plot.unit, full=True)} is {_POSITIONS.get(plot.position, 'not placed')}"
    shown = [p for p in points if p.role != "other"]
    columns = (
        Column(numbers.sentence(kind)),
        Column("Value", plot.unit, True),
        Column("Out of", "", True),
        Column("Role"),
    )
    roles = {"this": "This one", "peer": "Most alike", "other": "Other"}
    rows = tuple(
        (p.name, p.value, p.denominator, roles[p.role]) for p in sorted(shown, key=lambda p: (p.role != "this", p.name))
    )
    everyone = f"{len(points):,} {kind} in England"
    return Picture(
        id="funnel",
        title=title,
        subtitle=f"{measure.title} by size, {everyone}, {words.period(period)}",
        description=f"{area.name} among {everyone}. The middle is {words.number(plot.centre, plot.unit)}.",
        draw=partial(
            _funnel, points, limits, plot.centre, plot.unit, denominator_name=_denominator(measure),
            names=(area.name, "Most alike", f"Other {kind}"),
        ),
        table=Table(f"{measure.title}, {area.name} and the most alike, {words.period(period)}", columns, rows),
        source=f"{measure.source}, {words.period(period)}",
        note=plot.statement,
    )  # fmt: skip


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
