"""Rates against independent routes: distributions rather than formulas, and by hand."""

import numpy as np
import pytest
from scipy import stats

from openpractice.methods import rates


@pytest.mark.parametrize("confidence", [0.9, 0.95, 0.998])
def test_wilson_agrees_with_scipy(confidence):
    counts, totals = np.array([0, 1, 3, 50, 99, 100]), np.array([10, 7, 3, 200, 100, 100])
    found = rates.proportion(counts, totals, confidence=confidence)
    for k, n, lower, upper in zip(counts, totals, found.lower, found.upper, strict=True):
        wilson = stats.binomtest(int(k), int(n)).proportion_ci(confidence, method="wilson")
        assert (lower, upper) == pytest.approx((wilson.low, wilson.high), abs=1e-12)


def test_exact_interval_leaves_half_of_the_error_in_each_tail():
    counts = np.arange(1, 60)
    lower, upper = rates.exact_poisson(counts, 0.95)
    np.testing.assert_allclose(stats.poisson.sf(counts - 1, lower), 0.025)
    np.testing.assert_allclose(stats.poisson.cdf(counts, upper), 0.025)
    assert rates.exact_poisson(0)[0] == 0


def test_byar_is_exact_below_ten_and_close_to_it_above():
    counts = np.arange(0, 200)
    byar, exact = np.array(rates.byar(counts)), np.array(rates.exact_poisson(counts))
    np.testing.assert_array_equal(byar[:, :10], exact[:, :10])
    assert (byar[:, 10:] != exact[:, 10:]).all()
    np.testing.assert_allclose(byar[:, 10:], exact[:, 10:], rtol=5e-3)


def test_mean_interval_agrees_with_scipy_and_leaves_missing_values_out():
    sample = np.array([3.1, 4.0, np.nan, 5.5, 2.2])
    present = sample[~np.isnan(sample)]
    low, high = stats.t.interval(0.95, len(present) - 1, loc=present.mean(), scale=stats.sem(present))
    found = rates.mean(np.stack([sample, np.full(5, np.nan), [7, np.nan, np.nan, np.nan, np.nan]]))
    assert (found.lower[0], found.upper[0]) == pytest.approx((low, high))
    assert np.isnan(found.value[1])
    assert found.value[2] == 7
    assert np.isnan(found.lower[2])


def test_direct_standardisation_by_hand():
    """Two bands: 20 in 1,000 and 30 in 500 with standard weights 3 to 1 give 0.75 x 0.02 + 0.25 x 0.06 = 3%."""
    found = rates.directly_standardised_rate([20, 30], [1_000, 500], [3, 1], per=100)
    assert found.value == pytest.approx(3.0)
    variance = 0.75**2 * 20 / 1_000**2 + 0.25**2 * 30 / 500**2
    low, high = rates.byar(50)
    assert found.lower == pytest.approx(3 + 100 * np.sqrt(variance / 50) * (low - 50))
    assert found.upper == pytest.approx(3 + 100 * np.sqrt(variance / 50) * (high - 50))


def test_direct_standardisation_covers_the_truth_as_often_as_it_says():
    """20,000 simulated practices; 95% intervals should hold the true rate in about 95 of 100."""
    populations, truth, standard = np.array([800, 2_000, 500]), np.array([0.005, 0.01, 0.06]), np.array([5, 3, 2])
    counts = np.random.default_rng(5).poisson(populations * truth, size=(20_000, 3))
    found = rates.directly_standardised_rate(counts, populations, standard, per=1, method="exact")
    true_rate = (truth * standard).sum() / standard.sum()
    assert 0.945 < ((found.lower <= true_rate) & (true_rate <= found.upper)).mean() < 0.97


def test_fewer_than_ten_events_have_no_standardised_rate():
    found = rates.directly_standardised_rate([[4, 5], [5, 5]], [100, 100], [1, 1])
    assert np.isnan([found.value[0], found.lower[0], found.upper[0]]).all()
    assert found.value[1] == pytest.approx(5_000)


def test_indirect_standardisation_by_hand():
    expected = rates.expected([[1_000, 500]], [10, 40], [10_000, 10_000])
    assert expected == pytest.approx([1_000 * 0.001 + 500 * 0.004])
    ratio = rates.indirectly_standardised_ratio([6], expected)
    assert ratio.value == pytest.approx([200])
    assert ratio.lower == pytest.approx(100 * stats.chi2.ppf(0.025, 12) / 2 / 3)
    rate = rates.indirectly_standardised_rate([6], expected, 2.5)
    assert rate.upper == pytest.approx(2.5 * stats.chi2.ppf(0.975, 14) / 2 / 3)


def test_no_denominator_is_unknown_and_not_an_error():
    for found in (rates.proportion([0, 1], [0, 2]), rates.rate([3, 1], [0, 2])):
        assert np.isnan([found.value[0], found.lower[0], found.upper[0]]).all()
        assert found.value[1] > 0
    assert np.isnan(rates.rate(np.nan, 100).value)


@pytest.mark.parametrize(
    ("ask", "says"),
    [
        (lambda: rates.proportion(3, 2), "larger than its denominator"),
        (lambda: rates.rate(-1, 2), "negative"),
        (lambda: rates.rate(1, 2, method="normal"), "neither"),
        (lambda: rates.rate(1, 2, confidence=95), "between 0 and 1"),
    ],
)
def test_what_cannot_be_is_refused_in_words(ask, says):
    with pytest.raises(ValueError, match=says):
        ask()
