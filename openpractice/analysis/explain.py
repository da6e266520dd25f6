"""What stands out for an area: changes, differences, data that cannot be trusted and data that is not there.

The score decides the order and nothing else. It is the size of what was found, in steadiest units:

- a change: distance of the last months from the chart's mean in its own sigmas, at most 6;
- a difference: distance from the middle of the areas most alike in robust standard deviations, at most 6;
- data quality: 2 for a figure that is one fifth unclassified, rising to 4 when all of it is;
- missing data: 1.5;

times 1.2 where the measure has a better direction and this is the other one, 0.8 for measures with no direction, and
times the certainty: High 1, Medium 0.75, Low 0.5. At most two findings of one topic, and one of each measure family.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from openpractice.analysis import confidence, places
from openpractice.analysis.compare import NEW_START, Spread, Standing, chart, charted, profile
from openpractice.analysis.everyone import everyone, past, value_of
from openpractice.analysis.intervals import interval
from openpractice.analysis.quality import TOPIC, Item, quality
from openpractice.analysis.remembered import remembered
from openpractice.analysis.wording import LEVELS_PLURAL, between, difference, month, number, place
from openpractice.kinds import ENGLAND, Area, Measure, Result, month_no
from openpractice.measures import catalogue
from openpractice.methods import spc
from openpractice.methods.peers import NORMAL_IQR
from openpractice.store import Store

LEAST_POINTS = 6  # Making Data Count: limits are of some use from 5 or 6 points
FIRM_POINTS = spc.ENOUGH_POINTS
LEAST_PEERS, FEW_PEERS = 10, 15  # fewer than these: no finding, and a less certain one
FAR = 1.5  # robust standard deviations from the peers' middle
MOST = 6.0
OLD_CHANGE, OLD_DIFFERENCE = 6, 24  # months behind the area's newest figure after which a finding is history
A_TOPIC = 2
_SIGMA = 1.128  # average moving range of two points, in standard deviations
_NOT_FINDINGS = {"List", TOPIC}  # what a practice is like is not a finding; data quality has its own kind
_CERTAIN = {"High": 1.0, "Medium": 0.75, "Low": 0.5}

Kind = Literal["change", "difference", "quality", "missing"]


@dataclass(frozen=True, eq=False)
class Finding:
    """One thing worth a look, in sentences. `variation` names the icon; `meaning` is improvement, concern or neutral."""

    kind: Kind
    measure: Measure | None
    period: str
    title: str
    size: str
    certainty: str  # High, Medium, Low
    why: str  # the reason for that certainty
    next_step: str
    score: float
    own: Result | None
    reference: dict[str, float] = field(default_factory=dict)
    variation: str = "common_cause"
    meaning: str = "neutral"
    topic: str = ""


def stands_out(store: Store, code: str, limit: int = 5) -> list[Finding]:
    """The findings of an area, the most telling first; empty when nothing stands out."""
    area = places.area(store, code)
    found = remembered(store, ("stands out", area.code), lambda: tuple(_ranked(store, area)))
    return list(found[:limit])


def _ranked(store: Store, area: Area) -> list[Finding]:
    standings = profile(store, area.code)
    newest = max((month_no(s.own.period) for s in standings), default=0)
    found = [*_quality(store, area), *_changes(store, area, standings, newest), *_differences(area, standings, newest)]
    return list(_spread_over_topics(sorted(found, key=lambda f: (-f.score, f.title))))


def _spread_over_topics(ordered: Iterable[Finding]) -> Iterable[Finding]:
    topics: dict[str, int] = {}
    seen: set[str] = set()
    for finding in ordered:
        idea = (finding.measure.family or finding.measure.name) if finding.measure else finding.title
        if idea in seen or topics.get(finding.topic, 0) >= A_TOPIC:
            continue
        seen.add(idea)
        topics[finding.topic] = topics.get(finding.topic, 0) + 1
        yield finding


def _weighed(size: float, meaning: str, direction: str, certainty: str) -> float:
    towards = 0.8 if direction == "neutral" else 1.2 if meaning == "concern" else 1.0
    return min(size, MOST) * towards * _CERTAIN[certainty]


def _meaning(measure: Measure, high: bool) -> str:
    if measure.direction == "neutral":
        return "neutral"
    return "improvement" if (measure.direction == "increase") == high else "concern"


def _reasons(measure: Measure, own: Result) -> list[str]:
    return confidence.reasons(measure, own.coverage, own.unknown, own.denominator)


# --- changes -----------------------------------------------------------------------------------------------------


def _changes(store: Store, area: Area, standings: Sequence[Standing], newest: int) -> Iterable[Finding]:
    for standing in standings:
        measure, own = standing.measure, standing.own
        if standing.variation in ("", "common_cause") or measure.topic in _NOT_FINDINGS or measure.status == "context":
            continue
        if month_no(own.period) < newest - OLD_CHANGE or own.confidence == "Low":
            continue
        latest = _since_new_start(charted(past(store, area.code)[measure.name]))
        if len(latest) >= LEAST_POINTS and (found := _change(store, measure, latest)):
            yield found


def _since_new_start(history: Sequence[Result]) -> list[Result]:
    start = 0
    for i in range(1, len(history)):
        if month_no(history[i].period) - month_no(history[i - 1].period) > NEW_START:
            start = i
    return list(history[start:])


def _change(store: Store, measure: Measure, history: Sequence[Result]) -> Finding | None:
    drawn = chart(measure, history)
    if drawn is None or drawn.variation == "common_cause":
        return None
    own, rule = history[-1], str(drawn.special_cause[-1])
    mean, sigma = float(drawn.mean[-1]), float(drawn.group_range[0, -1]) / _SIGMA
    if not _beyond_chance(measure, own, mean) or not sigma > 0:
        return None
    meaning = _meaning(measure, rule.endswith(("above", "upper_limit", "increasing")))
    certainty, why = _sure_of_change(measure, own, len(history))
    recent = float(np.mean([value_of(r) for r in history[-points_of(rule) :]]))
    return Finding(
        kind="change",
        measure=measure,
        period=own.period,
        title=f"{measure.title}: {_what_changed(rule, own)}",
        size=_size_of_change(store, measure, history, drawn),
        certainty=certainty,
        why=why,
        next_step=_next_step("change", meaning),
        score=_weighed(abs(recent - mean) / sigma, meaning, measure.direction, certainty),
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


def _sure_of_change(measure: Measure, own: Result, points: int) -> tuple[str, str]:
    reasons = _reasons(measure, own)
    if points < FIRM_POINTS:
        reasons = [f"the limits rest on only {points} figures, so they are trial limits", *reasons]
    return _certainty(own.confidence, points < FIRM_POINTS, reasons, f"the limits rest on {points} figures")


def _certainty(grade: str, doubtful: bool, reasons: list[str], otherwise: str) -> tuple[str, str]:
    """The figure's own confidence, one step lower at most where the comparison is weak."""
    level = "Low" if grade == "Low" else "Medium" if doubtful or grade == "Medium" else "High"
    words = "; ".join(reasons) or otherwise
    return level, f"{words[:1].upper()}{words[1:]}."


