"""Which figures have an interval, and which."""

import pytest

from openpractice.analysis.intervals import interval
from openpractice.kinds import Result
from openpractice.measures import find


def result(numerator, denominator):
    return Result("m", "Y99001", "practice", "2026-02", numerator, denominator, None, None, None, "High")


def test_a_share_has_wilsons_interval():
    """3 of 20 (Newcombe 1998, method 3): 0.0524 to 0.3604."""
    assert interval(find("calls_missed"), result(3, 20)) == pytest.approx((0.0524, 0.3604), abs=5e-5)


def test_a_rate_has_byars_interval_in_its_own_unit():
    """100 events have Byar's interval 81.36 to 121.63 (Breslow & Day 1987)."""
    low, high = interval(find("inbound_calls_per_1000"), result(100, 1000))
    assert (low, high) == pytest.approx((81.36, 121.63), abs=0.01)


@pytest.mark.parametrize("name", ["list_size", "patients_per_gp", "skill_mix_index", "mean_appointment_minutes"])
def test_sizes_means_and_indices_have_none(name):
    assert interval(find(name), result(5, 10)) is None


@pytest.mark.parametrize("counts", [(11, 10), (-1, 10), (None, 10), (1, None), (0, 0)])
def test_what_is_not_a_share_has_none(counts):
    assert interval(find("calls_missed"), result(*counts)) is None
