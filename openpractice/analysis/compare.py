"""How one area compares: with its own past, its neighbours, its network, the practices most alike, and England."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from openpractice.analysis import answers, places
from openpractice.analysis.everyone import everyone, past
from openpractice.analysis.groups import Spread, groups, spreads
from openpractice.analysis.process import chart, charted, icons
from openpractice.analysis.remembered import remembered
from openpractice.analysis.sized import FunnelPlot, funnel_plot
from openpractice.kinds import Area, Measure, Result, month_no
from openpractice.measures import catalogue, find
from openpractice.methods import spc
from openpractice.store import Store


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
    variation: str  # the icon of its own chart's latest point; "" where there are too few points to tell


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
    among: dict[str, Spread] = {}
    if period:
        group, note = groups(store, area, k, exclude)
        notes += [note] if note else []
        among = spreads(everyone(store, measure.name, area.level, period), own, group)
    recent = charted(history)
    return Comparison(
        measure, area, period, own, history, recent, chart(measure, recent), among,
        funnel_plot(store, measure, area, own, period), tuple(notes),
    )  # fmt: skip


def profile(store: Store, code: str, k: int = 20, exclude: Sequence[str] = ()) -> list[Standing]:
    """Every measure that the area has, each in its latest month, in the catalogue's order: the spine chart."""
    area = places.area(store, code)
    key = ("profile", area.code, k, tuple(sorted(exclude)))
    return list(remembered(store, key, lambda: tuple(_profile(store, area, k, exclude))))


def _profile(store: Store, area: Area, k: int, exclude: Sequence[str]) -> list[Standing]:
    group, _ = groups(store, area, k, exclude)
    known = past(store, area.code)
    found = [(measure, known[measure.name]) for measure in catalogue().values() if known.get(measure.name)]
    standings = []
    for (measure, history), icon in zip(found, icons(found), strict=True):
        own = history[-1]
        all_areas = everyone(store, measure.name, area.level, own.period)
        standings.append(Standing(measure, own, spreads(all_areas, own, group), icon))
    return standings