def _size_of_change(store: Store, measure: Measure, history: Sequence[Result], drawn: spc.Chart) -> str:
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


# --- differences -------------------------------------------------------------------------------------------------


def _differences(area: Area, standings: Sequence[Standing], newest: int) -> Iterable[Finding]:
    for standing in standings:
        measure, own = standing.measure, standing.own
        if measure.topic in _NOT_FINDINGS or measure.status == "context" or own.confidence == "Low":
            continue
        if month_no(own.period) < newest - OLD_DIFFERENCE:
            continue
        peers = standing.spreads.get("alike") or standing.spreads.get("england")
        if peers is not None and peers.n >= LEAST_PEERS and (found := _difference(area, standing, peers)):
            yield found


def _difference(area: Area, standing: Standing, peers: Spread) -> Finding | None:
    measure, own, value = standing.measure, standing.own, value_of(standing.own)
    deviation = (peers.p75 - peers.p25) / NORMAL_IQR
    ends = interval(measure, own)
    if not deviation > 0 or ends is None or ends[0] <= peers.p50 <= ends[1]:
        return None  # nothing to tell apart, or no more than a few patients could make
    far = (value - peers.p50) / deviation
    if abs(far) < FAR or peers.p10 <= value <= peers.p90:
        return None
    meaning = _meaning(measure, far > 0)
    group = "practices most alike" if peers.key == "alike" else f"{LEVELS_PLURAL[area.level]} in England"
    others = peers.n if peers.key == "alike" else peers.n - 1  # among all of England it is itself one
    reasons = _reasons(measure, own)
    certainty, why = _certainty(own.confidence, others < FEW_PEERS, reasons, f"{others:,} others are compared")
    reference = {"middle": peers.p50, "p10": peers.p10, "p90": peers.p90, "lower": ends[0], "upper": ends[1]}
    england = standing.spreads.get("england")
    return Finding(
        kind="difference",
        measure=measure,
        period=own.period,
        title=f"{measure.title}: {place(peers.below, peers.above, group, others)}",
        size=(
            f"{number(value, measure.unit)} in {month(own.period)}; the middle of the {group} is "
            f"{number(peers.p50, measure.unit)}, and 8 in 10 of them lie from {between(peers.p10, peers.p90, measure.unit)}."
        ),
        certainty=certainty,
        why=why,
        next_step=_next_step("difference", meaning, group),
        score=_weighed(abs(far), meaning, measure.direction, certainty),
        own=own,
        reference=reference | ({"england": england.p50} if england else {}),
        variation=f"{meaning}_{'high' if far > 0 else 'low'}",
        meaning=meaning,
        topic=measure.topic,
    )


