"""How one area compares: with its own past, its neighbours, its network, the practices most alike, and England."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from openpractice.analysis import answers, places
from openpractice.analysis.alike import alike
from openpractice.analysis.everyone import QUANTILES, Everyone, atlas, everyone, past, value_of
from openpractice.analysis.remembered import remembered
from openpractice.analysis.wording import LEVELS_PLURAL
from openpractice.kinds import Area, Measure, Refused, Result, month_no
from openpractice.measures import catalogue, find
from openpractice.methods import funnel as funnels
from openpractice.methods import spc
from openpractice.methods.spread import percentiles
from openpractice.store import Store

ENOUGH_LOCAL = 5  # practices with a figure in the sub-ICB location; with fewer the whole ICB is "local"
NEW_START = 12  # months without a figure after which a chart starts afresh
CHARTED = 36  # months; Making Data Count keeps charts to two or three years, so that limits describe today's process
_COUNTED = {"appointments", "calls", "submissions", "items", "patients"}
_NOT_COUNTED = {"FTE", "points"}


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


@dataclass(frozen=True, eq=False)
class FunnelPlot:
    """All areas of the level by size, with limits for this area's own size.

    `all` can draw the curves (`all.limits_at(sizes)`); `statement` says how the limits were widened.
    """

    kind: str
    unit: str
    codes: tuple[str, ...]
    denominators: NDArray[np.float64]
    values: NDArray[np.float64]
    centre: float
    own_denominator: float | None
    own_value: float | None
    position: str  # within, high_95, high_998, low_95, low_998 or unknown
    lower_95: float | None
    upper_95: float | None
    lower_998: float | None
    upper_998: float | None
    overdispersion: str
    phi: float
    tau2: float
    statement: str
    all: funnels.Funnel = field(repr=False)


@dataclass(frozen=True, eq=False)
class Comparison:
    """One measure of one area, set beside everything it can fairly be set beside.

    `chart` has one point for each of `charted`, the last three years of `history`.
    """

    measure: Measure
    area: Area
    period: str | None
    own: Result | None
    history: list[Result]
    charted: list[Result]
    chart: spc.Chart | None
    spreads: dict[str, Spread]
    funnel: FunnelPlot | None
    notes: tuple[str, ...]  # what could not be compared, and why


@dataclass(frozen=True, eq=False)
class Standing:
    """One line of the spine chart: the latest figure and the groups it stands among."""

    measure: Measure
    own: Result
    spreads: dict[str, Spread]
    variation: str  # of the latest point of its own chart; "" where there are too few points for one


def compare(
    store: Store, measure_name: str, code: str, period: str | None = None, k: int = 20, exclude: Sequence[str] = ()
) -> Comparison:
    """Compare one measure of one area, by default in the latest month that the area has.

    Areas above the practice are compared with areas of their own level. Raises Refused for an unknown measure, area
    or month, and not where there is nothing to compare with: `notes` says so.
    """
    measure, area = find(measure_name), places.area(store, code)
    if period is not None:
        month_no(period)
    history = answers.series(store, measure.name, area.code)
    period = period or (history[-1].period if history else None)
    own = next((result for result in history if result.period == period), None)
    notes: list[str] = []
    spreads: dict[str, Spread] = {}
    if period:
        group, note = groups(store, area, k, exclude)
        notes += [note] if note else []
        spreads = _spreads(everyone(store, measure.name, area.level, period), area, own, group)
    recent = charted(history)
    return Comparison(
        measure, area, period, own, history, recent, chart(measure, recent), spreads,
        _funnel(store, measure, area, own, period), tuple(notes),
    )  # fmt: skip


def charted(history: Sequence[Result]) -> list[Result]:
    """The part of a history that a chart shows: its last three years."""
    if not history:
        return []
    first = month_no(history[-1].period) - CHARTED + 1
    return [result for result in history if month_no(result.period) >= first]


def chart(measure: Measure, history: Sequence[Result]) -> spc.Chart | None:
    """The control chart of a history, point for point. It starts afresh after a gap of more than a year."""
    values = [value_of(r) for r in history]
    if len(values) < 2:
        return None
    return spc.xmr(values, rebase=_starts(history), direction=measure.direction)


def _starts(history: Sequence[Result]) -> list[int]:
    months = [month_no(r.period) for r in history]
    return [i for i in range(1, len(months)) if months[i] - months[i - 1] > NEW_START]


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


def _spreads(all_areas: Everyone, area: Area, own: Result | None, group: dict) -> dict[str, Spread]:
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


def funnel_kind(measure: Measure) -> str | None:
    """Whether chance limits make sense: "proportion" or "rate" where things are counted, None for FTE, money, scores.

    Nor for what patients are like: nobody's age is a throw of the dice.
    """
    if measure.topic == "List" or measure.status == "context":
        return None
    units = {column.unit for column in measure.table.columns}
    if units & _NOT_COUNTED or not units & _COUNTED or measure.bands:
        return None
    if measure.unit == "proportion":
        return "proportion"
    return "rate" if measure.unit.startswith("per ") else None


def _funnel_of_all(store: Store, measure: Measure, level: str, period: str) -> tuple[Everyone, funnels.Funnel] | None:
    """The funnel of a level, or None where a numerator is below nothing or above its denominator (growth, repeats)."""
    kind = funnel_kind(measure)
    if kind is None:
        return None

    def build():
        found = everyone(store, measure.name, level, period)
        top, size = found.numerator, found.denominator
        if len(found.codes) < 3 or (top < 0).any() or (kind == "proportion" and (top > size).any()):
            return None
        return found, funnels.funnel(top, size, kind=kind, per=measure.scale, overdispersion="additive")

    return remembered(store, ("funnel", measure.name, level, period), build)


def _funnel(store: Store, measure: Measure, area: Area, own: Result | None, period: str | None) -> FunnelPlot | None:
    if period is None or area.level == "nation":
        return None
    built = _funnel_of_all(store, measure, area.level, period)
    if built is None:
        return None
    found, drawn = built
    at = found.index.get(area.code)
    limits = drawn.limits_at(np.nan if at is None else found.denominator[at])
    lower_95, upper_95, lower_998, upper_998 = (
        None if at is None else float(end)
        for end in (limits.lower_95, limits.upper_95, limits.lower_998, limits.upper_998)
    )
    return FunnelPlot(
        kind=drawn.kind,
        unit=measure.unit,
        codes=found.codes,
        denominators=found.denominator,
        values=found.value,
        centre=drawn.centre,
        own_denominator=None if at is None else float(found.denominator[at]),
        own_value=None if own is None else own.value,
        position="unknown" if at is None else str(drawn.position[at]),
        lower_95=lower_95,
        upper_95=upper_95,
        lower_998=lower_998,
        upper_998=upper_998,
        overdispersion=drawn.overdispersion,
        phi=drawn.phi,
        tau2=drawn.tau2,
        statement=_statement(drawn, area.level),
        all=drawn,
    )


def _statement(drawn: funnels.Funnel, level: str) -> str:
    return (
        f"{LEVELS_PLURAL[level].capitalize()} differ by more than chance alone explains (their scores vary about "
        f"{drawn.phi:,.0f} times as much), so the limits are widened by the variation usual between them (Spiegelhalter 2005, additive)."
        if drawn.tau2 > 0
        else "The limits are those of chance alone: nothing in these figures calls for wider ones."
    )


def profile(store: Store, code: str, k: int = 20, exclude: Sequence[str] = ()) -> list[Standing]:
    """Every measure that the area has, each in its latest month, in the catalogue's order: the spine chart."""
    area = places.area(store, code)
    key = ("profile", area.code, k, tuple(sorted(exclude)))
    return list(remembered(store, key, lambda: tuple(_profile(store, area, k, exclude))))


