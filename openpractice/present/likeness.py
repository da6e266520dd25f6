"""Why two practices are alike, in words: what they share that is unusual, and what most sets them apart."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from openpractice.analysis.alike import Alike, Neighbour
from openpractice.analysis.features import FEATURES, Feature, features
from openpractice.render import words
from openpractice.store import Store

SAME = 0.3  # robust standard deviations within which a feature is the same for every purpose
APART = 0.6  # beyond which a difference is worth saying

# feature: (the same, more, less)
_SAID = {
    "list_size": ("a list of the same size", "a larger list", "a smaller list"),
    "under_5": ("as many under 5s", "more under 5s", "fewer under 5s"),
    "aged_5_to_19": ("as many aged 5 to 19", "more aged 5 to 19", "fewer aged 5 to 19"),
    "aged_15_to_24": ("as many young adults", "more young adults", "fewer young adults"),
    "aged_65_and_over": ("as many over 65s", "more over 65s", "fewer over 65s"),
    "aged_75_and_over": ("as many over 75s", "more over 75s", "fewer over 75s"),
    "imd_score": ("similar deprivation", "more deprivation", "less deprivation"),
    "non_white_share": ("a similar ethnic mix", "more patients who are not white", "fewer patients who are not white"),
    "rural": ("the same kind of place", "rural", "not rural"),
    "dispensing": ("dispensing alike", "dispenses", "does not dispense"),
    "patients_near": ("as many patients nearby", "more patients nearby", "fewer patients nearby"),
}
_YES_NO = "yes or no"


@dataclass(frozen=True)
class Reasons:
    """A neighbour in words: how alike, what is shared, what differs most (empty when nothing does)."""

    how: str
    shared: str
    differs: str

    @property
    def sentence(self) -> str:
        said = f"{self.shared}; but {self.differs}" if self.shared and self.differs else self.shared or self.differs
        return said[:1].upper() + said[1:]


def reasons(store: Store, found: Alike) -> list[Reasons]:
    """One for each neighbour, in their order."""
    unusual = _unusual(store, found)
    return [_reasons(found, neighbour, unusual) for neighbour in found.neighbours]


def _unusual(store: Store, found: Alike) -> list[str]:
    """The features known of this practice, those first in which it lies furthest from the middle of England."""
    known = features(store)
    place = [f.name for f in FEATURES]
    off = {}
    for feature in found.features:
        column, own = known.values[:, place.index(feature.name)], found.own[feature.name]
        if own is not None:
            column = column[~np.isnan(column)]
            off[feature.name] = abs((column < own).mean() + (column == own).mean() / 2 - 0.5)
    return sorted(off, key=lambda name: -off[name])


def _reasons(found: Alike, neighbour: Neighbour, unusual: list[str]) -> Reasons:
    units = {f.name: f.unit for f in found.features}
    step = {f.name: _step(neighbour, f.name, f.weight) for f in found.features}
    same = [n for n in unusual if step[n] <= SAME and neighbour.values[n] is not None and units[n] != _YES_NO]
    shared = [_SAID[name][0] for name in same[:3]]
    apart = sorted((n for n in unusual if step[n] > APART and neighbour.values[n] is not None), key=lambda n: -step[n])
    differs = [_SAID[n][1 if (neighbour.values[n] or 0) > (found.own[n] or 0) else 2] for n in apart[:2]]
    return Reasons(_how(found, neighbour), words.listed(shared), words.listed(differs))


def _step(neighbour: Neighbour, name: str, weight: float) -> float:
    """How far apart in one feature, in robust standard deviations."""
    return float(np.sqrt(neighbour.contributions[name] / weight) * neighbour.distance)


def _how(found: Alike, neighbour: Neighbour) -> str:
    """The distance in words: the usual difference in one feature, in robust standard deviations."""
    usual = neighbour.distance / np.sqrt(sum(f.weight for f in found.features))
    if usual < 0.25:
        return "Very alike"
    if usual < 0.5:
        return "Alike"
    return "Fairly alike" if usual < 0.9 else "Not very alike"


def steadiness(found: Alike) -> str:
    """How far the answer hangs on any one feature, in a sentence or two."""
    if not found.stability or len(found.features) < 2:
        return "Only one feature is used, so the answer rests on it alone."
    titles = {f.name: f.title.lower() for f in found.features}
    weakest = min(found.stability, key=lambda n: found.stability[n])
    kept = round(found.stability[weakest] * found.k)
    typical = round(float(np.median(list(found.stability.values()))) * found.k)
    if kept >= 0.7 * found.k:
        said = "The group is steady: leave out any one feature and"
    elif typical < 0.5 * found.k:
        said = "The group is loose, and many others are about as alike: leave out any one feature and"
    else:
        said = "Leave out any one feature and"
    return f"{said} usually {typical} of the {found.k} stay. It rests most on {titles[weakest]}: without that, {kept} stay."


def gaps(found: Alike) -> str:
    """What is not known of this practice, in a sentence; empty when all is."""
    if not found.missing:
        return ""
    titles = {f.name: f.title.lower() for f in found.features}
    named = [titles[name] for name in found.missing]
    return f"Not known of this practice, and so taken as ordinary: {words.listed(named)}."


def plainly(feature: Feature, number: float | None) -> float | str | None:
    """A feature's value for a file: the bare number, and yes or no for a flag."""
    return value(feature, number) if feature.unit == _YES_NO and number is not None else number


def value(feature: Feature, number: float | None) -> str:
    """A feature's value in its unit."""
    if feature.unit == _YES_NO:
        return "not known" if number is None else "yes" if number >= 0.5 else "no"
    return "not known" if number is None else words.figure(number, feature.unit)
