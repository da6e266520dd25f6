"""What there is no figure for, where the figure exists at a higher level, and which file would bring it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache, partial

from openpractice.analysis import answers, places
from openpractice.analysis.remembered import remembered
from openpractice.analysis.unsaid import unsaid
from openpractice.fetch.known import publications
from openpractice.kinds import Area, Measure, Result, Source
from openpractice.present import numbers
from openpractice.render import words
from openpractice.sources import catalogue as sources
from openpractice.store import Store

# Published for whole areas only: no file could bring them for one practice.
NATIONAL = {"calls_by_time", "online_by_time"}
NEVER_PRACTICE = NATIONAL | {"coverage", "appointment_durations"}
NAMED = 3
OWN = "No open data exist for this: it comes from a practice's own records, and whoever that practice agreed with sees it."
# Where several sources speak of a table: the one that names practices, or that has what the measure counts.
FROM = {
    "appointments": "gpad_practice",
    "non_white_share": "ethnicity",
    "payment_per_weighted_patient": "payments",
    "weighted_list_ratio": "payments",
}


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
    """Measures without a figure here for one reason, what would bring them, and what is known of the larger areas."""

    measures: tuple[Measure, ...]
    remedy: str
    above: tuple[Above, ...]

    @property
    def names(self) -> str:
        """The first few titles, and how many more there are."""
        titles = [numbers.lower(m.title) for m in self.measures]
        rest = len(titles) - NAMED
        return words.listed([*titles[:NAMED], f"{rest} more"] if rest > 1 else titles)


def lacks(store: Store, area: Area, measures: Iterable[Measure]) -> tuple[Lack, ...]:
    """The measures grouped by what would bring them."""
    grouped: dict[str, list[Measure]] = {}
    for measure in measures:
        grouped.setdefault(_remedy(store, measure, area), []).append(measure)
    above = _parents(store, area)
    return tuple(
        Lack(tuple(some), remedy, tuple(filter(None, (_above(m, above) for m in some))))
        for remedy, some in grouped.items()
    )


def of_measure(store: Store, measure: Measure, area: Area) -> Lack:
    """Why one measure has no figure for an area."""
    return lacks(store, area, [measure])[0]


def why(store: Store, measure: Measure, area: Area, first: str | None = None, last: str | None = None) -> str:
    """Why facts of the area that are loaded give no figure of it; empty where it is not known, or none are loaded."""
    found = unsaid(store, measure, area.code, area.level, first, last)
    if found is None:
        return ""
    month = words.period(found.period)
    if found.coverage is not None:
        return (
            f"The loaded figures cover too few of the area's patients ({words.percentage(found.coverage)} in {month}) to be "
            "given as the area's."
        )
    return (
        f"The figures are loaded (of {month}), but no list of registered patients from within a year of them is, and it is "
        "divided by that list."
    )


def _remedy(store: Store, measure: Measure, area: Area) -> str:
    if measure.table.own:
        return OWN if area.level == "practice" else f"{OWN} It is never worked out for larger areas."
    others = area.level in available(store).get(measure.name, {})
    # asked of the records: never where other practices have figures, since it takes seconds and is seldom the reason
    if not (others and area.level == "practice") and (told := why(store, measure, area)):
        return told
    if others:
        return (
            f"The loaded files hold no figure for {area.name}, though they do for other {numbers.PLURALS[area.level]}."
        )
    source = source_of(measure, area.level)
    if source is None:
        return "Published for larger areas only."
    fetch = f"openpractice fetch {source.name}, or " if source.name in _fetched() else ""
    return f"Needs the file “{source.title}”: {fetch}openpractice ingest FILE."


def available(store: Store) -> dict[str, dict[str, tuple[str, str, int]]]:
    """Measure → level → what there is, remembered."""
    return remembered(store, ("available",), lambda: answers.available(store))


@lru_cache
def _fetched() -> frozenset[str]:
    return frozenset(publication.source for publication in publications().values())


def source_of(measure: Measure, level: str) -> Source | None:
    """The published file that would bring a measure at a level; None where nothing that we read could."""
    return _source_of(measure.name, measure.table.name, level)


@lru_cache
def _source_of(measure: str, table: str, level: str) -> Source | None:
    if (level != "nation" and table in NATIONAL) or (level in ("practice", "pcn") and table in NEVER_PRACTICE):
        return None
    known = sources()
    if found := FROM.get(measure) or FROM.get(table):
        return known[found]
    return min(
        (s for s in known.values() if any(t.name == table for t in s.tables)), key=lambda s: s.rank, default=None
    )


def _parents(store: Store, area: Area) -> list[tuple[Area, dict[str, Result]]]:
    """The larger areas, the nearest first, with their latest figures.

    A network is not asked: it knows what its practices know.
    """
    line = [a for a in reversed(places.path(store, area)) if a.code != area.code and a.level != "pcn"]
    return [(a, remembered(store, ("latest", a.code), partial(_latest, store, a.code))) for a in line]


def _latest(store: Store, code: str) -> dict[str, Result]:
    return {name: history[-1] for name, history in answers.history(store, code).items()}


def _above(measure: Measure, parents: list[tuple[Area, dict[str, Result]]]) -> Above | None:
    for area, latest in parents:
        if measure.name in latest:
            last = latest[measure.name]
            return Above(
                measure, area, words.number(last.value, measure.unit, full=True), words.period(last.period),
                numbers.address(area.code, measure.name),
            )  # fmt: skip
    return None
