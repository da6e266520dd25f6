"""Where an area has changed: the last months against the limits of its own chart."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from openpractice.analysis.compare import Standing
from openpractice.analysis.everyone import past, value_of
from openpractice.analysis.finding import Finding, certainty_of, meaning_of, weighed, worth_a_look
from openpractice.analysis.intervals import interval
from openpractice.analysis.process import chart, charted, since_new_start
from openpractice.analysis.wording import between, difference, month, number
from openpractice.kinds import ENGLAND, Area, Measure, Result, month_no
from openpractice.methods import spc
from openpractice.store import Store

OLD = 6  # months behind the area's newest figure after which a change is history
_SIGMA = 1.128  # average moving range of two points, in standard deviations
_NEXT = {
    "improvement": "Ask the team what was done differently, and write it down so that it lasts and others can try it.",
    "concern": "Open the chart, mark what happened in those months, and take it to the huddle.",
    "neutral": "Open the chart and ask whether this change was meant.",
}


def changes(store: Store, area: Area, standings: Sequence[Standing], newest: int) -> Iterable[Finding]:
    """The changes in an area's latest figures; `newest` is the month of the newest of them."""
    for standing in standings:
        measure, own = standing.measure, standing.own
        if standing.variation in ("", "common_cause") or not worth_a_look(measure, own):
            continue
        if month_no(own.period) < newest - OLD:
            continue
        if found := _change(store, measure, since_new_start(charted(past(store, area.code)[measure.name]))):
            yield found


def _change(store: Store, measure: Measure, history: Sequence[Result]) -> Finding | None:
    drawn = chart(measure, history)
    if drawn is None or drawn.variation == "common_cause":
        return None
    own, rule = history[-1], str(drawn.special_cause[-1])
    mean, sigma = float(drawn.mean[-1]), float(drawn.group_range[0, -1]) / _SIGMA
    if not _beyond_chance(measure, own, mean) or not sigma > 0:
        return None
    meaning = meaning_of(measure, rule.endswith(("above", "upper_limit", "increasing")))
    certainty, why = _certainty(measure, own, len(history))
    recent = float(np.mean([value_of(r) for r in history[-points_of(rule) :]]))
    return Finding(
        kind="change",
        measure=measure,
        period=own.period,
        title=f"{measure.title}: {_what_changed(rule, own)}",
        size=_size(store, measure, history, drawn),
        certainty=certainty,
        why=why,
        next_step=_NEXT[meaning],
        score=weighed(abs(recent - mean) / sigma, meaning, measure.direction, certainty),
        own=own,
        reference={"mean": mean, "lower": float(drawn.lower[-1]), "upper": float(drawn.upper[-1])},
        variation=str(drawn.variation),
        meaning=meaning,
        topic=measure.topic,
    )


def points_of(rule: str) -> int:
    """How many of the last points a rule of the chart speaks of."""
    return 7 if rule.startswith(("trend", "shift")) else 2 if rule.startswith("two_of_three") else 1


def _what_changed(rule: str, own: Result) -> str:
    when = month(own.period)
    return {
        "above_upper_limit": f"higher than its usual range in {when}",
        "below_lower_limit": f"lower than its usual range in {when}",
        "trend_increasing": f"rising at each of the last 7 figures up to {when}",
        "trend_decreasing": f"falling at each of the last 7 figures up to {when}",
        "two_of_three_above": f"near the top of its usual range in 2 of the last 3 figures up to {when}",
        "two_of_three_below": f"near the foot of its usual range in 2 of the last 3 figures up to {when}",
        "shift_above": f"above its average at each of the last 7 figures up to {when}",
        "shift_below": f"below its average at each of the last 7 figures up to {when}",
    }[rule]


def _beyond_chance(measure: Measure, own: Result, reference: float) -> bool:
    """Whether the figure's own interval excludes the reference; figures without an interval are not held to one."""
    ends = interval(measure, own)
    return ends is None or not ends[0] <= reference <= ends[1]


def _certainty(measure: Measure, own: Result, points: int) -> tuple[str, str]:
    trial = f"the limits rest on only {points} figures, so they are trial limits" if points < spc.ENOUGH_POINTS else ""
    return certainty_of(measure, own, trial, f"the limits rest on {points} figures")


def _size(store: Store, measure: Measure, history: Sequence[Result], drawn: spc.Chart) -> str:
    own, unit = history[-1], measure.unit
    low, high = max(float(drawn.lower[-1]), 0.0), float(drawn.upper[-1])
    high = min(high, 1.0) if unit == "proportion" else high
    said = (
        f"{number(own.value, unit)} in {month(own.period)}, against an average of {number(float(drawn.mean[-1]), unit)} "
        f"over {len(history)} figures; its usual range is {between(low, high, unit)}."
    )
    if own.area != ENGLAND:
        england = {r.period: r.value for r in past(store, ENGLAND).get(measure.name, ())}
        before, after = england.get(history[0].period), england.get(own.period)
        if before and after:
            verb = "rose" if after > before else "fell"
            said += f" England's figure {verb} by {difference(before, after, unit)} since {month(history[0].period)}."
    return said
