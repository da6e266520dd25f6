"""What has moved inside an area: changes that chance does not explain, as sentences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from openpractice.analysis import network
from openpractice.analysis.network import Mover
from openpractice.kinds import Area
from openpractice.present import numbers
from openpractice.render import words
from openpractice.store import Store

SHOWN = 5
JUMPED = (
    "Calls for each patient changed by more than half between these months: "
    "check whether the telephone system or its reporting changed."
)


@dataclass(frozen=True)
class Moved:
    """A change that chance does not explain, as a sentence."""

    sentence: str
    detail: str
    href: str
    meaning: str


def moved(store: Store, area: Area, level: str) -> tuple[Moved, ...]:
    """The few changes that are most unusual."""
    return tuple(_moved(m) for m in _movers(store, area, level)[:SHOWN])


def _movers(store: Store, area: Area, level: str) -> list[Mover]:
    """What has moved most, one line for each area so that one place does not fill the list, and nothing doubtful."""
    first: dict[str, Mover] = {}
    for mover in _sure(network.movers(store, area.code, None, level)):
        first.setdefault(mover.area.code, mover)
    return list(first.values())


def _sure(found: Sequence[Mover]) -> list[Mover]:
    return [m for m in found if "Low" not in (m.before.confidence, m.after.confidence)]


def _moved(m: Mover) -> Moved:
    unit = m.measure.unit
    usual = ""
    if m.england_change is not None:
        usual = f" The middle change in England was {words.difference(0.0, m.england_change, unit)}."
    change = words.change(m.before.value, m.after.value, unit, m.before.period, m.after.period)
    verb = "rose" if m.change > 0 else "fell"
    hint = f" {JUMPED}" if m.volume_changed else ""
    return Moved(
        f"{m.area.name}: {numbers.lower(m.measure.title)} {verb}", change + usual + hint,
        numbers.address(m.area.code, m.measure.name), m.meaning,
    )  # fmt: skip
