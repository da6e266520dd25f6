"""Small numbers: what may leave a practice without pointing at a person.

NHS Digital's method for hospital statistics below national level (September 2018): a count of 0 stays 0, 1 to 7 are
hidden, 8 and above are rounded to the nearest 5; percentages and rates come from the rounded parts and are hidden when
either part is. Inside the practice nothing is hidden; this applies to what is sent out.

Rounding already blurs what subtraction could reveal, but not always, so tables with totals are checked as an attacker
would: a lone hidden cell takes a second with it, and a cell that the shown figures still pin down takes more.

Which cell goes is chosen by size, so the choice itself could tell. What is assumed: `shown` and `why` leave the practice,
and never `second`. Of 1, 8 and 13 all are hidden, and who is told that 8 and 13 went to protect the other can work out
the 1. For the same reason `why` says the same of every table with a hidden figure. With only those two, tables that
differ in every hidden figure come out alike, also for who knows this rule: the tests try every small table.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

SMALLEST_SHOWN = 8
ROUND_TO = 5
_BLUR = ROUND_TO // 2  # a rounded count is at most this far from the truth
SMALL = "Counts of 1 to 7 are hidden and others rounded to the nearest 5, so that nobody can be identified."
RATIO = "Rates are worked out from rounded counts and hidden where either count is hidden."
LARGER = "Larger counts may be hidden as well, so that no hidden count can be worked out from the totals."


@dataclass(frozen=True, eq=False)
class Protected:
    """Figures fit to leave the practice. `shown` is NaN where hidden, and where nothing was known (not hidden)."""

    shown: NDArray[np.float64]
    hidden: NDArray[np.bool_]
    why: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class ProtectedTable:
    """A table with its totals: the last row and column (of a vector, the last place) are totals."""

    shown: NDArray[np.float64]  # one longer than the cells along each axis; NaN where hidden
    hidden: NDArray[np.bool_]
    second: NDArray[np.bool_]  # hidden only to protect others; this stays inside the practice
    why: tuple[str, ...]

    @property
    def cells(self) -> NDArray[np.float64]:
        return self.shown[tuple(slice(-1) for _ in self.shown.shape)]


def protect(counts: ArrayLike) -> Protected:
    """Counts of people by the rule, each by itself; use `protect_table` where totals are shown too.

    A missing count (NaN) stays missing. Raises ValueError for counts that are negative or not whole.
    """
    counts = _whole(counts)
    hidden = _small(counts)
    return Protected(np.where(hidden, np.nan, _rounded(counts)), hidden, (SMALL,) if hidden.any() else ())


def protect_ratio(numerator: ArrayLike, denominator: ArrayLike, *, per: float = 1) -> Protected:
    """A share or rate, times `per`, from the protected parts; no denominator gives NaN that is not hidden."""
    top, bottom = protect(numerator), protect(denominator)
    over, under = np.broadcast_arrays(top.shown, bottom.shown)
    shown = per * np.divide(over, under, out=np.full(over.shape, np.nan), where=under > 0)
    hidden = top.hidden | bottom.hidden
    return Protected(shown, hidden, (SMALL, RATIO) if hidden.any() else ())


def protect_table(cells: ArrayLike) -> ProtectedTable:
    """A vector or a two-way table of counts, with totals added and protected against subtraction.

    Where a line (a row or column with its total) has one figure hidden, its next smallest is hidden too; where the
    shown figures still leave a hidden one only a single value, another goes. A 0 is never hidden: it protects nothing.
    Raises ValueError for missing, negative or fractional counts, or more than two axes.
    """
    full = _with_totals(_whole(cells))
    primary = _small(full)
    hidden = primary.copy()
    while (line := _exposed(full, hidden)) is not None:
        could_go = np.where(hidden | (full == 0), np.inf, full)
        if np.isinf(could_go).all():
            break  # only zeros are left to see
        if np.isinf(could_go[line]).all():
            hidden[np.unravel_index(could_go.argmin(), full.shape)] = True
        else:
            hidden[line][could_go[line].argmin()] = True
    why = (SMALL, LARGER) if hidden.any() else ()
    return ProtectedTable(np.where(hidden, np.nan, _rounded(full)), hidden, hidden & ~primary, why)


def _whole(counts):
    counts = np.asarray(counts, dtype=np.float64)
    known = counts[~np.isnan(counts)]
    if (known < 0).any() or (known != np.floor(known)).any():
        raise ValueError("Only whole counts of people, 0 or more, can be protected; rates are made from counts.")
    return counts


def _small(counts):
    return (counts > 0) & (counts < SMALLEST_SHOWN)


def _rounded(counts):
    return ROUND_TO * np.floor(counts / ROUND_TO + 0.5)


def _with_totals(cells):
    if cells.ndim not in (1, 2) or np.isnan(cells).any():
        raise ValueError("Only a vector or a two-way table without gaps can be protected with its totals.")
    full = np.concatenate([cells, cells.sum(axis=-1, keepdims=True)], axis=-1)
    return full if cells.ndim == 1 else np.concatenate([full, full.sum(axis=0, keepdims=True)], axis=0)


def _lines(shape):
    """Index of every line whose last place is the sum of the others."""
    if len(shape) == 1:
        return [(slice(None),)]
    return [(i, slice(None)) for i in range(shape[0])] + [(slice(None), j) for j in range(shape[1])]


def _exposed(full, hidden):
    """A line in which a hidden figure stands alone or can be pinned down, or None."""
    lines = _lines(full.shape)
    for line in lines:
        if np.count_nonzero(hidden[line]) == 1:
            return line
    low, high = _what_an_attacker_knows(full, hidden, lines)
    for line in lines:
        if (hidden[line] & (low[line] >= high[line])).any():
            return line
    return None


def _what_an_attacker_knows(full, hidden, lines):
    """Least and greatest value of every figure, given the rule and the shown figures, narrowed line by line.

    Worst case: the attacker knows which figures were hidden for being small.
    """
    shown = _rounded(full)
    small = _small(full)
    low = np.where(small, 1, np.where(hidden, SMALLEST_SHOWN, np.where(shown == 0, 0, shown - _BLUR)))
    high = np.where(small, SMALLEST_SHOWN - 1, np.where(hidden, np.inf, np.where(shown == 0, 0, shown + _BLUR)))
    for _ in range(4 * full.size):
        before = low.sum(), np.where(np.isinf(high), -1, high).sum()
        for line in lines:
            _narrow(low[line], high[line])
        if before == (low.sum(), np.where(np.isinf(high), -1, high).sum()):
            break
    return low, high


def _narrow(low, high):
    """Draw in the bounds of a line in place: its total is the sum of its parts, and each part the total less the rest."""
    parts_low, parts_high = low[:-1], high[:-1]
    low[-1], high[-1] = max(low[-1], parts_low.sum()), min(high[-1], parts_high.sum())
    for i in range(len(parts_low)):
        parts_high[i] = min(parts_high[i], high[-1] - (parts_low.sum() - parts_low[i]))
        others_high = np.delete(parts_high, i).sum()
        parts_low[i] = max(parts_low[i], low[-1] - others_high)