def _profile(store: Store, area: Area, k: int, exclude: Sequence[str]) -> list[Standing]:
    group, _ = groups(store, area, k, exclude)
    known = past(store, area.code)
    found = [(measure, known[measure.name]) for measure in catalogue().values() if known.get(measure.name)]
    icons = _variations(found)
    standings = []
    for (measure, history), icon in zip(found, icons, strict=True):
        own = history[-1]
        all_areas = everyone(store, measure.name, area.level, own.period)
        standings.append(Standing(measure, own, _spreads(all_areas, area, own, group), icon))
    return standings


def _variations(found: Sequence[tuple[Measure, Sequence[Result]]]) -> list[str]:
    """The icon of each history's latest point, as `chart` would give it, but all judged at once."""
    recent = [charted(history) for _, history in found]
    width = max(map(len, recent), default=0)
    if width < 2:
        return [""] * len(recent)
    table = np.full((len(recent), width), np.nan)  # points missing at the start change nothing
    for row, history in zip(table, recent, strict=True):
        row[width - len(history) :] = [value_of(r) for r in history]
    icons = spc.xmr(table, direction=[measure.direction for measure, _ in found]).variation
    return [_icon(m, h, str(icon)) for (m, _), h, icon in zip(found, recent, icons, strict=True)]


def _icon(measure: Measure, history: Sequence[Result], icon: str) -> str:
    if len(history) < 2:
        return ""
    drawn = chart(measure, history) if _starts(history) else None
    return str(drawn.variation) if drawn else icon