def _next_step(kind: Kind, meaning: str, group: str = "") -> str:
    if meaning == "improvement":
        return {
            "change": "Ask the team what was done differently, and write it down so that it lasts and others can try it.",
            "difference": f"Ask the team how they do this, and offer it to any of the {group} that would like to try.",
        }[kind]
    if meaning == "concern":
        return {
            "change": "Open the chart, mark what happened in those months, and take it to the huddle.",
            "difference": f"Open the comparison, and ask one of the {group} how it works there.",
        }[kind]
    return {
        "change": "Open the chart and ask whether this change was meant.",
        "difference": "Ask whether this is how you mean to work: nothing here says that it is right or wrong.",
    }[kind]


# --- data --------------------------------------------------------------------------------------------------------


def _quality(store: Store, area: Area) -> Iterable[Finding]:
    for item in quality(store, area.code).items:
        if item.own and item.grade == "Low":
            yield _recorded(store, area, item) if item.measure else _not_there(item)


def _recorded(store: Store, area: Area, item: Item) -> Finding:
    measure = catalogue()[item.measure]
    own = past(store, area.code)[measure.name][-1]
    middle = float(everyone(store, measure.name, area.level, own.period).quantiles[2])
    short = value_of(own) if measure.direction == "decrease" else 1 - value_of(own)
    return Finding(
        kind="quality",
        measure=measure,
        period=own.period,
        title=f"{measure.title}: so many that the other figures rest on what is left",
        size=(
            f"{number(own.value, measure.unit)} in {month(own.period)}; the middle of {LEVELS_PLURAL[area.level]} in "
            f"England is {number(middle, measure.unit)}."
        ),
        certainty="High",
        why="It is counted, not estimated.",
        next_step=item.remedy,
        score=min(4.0, 2 + 2.5 * max(short - confidence.UNKNOWN_MUCH, 0)),
        own=own,
        reference={"middle": middle},
        variation="concern_high" if measure.direction == "decrease" else "concern_low",
        meaning="concern",
        topic=TOPIC,
    )


def _not_there(item: Item) -> Finding:
    return Finding(
        kind="missing",
        measure=None,
        period="",
        title=f"{item.title}: {item.value}",
        size=item.meaning,
        certainty="High",
        why="The loaded files were read completely.",
        next_step=item.remedy,
        score=1.5,
        own=None,
        reference={},
        variation="none",
        meaning="neutral",
        topic=TOPIC,
    )
