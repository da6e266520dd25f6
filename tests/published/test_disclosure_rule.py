"""The small-number rule as NHS Digital published it for HES and ECDS in September 2018.

0 is shown, 1 to 7 are suppressed, every other count is rounded to the nearest 5; percentages come from the rounded
counts.
"""

import numpy as np
import pytest

from openpractice.methods.disclosure import protect, protect_ratio


def test_every_count_from_0_to_23():
    published = [0, *["*"] * 7, 10, 10, 10, 10, 10, 15, 15, 15, 15, 15, 20, 20, 20, 20, 20, 25]
    found = protect(range(24))
    assert ["*" if hidden else shown for shown, hidden in zip(found.shown, found.hidden, strict=True)] == published


def test_percentages_are_worked_out_from_rounded_counts():
    """13 of 88 is 14.8%, but 15 of 90 is shown: 16.7%."""
    assert protect_ratio(13, 88, per=100).shown == pytest.approx(100 * 15 / 90)


def test_percentages_are_hidden_with_either_part():
    found = protect_ratio([7, 8, 0, 3], [100, 100, 100, 7])
    assert list(found.hidden) == [True, False, False, True]
    assert found.shown[2] == 0
    assert np.isnan(found.shown[[0, 3]]).all()
