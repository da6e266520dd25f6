"""Inside a network, an ICB or a region: where each practice stands, and where something has moved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from openpractice.analysis import answers, places
from openpractice.analysis.everyone import everyone, value_of
from openpractice.analysis.intervals import interval
from openpractice.analysis.remembered import remembered
from openpractice.analysis.volume import volume_changed
from openpractice.kinds import LEVELS, Area, Measure, Refused, Result, month_no, period_of
from openpractice.measures import catalogue, find
from openpractice.methods.peers import NORMAL_IQR
from openpractice.methods.spread import percentile_of, percentiles
from openpractice.store import Store

# What a network looks at first, in the order of its columns; those that are loaded are shown.
USUAL = (
    "inbound_calls_per_1000",
    "calls_answered",
    "calls_missed",
    "online_requests_per_1000",
    "appointments_per_1000_per_working_day",
    "same_day_share",
    "within_14_days_share",
    "dna_rate",
    "gp_share",
    "face_to_face_share",
    "gp_fte_per_10000",
    "admin_fte_per_10000",
)
_INSIDE = {"pcn": "practice", "sub_icb": "practice", "icb": "practice", "region": "icb", "nation": "icb"}
ENOUGH_CHANGES = 10  # areas whose change is known before one change is called unusual


@dataclass(frozen=True, eq=False)
class Matrix:
    """Areas by measures, each measure in its latest month. NaN (or "") where an area has no figure."""

    area: Area
    level: str
    practices: list[Area]
    measures: list[Measure]
    periods: list[str]  # [measure]
    values: NDArray[np.float64]  # [practice, measure]
    percentiles: NDArray[np.float64]  # among all of England, 0 to 100
    confidence: NDArray[np.str_]  # High, Medium, Low or ""


@dataclass(frozen=True)
class Series:
    """One area's history of one measure. `change` is from `since` to its last month; None when there is no earlier one."""

    area: Area
    history: list[Result]
    since: str | None
    change: float | None


@dataclass(frozen=True)
class Mover:
    """A change larger than chance explains. `unusual` is how many robust standard deviations it lies from the middle
    of all such changes in England; None where too few are known."""

    area: Area
    measure: Measure
    before: Result
    after: Result
    change: float
    meaning: str  # improvement, concern or neutral
    england_change: float | None  # the middle change of England's areas over the same months
    unusual: float | None
    volume_changed: bool  # by more than half: it may be the recording that has changed


def _members(store: Store, code: str, level: str | None) -> tuple[Area, str, list[Area]]:
    area = places.area(store, code)
    if area.level == "practice":
        raise Refused(f"{area.name} is one practice. Open its network, its sub-ICB location or its ICB instead.")
    level = level or _INSIDE[area.level]
    if level not in LEVELS or LEVELS.index(level) >= LEVELS.index(area.level):
        raise Refused(f"{area.name} cannot be shown by {level}. Choose a level below its own.")
    return area, level, places.members(store, area, level)


def _last_month(store: Store, measure: str, level: str) -> str | None:
    available = remembered(store, ("available",), lambda: answers.available(store))
    return available[measure][level][1] if level in available.get(measure, {}) else None


def _asked(store: Store, level: str, measures: Sequence[str] | None) -> list[tuple[Measure, str]]:
    """Measures with the latest month of that level, those without any left out."""
    if measures is not None:
        chosen = [find(name) for name in measures]
    else:
        chosen = [catalogue()[name] for name in USUAL if name in catalogue()]
    found = [(measure, month) for measure in chosen if (month := _last_month(store, measure.name, level))]
    if not found and measures is None:
        chosen = [m for m in catalogue().values() if m.topic != "Data quality"][: len(USUAL) * 4]
        found = [(measure, month) for measure in chosen if (month := _last_month(store, measure.name, level))]
    return found


def matrix(store: Store, code: str, measures: Sequence[str] | None = None, level: str | None = None) -> Matrix:
    """Every practice of an area (every ICB of a region or of England) by measure; raises Refused for a practice."""
    asked = None if measures is None else tuple(measures)
    return remembered(store, ("matrix", code, asked, level), lambda: _matrix(store, code, asked, level))


def _matrix(store: Store, code: str, measures: tuple[str, ...] | None, level: str | None) -> Matrix:
    area, level, inside = _members(store, code, level)
    asked = _asked(store, level, measures)
    shape = len(inside), len(asked)
    values, standing = np.full(shape, np.nan), np.full(shape, np.nan)
    confidence = np.full(shape, "", dtype="<U6")
    for column, (measure, month) in enumerate(asked):
        found = everyone(store, measure.name, level, month)
        rows = [i for i, place in enumerate(inside) if place.code in found.index]
        at = [found.index[inside[i].code] for i in rows]
        values[rows, column], confidence[rows, column] = found.value[at], found.confidence[at]
        standing[rows, column] = percentile_of(found.value[at], found.value)
    return Matrix(
        area, level, inside, [m for m, _ in asked], [month for _, month in asked], values, standing, confidence
    )


