"""Own figures made fit to leave their organisation, in the one place where that is done.

Every figure that somebody else sees is taken from one table: a measure's months by staff role, with their totals,
protected together. So the total and its parts never tell by subtraction what either hides, whichever of them an
agreement lets somebody see. Of a sum of minutes, the appointments behind it decide what is hidden. Months with fewer
patients than may be shown are left out whole.
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
FEW = "Months in which fewer than 8 patients were seen are hidden whole."
_KEPT = 64  # organisations × topics whose protected figures a server keeps at hand
_kept: OrderedDict[tuple, dict[str, tuple[Line, ...]]] = OrderedDict()
_lock = threading.Lock()
Sums = dict[tuple[int, str], tuple[float, float]]  # month and role → numerator and denominator


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
    found = {m.name: tuple(_lines(store, code, m, people)) for m in measures if leaves(m)}
    with _lock:
        _kept[key] = found
        while len(_kept) > _KEPT:
            _kept.popitem(last=False)
    return found


def leaves(measure: Measure) -> bool:
    """Whether it is known how to protect it: sums of rows. Medians, fits and steps between tables stay inside."""
    return measure.disclosive and not (measure.prepare or measure.bands or isinstance(measure.denominator, str))


def _lines(store: Store, code: str, measure: Measure, people: dict[int, float]) -> Iterator[Line]:
    roles = () if BY_ROLE in measure.needs else measure.table.column(BY_ROLE).values
    whole, whole_rows = _sums(store, measure, ())
    split, split_rows = _sums(store, measure, (BY_ROLE,)) if roles else ({}, {})
    for result in answers.series(store, measure.name, code):
        month, period = month_no(result.period), result.period
        if people.get(month, 0) < disclosure.SMALLEST_SHOWN:
            yield from (Line(period, group, None, None, None, True) for group in ("", *roles))
        elif roles and _adds_up(result, split, month):  # some files may not know the role
            cells = [(split.get((month, role), (0, 0)), split_rows.get((month, role), (0, 0))) for role in roles]
            yield from _month(measure, period, roles, cells)
        else:
            cell = (whole.get((month, ""), (0, 0)), whole_rows.get((month, ""), (0, 0)))
            yield from _month(measure, period, (), [cell])


def _sums(store: Store, measure: Measure, by: tuple[str, ...]) -> tuple[Sums, Sums]:
    """The measure's sums, and how many rows stand behind them."""
    sums = _summed(store, measure, by)
    if measure.behind is None:
        return sums, sums
    over, under = measure.behind
    counting = replace(measure, numerator=over, denominator=under, unknown=None, speaks=None)
    return sums, _summed(store, counting, by)


def _summed(store: Store, measure: Measure, by: tuple[str, ...]) -> Sums:
    answer = store.facts().sums([measure], ("practice",), by)
    if answer is None:
        return {}
    sums = answer[0]
    under = sums.denominator[measure.name]
    assert under is not None  # it is no list of patients: `leaves` says so
    roles = [str(role) for role in sums.by[by[0]]] if by else [""] * len(sums.month)
    parts = zip(np.nan_to_num(sums.numerator[measure.name]).tolist(), np.nan_to_num(under).tolist(), strict=True)
    return dict(zip(zip(sums.month.tolist(), roles, strict=True), parts, strict=True))


def _adds_up(result: Result, split: Sums, month: int) -> bool:
    over, under = (sum(parts[place] for (m, _), parts in split.items() if m == month) for place in (0, 1))
    return abs(over - (result.numerator or 0)) < 0.5 and abs(under - (result.denominator or 0)) < 0.5


def _month(measure: Measure, period: str, roles: tuple[str, ...], cells: list) -> Iterator[Line]:
    """A month by role, and its total, which is protected with its parts; or the total alone."""
    groups = (*roles, "")
    columns = []
    for place in (0, 1):
        sums, rows = [cell[0][place] for cell in cells], [cell[1][place] for cell in cells]
        if roles:
            table = disclosure.protect_table(rows)
            columns.append(_rounded([*sums, sum(sums)], table.hidden))
        else:
            columns.append(_rounded(sums, disclosure.protect(rows).hidden))
    for group, over, under in zip(groups, *columns, strict=True):
        hidden = over is None or under is None
        value = None if over is None or not under else measure.scale * over / under
        yield Line(period, group, over, under, value, hidden)


def _rounded(sums: list[float], hidden: np.ndarray) -> list[float | None]:
    """To the nearest 5, as counts are, also sums of something else; None where hidden."""
    to = disclosure.ROUND_TO
    return [None if h else float(to * np.floor(s / to + 0.5)) for s, h in zip(sums, hidden.tolist(), strict=True)]


def _people(store: Store, measure: Measure) -> dict[int, float]:
    """Month → how many different patients its records are about; where no record names one, how many records."""
    patient = nw.col(measure.table.pseudonyms[0])
    counting = replace(
        measure, name="people", needs=(), numerator=patient.n_unique(), denominator=patient.count(), unknown=nw.len(),
        prepare=None, bands=None, band_column="", speaks=None, behind=None, scale=1.0,
    )  # fmt: skip
    answer = store.facts().sums([counting], ("practice",))
    if answer is None:
        return {}
    sums = answer[0]
    different, named, rows = sums.numerator["people"], sums.denominator["people"], sums.unknown["people"]
    assert named is not None
    assert rows is not None
    nobody = (rows > named).astype(float)  # a missing patient may have been counted as one more
    people = np.where(named > 0, different - nobody, rows)
    return dict(zip(sums.month.tolist(), people.tolist(), strict=True))
