"""Rates equal those of PHStatsMethods, OHID's own package, on the same random counts.

PHStatsMethods is GPL and therefore only ever imported by tests. It mixes Byar above ten events with the exact
interval below, as `method="byar"` does; it has no all-exact rate, which the unit tests hold to Poisson tails instead.
"""

import numpy as np
import pandas as pd
import pytest
from PHStatsMethods import ph_dsr, ph_ISRate, ph_ISRatio, ph_mean, ph_proportion, ph_rate

from openpractice.methods import rates

AREAS, BANDS = 40, 6
RNG = np.random.default_rng(2013)
POPULATIONS = RNG.integers(50, 3_000, size=(AREAS, BANDS))
COUNTS = 1 + RNG.poisson(POPULATIONS * np.linspace(0.0005, 0.02, BANDS))  # it refuses to give a count of 0 an interval
STANDARD = np.array([5_000, 11_000, 14_000, 13_000, 9_000, 4_000])


def frame():
    return pd.DataFrame(
        {
            "area": np.repeat(np.arange(AREAS), BANDS),
            "n": COUNTS.ravel(),
            "d": POPULATIONS.ravel(),
            "standard": np.tile(STANDARD, AREAS),
            "reference_n": np.tile(COUNTS.sum(axis=0), AREAS),
            "reference_d": np.tile(POPULATIONS.sum(axis=0), AREAS),
        }
    )


def assert_same(estimate, theirs, confidence=95):
    for ours, column in (("value", "Value"), ("lower", f"lower_{confidence}_ci"), ("upper", f"upper_{confidence}_ci")):
        np.testing.assert_allclose(getattr(estimate, ours), theirs[column].to_numpy(float), rtol=1e-9)


def test_the_counts_hold_both_small_and_large():
    assert (COUNTS < 10).any()
    assert (COUNTS.sum(axis=1) >= 10).all()


@pytest.mark.parametrize(("confidence", "label"), [(0.95, "95"), (0.998, "99_8")])
def test_proportion(confidence, label):
    theirs = ph_proportion(frame(), "n", "d", confidence=confidence, multiplier=100)
    ours = rates.proportion(COUNTS.ravel(), POPULATIONS.ravel(), confidence=confidence, per=100)
    assert_same(ours, theirs.rename(columns=str), label)


def test_rate():
    theirs = ph_rate(frame(), "n", "d", multiplier=1_000)
    assert_same(rates.rate(COUNTS.ravel(), POPULATIONS.ravel(), per=1_000), theirs)


def test_directly_standardised_rate():
    theirs = ph_dsr(frame(), "n", "d", "standard", "area", euro_standard_pops=False)
    assert_same(rates.directly_standardised_rate(COUNTS, POPULATIONS, STANDARD), theirs)


def test_indirectly_standardised_ratio_and_rate():
    expected = rates.expected(POPULATIONS, COUNTS.sum(axis=0), POPULATIONS.sum(axis=0))
    observed = COUNTS.sum(axis=1)
    theirs = ph_ISRatio(frame(), "n", "d", "reference_n", "reference_d", "area", refvalue=100)
    assert_same(rates.indirectly_standardised_ratio(observed, expected), theirs)
    theirs = ph_ISRate(frame(), "n", "d", "reference_n", "reference_d", "area", multiplier=1_000)
    reference = 1_000 * COUNTS.sum() / POPULATIONS.sum()
    assert_same(rates.indirectly_standardised_rate(observed, expected, reference), theirs)


def test_mean():
    assert_same(rates.mean(COUNTS), ph_mean(frame(), "n", "area"))
