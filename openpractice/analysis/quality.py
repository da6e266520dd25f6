"""Can these figures be trusted? One grade for an area with its reasons, and the one repair that would help most."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from openpractice.analysis import closing, places
from openpractice.analysis.checks import Item, coverage, list_age, recording
from openpractice.analysis.confidence import GRADES
from openpractice.analysis.everyone import past
from openpractice.analysis.presence import months, services
from openpractice.analysis.remembered import remembered
from openpractice.analysis.wording import listed, lower_first
from openpractice.kinds import Area
from openpractice.store import Store


@dataclass(frozen=True)
class Quality:
    """How far an area's figures can be trusted, with every reason."""

    area: Area
    grade: str
    reasons: tuple[str, ...]
    items: tuple[Item, ...]
    best_fix: Item | None


def quality(store: Store, code: str) -> Quality:
    """The grade of an area's data: High when nearly all checks are, Low when a third are Low or nothing is known."""
    area = places.area(store, code)
    return remembered(store, ("quality", area.code), lambda: _quality(store, area))


def _quality(store: Store, area: Area) -> Quality:
    known = past(store, area.code)
    items = [
        *services(store, area, known),
        *recording(store, area, known),
        *months(store, area, known),
        *coverage(area, known),
        *(list_age(known) if "list_size" in known or not closing.gone(area) else []),
    ]
    if closing.gone(area):  # another's figures of today say nothing of it, and nobody can mend its own
        items = [replace(item, remedy="") for item in items if item.own]
    grade = _overall(items)
    ordered = tuple(sorted(items, key=lambda item: (not item.own, -GRADES.index(item.grade))))
    fixable = [item for item in ordered if item.own and item.grade != "High" and item.remedy]
    return Quality(area, grade, tuple(_reasons(ordered)), ordered, fixable[0] if fixable else None)


def _overall(items: Iterable[Item]) -> str:
    """Mean of High 2, Medium 1, Low 0 over the area's own checks: High from 1.5 without any Low, Low below 0.75."""
    points = [2 - GRADES.index(item.grade) for item in items if item.own]
    if not points:
        return "Low"
    mean = sum(points) / len(points)
    if mean < 0.75 or points.count(0) * 3 >= len(points):
        return "Low"
    return "High" if mean >= 1.5 and 0 not in points else "Medium"


def _reasons(items: Iterable[Item]) -> list[str]:
    own = [item for item in items if item.own]
    if not own:
        return ["No figures of this area are loaded."]
    said = [f"{item.title}: {item.value}." for item in own if item.grade != "High"]
    fine = [item.title for item in own if item.grade == "High"]
    if fine:
        said.append(f"Nothing speaks against: {listed([lower_first(title) for title in fine])}.")
    return said
