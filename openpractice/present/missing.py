"""What there is no figure for, where the figure exists at a higher level, and which file would bring it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from openpractice.analysis import answers, places
from openpractice.kinds import Area, Measure, Source
from openpractice.present import numbers
from openpractice.render import words
from openpractice.sources import catalogue as sources
from openpractice.store import Store

# Published for whole areas only: no file could bring them for one practice.
NATIONAL = {"calls_by_time", "online_by_time"}
NEVER_PRACTICE = NATIONAL | {"coverage"}
FROM = {"appointments": "gpad_practice"}  # where several sources speak of a table, the one that names practices


@dataclass(frozen=True)
class Above:
    """The figure of a larger area that holds this one, always shown as that area's."""

    measure: Measure
    area: Area
    value: str
    period: str
    href: str


@dataclass(frozen=True)
class Lack:
    """Measures without a figure here that one file would bring, and what is known of the larger areas."""

    measures: tuple[Measure, ...]
    source: Source | None
    above: tuple[Above, ...]

    @property
    def remedy(self) -> str:
        if self.source is None:
            return "It is published for larger areas only."
        one = f"“{self.source.title}”"
        return f"Needs {one}: openpractice fetch {self.source.name}, or openpractice ingest FILE."


def lacks(store: Store, area: Area, measures: Iterable[Measure]) -> tuple[Lack, ...]:
    """The measures grouped by the file that would bring them."""
    grouped: dict[str, list[Measure]] = {}
    for measure in measures:
        source = source_of(measure, area.level)
        grouped.setdefault(source.name if source else "", []).append(measure)
    above = _parents(store, area)
    return tuple(
        Lack(tuple(some), sources().get(name), tuple(filter(None, (_above(m, above) for m in some))))
        for name, some in grouped.items()
    )


def of_measure(store: Store, measure: Measure, area: Area) -> Lack:
    """Why one measure has no figure for an area."""
    return lacks(store, area, [measure])[0]


@lru_cache(maxsize=1024)
def source_of(measure: Measure, level: str) -> Source | None:
    """The published file that would bring a measure at a level; None where nothing that we read could."""
    table = measure.table.name
    if (level != "nation" and table in NATIONAL) or (level in ("practice", "pcn") and table in NEVER_PRACTICE):
        return None
    known = sources()
    if table in FROM:
        return known[FROM[table]]
    return min((s for s in known.values() if any(t.name == table for t in s.tables)), key=lambda s: s.rank, default=None)


def _parents(store: Store, area: Area) -> list[tuple[Area, dict]]:
    """The larger areas, the nearest first, with their figures. A network is not asked: it knows what its practices know."""
    line = [a for a in reversed(places.path(store, area)) if a.code != area.code and a.level != "pcn"]
    return [(a, answers.history(store, a.code)) for a in line]


def _above(measure: Measure, parents: list[tuple[Area, dict]]) -> Above | None:
    for area, history in parents:
        if measure.name in history:
            last = history[measure.name][-1]
            return Above(
                measure, area, words.number(last.value, measure.unit, full=True), words.period(last.period),
                numbers.address(area.code, measure.name),
            )  # fmt: skip
    return None
