"""Which practices are most alike, and why: comparison is fair only with practices whose patients are like yours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from openpractice.analysis import closing
from openpractice.analysis.everyone import atlas
from openpractice.analysis.features import FEATURES, Feature, Table, features
from openpractice.analysis.remembered import remembered
from openpractice.kinds import Area, Refused
from openpractice.methods import peers
from openpractice.store import Store

ENOUGH = 4  # features that must be known of a practice before it is likened to others
COMMON = 0.5  # share of practices that must have a feature before it is used
KNOWN_WELL = 0.75  # share of the features used that must be known of a practice before others are likened to it
_BY_NAME = {feature.name: feature for feature in FEATURES}


@dataclass(frozen=True)
class Neighbour:
    """One practice that is alike: how far, and what each feature adds (shares of the squared distance)."""

    area: Area
    distance: float
    contributions: dict[str, float]
    values: dict[str, float | None]


@dataclass(frozen=True)
class Alike:
    """The practices most alike one practice, nearest first."""

    area: Area
    features: tuple[Feature, ...]  # those compared by
    own: dict[str, float | None]
    neighbours: tuple[Neighbour, ...]
    drivers: dict[str, float]  # share of all the squared distance to these neighbours
    stability: dict[str, float]  # share of neighbours kept when the feature is left out
    missing: tuple[str, ...]  # features not known of this practice: it counts as ordinary in them
    unused: tuple[str, ...]  # features known of too few practices, or left out as asked
    n: int
    k: int

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(neighbour.area.code for neighbour in self.neighbours)


def alike(store: Store, code: str, k: int = 20, exclude: Sequence[str] = ()) -> Alike:
    """The k practices most alike, without the features excluded.

    Raises Refused for what is not an open practice, a practice of which too little is known, or an unknown feature.
    """
    exclude = tuple(sorted(set(exclude)))
    return remembered(store, ("alike", code, k, exclude), lambda: _alike(store, code, k, exclude), room=500)


def _alike(store: Store, code: str, k: int, exclude: tuple[str, ...]) -> Alike:
    everywhere, known = atlas(store).areas, features(store)
    _check(everywhere.get(code), code, k, exclude, known)
    place = everywhere[code]
    row = known.index[code]
    have = [f for i, f in enumerate(FEATURES) if not np.isnan(known.values[row, i])]
    if len(have) < ENOUGH:
        raise Refused(
            f"Only {len(have)} of {len(FEATURES)} features of {place.name} are known, and {ENOUGH} are needed to say which "
            "practices are most alike. Load registered patients by age, deprivation and payments for this practice."
        )
    rows, space = _space(store, exclude)
    if row not in rows:  # little is known of this one: it is set among the others, but is nobody's neighbour
        rows, space = _scaled(known, np.append(rows, row), exclude)
    k = min(k, len(rows) - 1)
    found = peers.most_alike(space, int(np.flatnonzero(rows == row)[0]), k)
    used = tuple(_BY_NAME[name] for name in found.names)
    neighbours = tuple(
        Neighbour(everywhere[known.codes[i]], float(distance), _shares(found.names, squares), _values(known, i, used))
        for i, distance, squares in zip(rows[found.indices], found.distances, found.contributions, strict=True)
    )
    own = _values(known, row, used)
    return Alike(
        area=place, features=used, own=own, neighbours=neighbours,
        drivers=dict(zip(found.names, found.drivers.tolist(), strict=True)),
        stability=dict(zip(found.names, found.stability.tolist(), strict=True)),
        missing=tuple(name for name, value in own.items() if value is None),
        unused=tuple(f.name for f in FEATURES if f not in used), n=len(rows), k=k,
    )  # fmt: skip


def _check(place: Area | None, code: str, k: int, exclude: tuple[str, ...], known: Table) -> None:
    if place is None:
        raise Refused(f"There is no practice with the code '{code}' in the loaded files. Search by name or postcode.")
    if place.level != "practice":
        raise Refused(f"{place.name} is not a practice. The most alike are found for practices; open one of its own.")
    if closing.gone(place):
        raise Refused(f"{closing.when(place)}, so no practice is most alike today.")
    if code not in known.index:
        raise Refused(f"{place.name} has no registered patients in the newest files, so nothing can be most alike.")
    if k < 1:
        raise Refused(f"Ask for at least 1 practice most alike, not {k}.")
    for name in exclude:
        if name not in _BY_NAME:
            raise Refused(f"There is no feature called '{name}'. There are: {', '.join(_BY_NAME)}.")
    if len(known.codes) < 2:
        raise Refused("Only one practice is loaded, so there is none to be alike. Load a file of all practices.")


def _shares(names: Sequence[str], squares: NDArray) -> dict[str, float]:
    total = squares.sum()
    return dict(zip(names, (squares / total if total else squares).tolist(), strict=True))


def _values(known: Table, row: int, used: Sequence[Feature]) -> dict[str, float | None]:
    values = {f.name: float(known.values[row, i]) for i, f in enumerate(FEATURES) if f in used}
    return {name: None if value != value else value for name, value in values.items()}


def _space(store: Store, exclude: tuple[str, ...]) -> tuple[NDArray[np.intp], peers.Space]:
    """The rows of the practices that can be neighbours, and the space they lie in, remembered."""

    def build() -> tuple[NDArray[np.intp], peers.Space]:
        known = features(store)
        present = ~np.isnan(known.values[:, _used(known, exclude)])
        return _scaled(known, np.flatnonzero(present.mean(axis=1) >= KNOWN_WELL), exclude)

    return remembered(store, ("space", exclude), build)


def _used(known: Table, exclude: tuple[str, ...]) -> list[int]:
    common = (~np.isnan(known.values)).mean(axis=0) >= COMMON
    used = [i for i, f in enumerate(FEATURES) if common[i] and f.name not in exclude]
    if not used:
        raise Refused("Every feature is left out. Leave at least one to compare by.")
    return used


def _scaled(known: Table, rows: NDArray[np.intp], exclude: tuple[str, ...]) -> tuple[NDArray[np.intp], peers.Space]:
    used = _used(known, exclude)
    names = [FEATURES[i].name for i in used]
    logged = [name for name in names if _BY_NAME[name].log]
    weights = {name: _BY_NAME[name].weight for name in names}
    return rows, peers.space(known.values[rows][:, used], names, log=logged, weights=weights)
