"""No hidden count can be worked out from what is shown, by an attacker with the rule, the totals and a solver."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from scipy import optimize

from openpractice.methods.disclosure import protect, protect_table

# Many zeros, ones and eights, and counts that round as far as they can (13 to 15, 17 to 15).
COUNT = st.one_of(st.sampled_from([0, 0, 1, 1, 2, 3, 7, 8, 12, 13, 17, 18, 22]), st.integers(0, 60)).map(float)
SHAPE = st.one_of(st.tuples(st.integers(1, 8)), st.tuples(st.integers(1, 4), st.integers(1, 4)))


def possible_range(table, which):
    """Least and greatest whole value of one hidden figure that fits everything shown (integer programming)."""
    shown, hidden = table.shown, table.hidden
    low = np.where(hidden, 1, np.where(shown == 0, 0, shown - 2))
    high = np.where(hidden, np.inf, np.where(shown == 0, 0, shown + 2))
    small = hidden & ~table.second  # the worst case: the attacker knows which were hidden for being small
    low, high = np.where(table.second, 8, low), np.where(small, 7, high)
    sums, cells = [], np.arange(shown.size).reshape(shown.shape)
    for line in [cells] if cells.ndim == 1 else [*cells, *cells.T]:
        row = np.zeros(shown.size)
        row[line[:-1]], row[line[-1]] = 1, -1
        sums.append(row)
    objective = np.zeros(shown.size)
    objective[which] = 1
    ends = []
    for sign in (1, -1):
        answer = optimize.milp(
            sign * objective,
            constraints=optimize.LinearConstraint(np.array(sums), 0, 0),
            integrality=np.ones(shown.size),
            bounds=optimize.Bounds(low.ravel(), high.ravel()),
        )
        ends.append(np.inf if answer.status == 3 else round(sign * answer.fun))
    return ends


@settings(max_examples=150, deadline=None)
@given(arrays.arrays(float, SHAPE, elements=COUNT))
def test_no_hidden_count_can_be_worked_out(cells):
    table = protect_table(cells)
    full_is_hidden = (table.hidden | (table.shown == 0)).all()
    if full_is_hidden:  # only zeros are left to see: nothing more could be hidden
        return
    for which in np.flatnonzero(table.hidden):
        least, greatest = possible_range(table, which)
        assert least < greatest, (cells, table.shown, which)


@given(arrays.arrays(float, SHAPE, elements=COUNT))
def test_every_line_hides_none_or_at_least_two(cells):
    table = protect_table(cells)
    for line in [table.hidden] if cells.ndim == 1 else [*table.hidden, *table.hidden.T]:
        assert line.sum() != 1


@given(arrays.arrays(float, SHAPE, elements=COUNT))
def test_small_counts_are_always_hidden_and_zeros_never(cells):
    table = protect_table(cells)
    inner = table.hidden[tuple(slice(-1) for _ in cells.shape)]
    assert inner[(cells >= 1) & (cells <= 7)].all()
    assert not inner[cells == 0].any()
    assert (np.abs(table.cells - cells)[~inner] <= 2).all()
    np.testing.assert_array_equal(protect(cells).hidden, (cells >= 1) & (cells <= 7))
