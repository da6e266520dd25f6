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

from collections.abc import Iterable

from openpractice.analysis import closing, confidence, places
from openpractice.analysis.changes import changes
from openpractice.analysis.checks import TOPIC, Item
from openpractice.analysis.compare import profile
from openpractice.analysis.differences import differences
from openpractice.analysis.everyone import everyone, past, value_of
from openpractice.analysis.finding import Finding
from openpractice.analysis.quality import quality
from openpractice.analysis.remembered import remembered
from openpractice.analysis.wording import LEVELS_PLURAL, month, number
from openpractice.kinds import Area, month_no
from openpractice.measures import catalogue
from openpractice.store import Store

A_TOPIC = 2


def stands_out(store: Store, code: str, limit: int = 5) -> list[Finding]:
    """The findings of an area, the most telling first; empty when nothing stands out, or nobody is left to act."""
    area = places.area(store, code)
    if closing.gone(area):
        return []
    found = remembered(store, ("stands out", area.code), lambda: tuple(_ranked(store, area)))
    return list(found[:limit])


def _ranked(store: Store, area: Area) -> list[Finding]:
    standings = profile(store, area.code)
    newest = max((month_no(s.own.period) for s in standings), default=0)
    found = [*_quality(store, area), *changes(store, area, standings, newest), *differences(area, standings, newest)]
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
