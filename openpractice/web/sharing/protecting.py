"""Own figures made fit to leave their organisation, in the one place where that is done.

Every figure that somebody else sees is taken from one table: a measure's months by staff role, with their totals,
protected together. So the total and its parts never tell by subtraction what either hides, whichever of them an
agreement lets somebody see. A measure about the roles themselves is worked out from what such a table shows, so that it
tells nothing more. Of a sum of minutes, the appointments behind it decide what is hidden. Months with fewer patients
than may be shown are left out whole.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from openpractice.analysis import answers, parts
from openpractice.analysis.parts import Sums
from openpractice.kinds import Measure, Result, month_no
from openpractice.methods import disclosure
from openpractice.store import Store
from openpractice.web.own.stores import edition

BY_ROLE = "role_group"  # the only way in which others may see figures split; never by clinician
FEW = "Months in which fewer than 8 patients were seen are hidden whole."
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
    leaving = [m for m in measures if leaves(m)]
    found = _worked_out(store, code, leaving) if leaving else {}
    with _lock:
        _kept[key] = found
        while len(_kept) > _KEPT:
            _kept.popitem(last=False)
    return found


def leaves(measure: Measure) -> bool:
    """Whether it is known how to protect it: sums of rows. Medians, fits and steps between tables stay inside."""
    unknown_how = measure.prepare or measure.bands or isinstance(measure.denominator, str)
    return measure.disclosive and not (unknown_how or (measure.behind and not _divides(measure)))


def _worked_out(store: Store, code: str, measures: list[Measure]) -> dict[str, tuple[Line, ...]]:
    seen = parts.people(store, measures[0])
    whole, split = parts.sums(store, measures), parts.sums(store, measures, BY_ROLE)
    everybody = parts.sums(store, [_of_everybody(m) for m in measures if not _divides(m)], BY_ROLE)
    found = {}
    for m in measures:
        if not _divides(m):
            both = split.get(m.name, {}), everybody.get(m.name, {})
            found[m.name] = tuple(_about_roles(m, answers.series(store, m.name, code), seen, *both))
            continue
        behind = parts.ROWS + m.name if m.behind else m.name
        sums = [(one.get(m.name, {}), one.get(behind, {})) for one in (whole, split)]
        found[m.name] = tuple(_lines(m, answers.series(store, m.name, code), seen, *sums))
    return found


def _divides(measure: Measure) -> bool:
    """Not where the role is what the measure is about."""
    return BY_ROLE not in measure.needs


def _of_everybody(measure: Measure) -> Measure:
    """The same, also of those whose role is not known: they stand in the tables of roles that other measures show."""
    known, unknown = measure.denominator, measure.unknown
    return measure if unknown is None else replace(measure, denominator=known + unknown)


def _about_roles(
    measure: Measure, series: list[Result], seen: dict[int, float], split: Sums, everybody: Sums
) -> Iterator[Line]:
    """Month by month, from what the protected table of all roles shows: the roles that count, of all but those left out."""
    roles = measure.table.column(BY_ROLE).values
    for result in series:
        month = month_no(result.period)
        own, rows = ([one.get((month, role), (0, 0)) for role in roles] for one in (split, everybody))
        shown = disclosure.protect_table([under for _, under in rows]).shown
        over = shown[:-1][[bool(part) for part, _ in own]].sum()
        under = shown[-1] - shown[:-1][[not part for _, part in own]].sum()
        few = seen.get(month, 0) < disclosure.SMALLEST_SHOWN
        if few or np.isnan(over + under) or not _adds_up(result, split, month):
            yield Line(result.period, "", None, None, None, True)
        else:
            under = max(over, under)  # each is rounded, and a part is never more than the whole
            yield Line(result.period, "", float(over), float(under), measure.scale * over / under if under else None)


def _lines(
    measure: Measure, series: list[Result], seen: dict[int, float], whole: tuple[Sums, Sums], split: tuple[Sums, Sums]
) -> Iterator[Line]:
    """Month by month; `whole` and `split` are each the sums and the rows behind them."""
    roles = measure.table.column(BY_ROLE).values
    for result in series:
        month, period = month_no(result.period), result.period
        if seen.get(month, 0) < disclosure.SMALLEST_SHOWN:
            yield from (Line(period, group, None, None, None, True) for group in ("", *roles))
        elif _adds_up(result, split[0], month):  # some files may not know the role
            yield from _month(measure, period, roles, [[one.get((month, r), (0, 0)) for r in roles] for one in split])
        else:
            yield from _month(measure, period, (), [[one.get((month, ""), (0, 0))] for one in whole])


def _adds_up(result: Result, split: Sums, month: int) -> bool:
    over, under = (sum(both[place] for (m, _), both in split.items() if m == month) for place in (0, 1))
    return abs(over - (result.numerator or 0)) < 0.5 and abs(under - (result.denominator or 0)) < 0.5


def _month(measure: Measure, period: str, roles: tuple[str, ...], cells: list[list]) -> Iterator[Line]:
    """A month by role, and its total, which is protected with its parts; or the total alone."""
    groups, columns = (*roles, ""), []
    for place in (0, 1):
        sums, rows = ([cell[place] for cell in some] for some in cells)
        if roles:
            columns.append(_rounded([*sums, sum(sums)], disclosure.protect_table(rows).hidden))
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