def multiples(store: Store, code: str, measure: str, level: str | None = None) -> list[Series]:
    """One series for each area inside, from the largest rise to the largest fall; those without a change come last."""
    name = find(measure).name
    return list(
        remembered(store, ("multiples", code, name, level), lambda: tuple(_multiples(store, code, name, level)))
    )


def _multiples(store: Store, code: str, measure: str, level: str | None) -> list[Series]:
    _, _, inside = _members(store, code, level)
    found = [_series(area, answers.series(store, measure, area.code)) for area in inside]
    return sorted(
        (s for s in found if s.history), key=lambda s: (s.change is None, -(s.change or 0), s.area.name, s.area.code)
    )


def _series(area: Area, history: list[Result]) -> Series:
    before = comparable(history)
    if before is None:
        return Series(area, history, None, None)
    return Series(area, history, before.period, value_of(history[-1]) - value_of(before))


def comparable(history: Sequence[Result]) -> Result | None:
    """What the last month is fairly compared with: the same month a year before, or failing that the nearest earlier
    month within a year."""
    if len(history) < 2:
        return None
    last = month_no(history[-1].period)
    year_before = period_of(last - 12)
    for result in history[:-1]:
        if result.period == year_before:
            return result
    return history[-2] if month_no(history[-2].period) >= last - 12 else None


def movers(store: Store, code: str, measures: Sequence[str] | None = None, level: str | None = None) -> list[Mover]:
    """Changes inside an area since the comparable month that chance does not explain, the most unusual first.

    A change counts when the 95% intervals of the two months do not touch: a cautious test, so that a few patients
    more or fewer are not news. It is set beside the changes of all such areas in England over the same months.
    """
    asked = None if measures is None else tuple(measures)
    return list(remembered(store, ("movers", code, asked, level), lambda: tuple(_movers(store, code, asked, level))))


def _movers(store: Store, code: str, measures: tuple[str, ...] | None, level: str | None) -> list[Mover]:
    _, level, inside = _members(store, code, level)
    asked = _asked(store, level, measures)
    found = (_mover(store, measure, level, area, month) for measure, month in asked for area in inside)
    return sorted(
        (mover for mover in found if mover),
        key=lambda m: (-abs(m.unusual or 0), -abs(m.change / (m.before.value or 1)), m.area.code, m.measure.name),
    )


def _mover(store: Store, measure: Measure, level: str, area: Area, month: str) -> Mover | None:
    history = answers.series(store, measure.name, area.code)
    if not history or history[-1].period != month:
        return None
    after, before = history[-1], comparable(history)
    if before is None:
        return None
    then, now = interval(measure, before), interval(measure, after)
    if then is None or now is None or not (now[0] > then[1] or now[1] < then[0]):
        return None
    change = value_of(after) - value_of(before)
    usual, unusual = _beside_england(store, measure, level, before, after)
    sign = {"increase": 1, "decrease": -1, "neutral": 0}[measure.direction] * np.sign(change)
    meaning = "neutral" if sign == 0 else "improvement" if sign > 0 else "concern"
    jumped = volume_changed(store, measure, before, after)
    return Mover(area, measure, before, after, change, meaning, usual, unusual, jumped)


def _beside_england(
    store: Store, measure: Measure, level: str, before: Result, after: Result
) -> tuple[float | None, float | None]:
    """The middle change of England's areas, and this change's distance from it in robust standard deviations.

    Rates are set side by side as ratios (a doubling is a doubling at any height), shares as differences.
    """

    def step(earlier: NDArray, later: NDArray) -> NDArray:
        if measure.unit == "proportion":
            return later - earlier
        positive = (earlier > 0) & (later > 0)
        return np.log(np.divide(later, earlier, out=np.full(np.shape(later), np.nan), where=positive))

    def changes() -> tuple[float, float, float, int]:
        then, now = (everyone(store, measure.name, level, r.period) for r in (before, after))
        both = [code for code in now.codes if code in then.index]
        earlier, later = then.value[then.at(both)], now.value[now.at(both)]
        low, middle, high = (float(q) for q in percentiles(step(earlier, later), (25, 50, 75)))
        return float(percentiles(later - earlier, (50,))[0]), middle, (high - low) / NORMAL_IQR, len(both)

    key = ("changes", measure.name, level, before.period, after.period)
    usual, middle, deviation, n = remembered(store, key, changes)
    own = float(step(np.array([before.value]), np.array([after.value]))[0])
    if n < ENOUGH_CHANGES or not deviation > 0 or own != own:
        return (None if usual != usual else usual), None
    return usual, (own - middle) / deviation
