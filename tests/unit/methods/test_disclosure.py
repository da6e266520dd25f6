"""Small numbers in tables: what subtraction could give away is hidden, and no more than needed."""

import itertools
from collections import defaultdict

import numpy as np
import pytest

from openpractice.methods.disclosure import protect, protect_ratio, protect_table


def test_a_lone_small_cell_takes_the_next_smallest_with_it():
    found = protect_table([3, 40, 25, 120])
    assert list(found.hidden) == [True, False, True, False, False]
    assert list(found.second) == [False, False, True, False, False]
    assert found.shown[-1] == 190
    assert len(found.why) == 2


def test_two_small_cells_protect_each_other():
    found = protect_table([3, 6, 25, 120])
    assert list(found.hidden) == [True, True, False, False, False]
    assert not found.second.any()


def test_a_zero_is_shown_and_never_used_to_protect():
    found = protect_table([0, 0, 4, 30])
    assert list(found.hidden) == [False, False, True, True, False]
    assert list(found.shown[:2]) == [0, 0]


def test_an_only_person_hides_the_total_too():
    found = protect_table([0, 0, 4])
    assert list(found.hidden) == [False, False, True, True]


def test_a_table_is_safe_along_rows_and_columns():
    found = protect_table([[3, 50, 60], [40, 70, 80], [90, 20, 100]])
    assert found.hidden[0, 0]
    for line in (*found.hidden, *found.hidden.T):
        assert line.sum() != 1
    assert found.hidden.sum() == 4  # a rectangle is the least that works
    assert found.cells.shape == (3, 3)


def test_a_table_without_small_counts_is_only_rounded():
    found = protect_table([[13, 50], [48, 0]])
    assert not found.hidden.any()
    assert found.why == ()
    np.testing.assert_array_equal(found.shown, [[15, 50, 65], [50, 0, 50], [60, 50, 110]])


def test_rounding_that_all_falls_one_way_would_pin_two_cells_and_so_hides_more():
    """Five 13s show as 15 each and their total with two 1s, 67, as 65: only 1 and 1 can make up the rest."""
    found = protect_table([13, 13, 13, 13, 13, 1, 1])
    assert found.hidden[5:7].all()
    assert found.second.any()


def test_missing_counts_stay_missing_and_are_not_called_hidden():
    found = protect([np.nan, 3])
    assert list(found.hidden) == [False, True]
    assert np.isnan(found.shown).all()
    nobody = protect_ratio([5, 0], [0, 0])
    assert list(nobody.hidden) == [True, False]
    assert np.isnan(nobody.shown).all()


@pytest.mark.parametrize("counts", [[-1], [2.5]])
def test_only_counts_can_be_protected(counts):
    with pytest.raises(ValueError, match="whole counts"):
        protect(counts)
    with pytest.raises(ValueError, match="without gaps"):
        protect_table([np.nan, 3])


def published(cells):
    """What leaves the practice: the figures shown, and why others are not."""
    table = protect_table(cells)
    return tuple(np.nan_to_num(table.shown, nan=-1).ravel()), table.why


def with_totals(cells):
    full = np.concatenate([cells, cells.sum(axis=-1, keepdims=True)], axis=-1)
    return (full if cells.ndim == 1 else np.concatenate([full, full.sum(axis=0, keepdims=True)], axis=0)).ravel()


@pytest.mark.parametrize(("shape", "most", "tried"), [((2,), 50, 30), ((3,), 30, 20), ((2, 2), 10, 5)])
def test_who_knows_the_rule_cannot_work_out_a_hidden_count_either(shape, most, tried):
    """Every table up to `most` is published; those that look alike differ in every hidden figure.

    Only tables up to `tried` are asked about: those that look like a larger one may lie beyond `most`.
    """
    alike = defaultdict(list)
    for cells in itertools.product(range(most + 1), repeat=int(np.prod(shape))):
        cells = np.array(cells).reshape(shape)
        alike[published(cells)].append((with_totals(cells), cells.max() <= tried))
    for (shown, _), tables in alike.items():
        values = np.array([full for full, _ in tables])
        hidden = np.array(shown) == -1
        if hidden.any() and any(asked for _, asked in tables):
            pinned = hidden & (values == values[0]).all(axis=0)
            assert not pinned.any(), (shown, values)


def test_the_next_smallest_is_not_told_from_its_neighbours():
    assert published([23, 23, 7]) == published([24, 24, 5])
