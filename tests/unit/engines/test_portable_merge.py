"""Putting several scans' groups side by side, and doing so quickly."""

import time

import numpy as np

from openpractice.engines.portable import Scan, _merge
from openpractice.measures import find

RATE, SHARE = find("appointments_per_1000"), find("dna_rate")


def _columns(targets, months, **sums):
    return {"target": np.array(targets, dtype=object), "month_no": np.array(months)} | {
        name: np.array(values, dtype=float) for name, values in sums.items()
    }


def test_halves_of_a_group_are_added_and_a_rate_takes_the_half_with_a_list():
    columns = _columns(["B", "B", "A"], [2, 2, 1], n0=[1, 2, 4], n1=[10, 20, 40], d1=[100, 200, 400], u1=[0, 1, 2])
    merged = _merge([Scan([RATE, SHARE], columns | {"has_list": np.array([True, False, False])})], ())
    assert merged.target.tolist() == ["A", "B"]
    np.testing.assert_array_equal(merged.numerator[RATE.name], [np.nan, 1])
    np.testing.assert_array_equal(merged.numerator[SHARE.name], [40, 30])
    np.testing.assert_array_equal(merged.denominator[SHARE.name], [400, 300])
    np.testing.assert_array_equal(merged.unknown[SHARE.name], [2, 1])
    assert merged.denominator[RATE.name] is None


def test_a_group_that_a_scan_lacks_is_nan_there():
    one = Scan([SHARE], _columns(["A", "B"], [1, 1], n0=[1, 2], d0=[3, 4], u0=[0, 0]))
    other = Scan([RATE], _columns(["B", "C"], [1, 1], n0=[5, 6]))
    merged = _merge([one, other], ())
    np.testing.assert_array_equal(merged.numerator[SHARE.name], [1, 2, np.nan])
    np.testing.assert_array_equal(merged.numerator[RATE.name], [np.nan, 5, 6])


def test_a_missing_category_sorts_first_and_numbers_stay_numbers():
    columns = _columns(["A", "A", "A"], [1, 1, 1], n0=[1, 2, 3]) | {"day_no": np.array([7, None, 3], dtype=object)}
    merged = _merge([Scan([RATE], columns)], ("day_no",))
    assert merged.by["day_no"].tolist() == [None, 3, 7]
    assert merged.numerator[RATE.name].tolist() == [2, 3, 1]


def test_a_million_and_a_half_groups_merge_in_seconds():
    practices, months = 6250, 240
    targets = np.repeat([f"A{i:05d}" for i in range(practices)], months).astype(object)
    columns = {
        "target": targets,
        "month_no": np.tile(np.arange(24000, 24000 + months), practices),
        "n0": np.ones(len(targets)),
    }
    began = time.process_time()
    merged = _merge([Scan([RATE], columns)], ())
    assert len(merged.target) == 1_500_000
    assert time.process_time() - began < 10  # a second on a quiet machine; the pairwise way took far longer
