"""Is its size enough to explain it? An area among all of its level by size, with the limits of chance."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from openpractice.analysis.everyone import Everyone, everyone
from openpractice.analysis.remembered import remembered
from openpractice.analysis.wording import LEVELS_PLURAL
from openpractice.kinds import Area, Measure, Result
from openpractice.methods import funnel as funnels
from openpractice.store import Store

_COUNTED = {"appointments", "calls", "submissions", "items", "patients"}
_NOT_COUNTED = {"FTE", "points"}


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


def funnel_plot(
    store: Store, measure: Measure, area: Area, own: Result | None, period: str | None
) -> FunnelPlot | None:
    """The funnel with this area marked; None for England, or where limits of chance make no sense."""
    if period is None or area.level == "nation":
        return None
    built = _funnel_of_all(store, measure, area.level, period)
    if built is None:
        return None
    found, drawn = built
    at = found.index.get(area.code)
    limits = drawn.limits_at(np.nan if at is None else found.denominator[at])
    ends = (limits.lower_95, limits.upper_95, limits.lower_998, limits.upper_998)
    lower_95, upper_95, lower_998, upper_998 = (None if at is None else float(end) for end in ends)
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
