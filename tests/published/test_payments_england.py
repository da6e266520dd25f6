"""England's payments of 2022/23: NHS England, NHS Payments to General Practice, from the file's own sums over practices."""

import pytest


def test_payment_and_weighting_have_figures_without_a_list_of_that_month(stored):
    """62,130,227.86 weighted patients over 62,134,644.75 registered, each summed over the file's practices."""
    weighted, paid = (stored(name, "2023-03") for name in ("weighted_list_ratio", "payment_per_weighted_patient"))
    assert weighted.numerator == pytest.approx(62130227.86)
    assert weighted.denominator == pytest.approx(62134644.75)
    assert paid.value == pytest.approx(162.60, abs=0.005)


def test_a_practice_as_printed(stored):
    assert stored("payment_per_weighted_patient", "2023-03", "A81001").value == pytest.approx(157.31)
    assert stored("weighted_list_ratio", "2023-03", "A81001").value == pytest.approx(4579.78 / 4029.25)
