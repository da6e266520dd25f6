"""The groups that an area can fairly be set among, and where it stands in each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from openpractice.analysis.alike import alike
from openpractice.analysis.everyone import QUANTILES, Everyone, atlas
from openpractice.analysis.wording import LEVELS_PLURAL
from openpractice.kinds import Area, Refused, Result
from openpractice.methods.spread import percentiles
from openpractice.store import Store

ENOUGH_LOCAL = 5  # practices with a figure in the sub-ICB location; with fewer the whole ICB is "local"


@dataclass(frozen=True, eq=False)
class Spread:
    """The values of a group of areas in one month, and where this area stands among them (0 to 100, ties half)."""

    key: str
    label: str
    period: str
    level: str
    codes: tuple[str, ...]
    values: NDArray[np.float64]
    own_percentile: float | None
    p10: float
    p25: float
    p50: float
    p75: float
    p90: float
    n: int
    below: int  # areas with a smaller value than this area's
    above: int


def groups(
    store: Store, area: Area, k: int = 20, exclude: Sequence[str] = ()
) -> tuple[dict[str, tuple[str, tuple[str, ...] | None]], str]:
    """Key → (label, codes) of the groups this area is set among (None for all of its level), and what is missing."""
    if area.level != "practice":
        return _groups_above(store, area), ""
    inside = atlas(store).inside
    found: dict[str, tuple[str, tuple[str, ...] | None]] = {"england": ("Practices in England", None)}
    local = area.sub_icb if len(inside.get(("practice", area.sub_icb), ())) >= ENOUGH_LOCAL else area.icb
    for key, parent in (("local", local), ("network", area.pcn)):
        codes = inside.get(("practice", parent), ())
        if parent and len(codes) > 1:
            found[key] = (f"Practices in {_name(store, parent)}", codes)
    try:
        twins = alike(store, area.code, k, exclude)
    except Refused as refusal:
        return found, str(refusal)
    found["alike"] = (f"The {twins.k} practices most alike", twins.codes)
    return found, ""


def _groups_above(store: Store, area: Area) -> dict[str, tuple[str, tuple[str, ...] | None]]:
    if area.level == "nation":
        return {}
    words = LEVELS_PLURAL[area.level]
    found: dict[str, tuple[str, tuple[str, ...] | None]] = {"england": (f"{words.capitalize()} in England", None)}
    parent = area.region if area.level == "icb" else area.icb
    codes = atlas(store).inside.get((area.level, parent), ())
    if parent and len(codes) > 1:
        found["local"] = (f"{words.capitalize()} in {_name(store, parent)}", codes)
    return found


def _name(store: Store, code: str) -> str:
    known = atlas(store).areas.get(code)
    return known.name if known else code


def spreads(all_areas: Everyone, own: Result | None, group: dict) -> dict[str, Spread]:
    """Where a figure stands in each of the groups that has figures in that month."""
    value = None if own is None else own.value
    return {
        key: _spread(key, label, all_areas, codes, value)
        for key, (label, codes) in group.items()
        if (codes is None and all_areas.codes) or (codes and all_areas.at(codes))
    }


def _spread(key: str, label: str, all_areas: Everyone, codes: Iterable[str] | None, own: float | None) -> Spread:
    if codes is None:
        names, values, middle = all_areas.codes, all_areas.value, all_areas.quantiles
        below, above = (0, 0) if own is None else all_areas.around(own)
    else:
        at = all_areas.at(codes)
        names, values = tuple(all_areas.codes[i] for i in at), all_areas.value[at]
        middle = percentiles(values, QUANTILES)
        below, above = (0, 0) if own is None else (int((values < own).sum()), int((values > own).sum()))
    n = len(names)
    place = None if own is None else 100 * (below + (n - below - above) / 2) / n
    p10, p25, p50, p75, p90 = middle.tolist()
    return Spread(
        key, label, all_areas.period, all_areas.level, names, values, place, p10, p25, p50, p75, p90, n, below, above
    )
