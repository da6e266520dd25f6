"""Own figures made fit to leave their organisation, in the one place where that is done.

Every figure that somebody else sees is taken from one table: a measure's months by staff role, with their totals,
protected together. So the total and its parts never tell by subtraction what either hides, whichever of them an
agreement lets somebody see. Months with fewer people than may be shown are left out whole.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, replace

import narwhals as nw
import numpy as np

from openpractice.analysis import answers
from openpractice.kinds import Measure, Result, month_no
from openpractice.methods import disclosure
from openpractice.store import Store
from openpractice.web.own.stores import edition

BY_ROLE = "role_group"  # the only way in which others may see figures split; never by clinician
FEW = "Months in which fewer than 8 people were seen are hidden whole."
_KEPT = 64  # organisations × topics whose protected figures a server keeps at hand
_kept: OrderedDict[tuple, dict[str, tuple[Line, ...]]] = OrderedDict()
_lock = threading.Lock()


@dataclass(frozen=True)
class Line:
    """One month of a measure, of everybody ("" as group) or of one staff role. What is hidden is None."""

    period: str
    group: str
    numerator: float | None
    denominator: float | None
    value: float | None
    hidden: bool = False


def protected(store: Store, code: str, measures: list[Measure]) -> dict[str, tuple[Line, ...]]:
    """The lines of each measure, by month and role, as others may see them. Worked out once for each version."""
    key = (*edition(store), tuple(m.definition for m in measures))
    with _lock:
        if key in _kept:
            _kept.move_to_end(key)
            return _kept[key]
    people = _people(store, measures[0]) if measures else {}
    found = {m.name: tuple(_lines(store, code, m, people)) for m in measures}
    with _lock:
        _kept[key] = found
        while len(_kept) > _KEPT:
            _kept.popitem(last=False)
    return found


def _lines(store: Store, code: str, measure: Measure, people: dict[int, float]) -> Iterator[Line]:
    series = answers.series(store, measure.name, code)
    split = _by_role(store, measure)
    roles = measure.table.column(BY_ROLE).values if split else ()
    for result in series:
        month = month_no(result.period)
        if people.get(month, 0) < disclosure.SMALLEST_SHOWN:
            yield from (Line(result.period, group, None, None, None, True) for group in ("", *roles))
        elif split:
            yield from _month(measure, result.period, roles, split, month)
        else:
            yield _alone(measure, result)


def _by_role(store: Store, measure: Measure) -> dict[tuple[int, str], tuple[float, float]]:
    """Month and role → numerator and denominator; empty where parts do not add up to the whole."""
    if measure.prepare or measure.bands or isinstance(measure.denominator, str):
        return {}
    answer = store.facts().sums([measure], ("practice",), (BY_ROLE,))
    if answer is None:
        return {}
    sums = answer[0]
    over, under = sums.numerator[measure.name], sums.denominator[measure.name]
    if under is None or _fractional(over) or _fractional(under):
        return {}
    keys = zip(sums.month.tolist(), (str(role) for role in sums.by[BY_ROLE]), strict=True)
    parts = zip(np.nan_to_num(over).tolist(), np.nan_to_num(under).tolist(), strict=True)
    return dict(zip(keys, parts, strict=True))


def _month(measure: Measure, period: str, roles: tuple[str, ...], split: dict, month: int) -> Iterator[Line]:
    """A month by role, and its total, which is protected with its parts."""
    over = disclosure.protect_table([split.get((month, role), (0, 0))[0] for role in roles])
    under = disclosure.protect_table([split.get((month, role), (0, 0))[1] for role in roles])
    for place, group in enumerate((*roles, "")):
        yield _line(measure, period, group, float(over.shown[place]), float(under.shown[place]),
                    bool(over.hidden[place] or under.hidden[place]))  # fmt: skip


def _alone(measure: Measure, result: Result) -> Line:
    """A month of a measure that is not split: means, and whatever needs steps."""
    top, bottom = result.numerator, result.denominator
    if top is None or bottom is None or result.value is None:
        return Line(result.period, "", None, None, None)
    if top % 1 or bottom % 1 or measure.bands:  # a mean: shown when it rests on enough people
        enough = bottom >= disclosure.SMALLEST_SHOWN
        shown = disclosure.protect([round(bottom)]).shown[0] if enough else None
        return Line(
            result.period, "", None, shown and float(shown), round(result.value, 1) if enough else None, not enough
        )
    over, under = disclosure.protect([top]), disclosure.protect([bottom])
    hidden = bool(over.hidden[0] or under.hidden[0])
    return _line(measure, result.period, "", float(over.shown[0]), float(under.shown[0]), hidden)


def _line(measure: Measure, period: str, group: str, over: float, under: float, hidden: bool) -> Line:
    """A rate is worked out from rounded counts, and hidden where either is."""
    value = measure.scale * over / under if not hidden and under > 0 else None
    return Line(period, group, None if over != over else over, None if under != under else under, value, hidden)


def _fractional(values) -> bool:
    known = np.nan_to_num(values)
    return bool((known != np.floor(known)).any())


def _people(store: Store, measure: Measure) -> dict[int, float]:
    """Month → how many different patients its records are about."""
    count = nw.col(measure.table.pseudonyms[0]).n_unique()
    counting = replace(
        measure, name="people", needs=(), numerator=count, denominator=count, prepare=None, bands=None, band_column="",
        unknown=None, speaks=None, scale=1.0,
    )  # fmt: skip
    answer = store.facts().sums([counting], ("practice",))
    if answer is None:
        return {}
    return dict(zip(answer[0].month.tolist(), np.nan_to_num(answer[0].numerator["people"]).tolist(), strict=True))
