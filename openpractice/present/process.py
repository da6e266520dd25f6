"""The process chart of one measure in one area: is it changing, and how sure may a reader be?"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np

from openpractice.analysis.process import ENOUGH, icon, spacing
from openpractice.kinds import Area, Measure, Result
from openpractice.methods.spc import ENOUGH_POINTS, Chart
from openpractice.present import numbers
from openpractice.present.picture import Picture
from openpractice.render import words
from openpractice.render.charts.spc import MEANINGS, SpcPoint, spc
from openpractice.render.tables import Column, Table

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


def process(measure: Measure, area: Area, history: Sequence[Result], chart: Chart | None) -> Picture:
    """The process chart. Where its latest limits would rest on too few points it is a line without any."""
    judged = chart if icon(chart) else None
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
        source=numbers.source(measure, history),
        note=_note(history, chart),
    )


def _unjudged(points: Sequence[SpcPoint], unit: str, **more: Any) -> dict[str, Any]:
    """The line alone: the key would call every point usual, and nobody has judged them."""
    spec = spc(points, unit, **more)
    for layer in spec["layer"]:
        for channel in ("color", "shape"):
            if "legend" in layer.get("encoding", {}).get(channel, {}):
                layer["encoding"][channel]["legend"] = None
    return spec


def _note(history: Sequence[Result], chart: Chart | None) -> str:
    said = (_limits_note(chart, len(history)), spacing([r.period for r in history]), _coverage_note(history))
    return " ".join(filter(None, said))


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
    lower, upper = numbers.known(chart.lower[i]), numbers.known(chart.upper[i])
    if measure.name not in SIGNED:
        lower = None if lower is None else max(lower, 0.0)
    if measure.unit == "proportion":
        upper = None if upper is None else min(upper, max(1.0, history[i].value or 0.0))
    return SpcPoint(
        history[i].period, history[i].value, str(chart.point_type[i]), numbers.known(chart.mean[i]), upper, lower,
        group=sum(start <= i for start in chart.starts) - 1,
        note=numbers.sentence(RULES[rule]) if rule in RULES else "",
    )  # fmt: skip


def _limits_note(chart: Chart | None, n: int) -> str:
    if not icon(chart):
        n = n if chart is None else int(chart.group_points[0, -1])
        since = " since the new start" if chart is not None and len(chart.starts) > 1 else ""
        return (
            f"{words.plural(n, 'point')}{since} {'is' if n == 1 else 'are'} too few to say what is usual here, so there are "
            f"no limits: {ENOUGH} allow trial limits and {ENOUGH_POINTS} firm ones."
        )
    if chart is not None and chart.trial_limits:
        points = int(np.min(chart.group_points))
        return f"Trial limits: they rest on {words.plural(points, 'point')}, and {ENOUGH_POINTS} make them firm. Take them as a guide."
    return ""


def _subtitle(measure: Measure, area: Area, history: Sequence[Result]) -> str:
    unit = words.unit_name(measure.unit)
    span = words.period(history[-1].period)
    if len(history) > 1:
        span = f"{words.period(history[0].period)} to {span}"
    return f"{area.name}, {span}{', ' + unit if unit else ''}"
