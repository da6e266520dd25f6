"""A lognormal from bands: known parameters come back, and scipy's optimiser finds nothing better."""

import numpy as np
import pytest
from scipy import optimize, stats

from openpractice.methods.durations import APPOINTMENT_BANDS, fit_lognormal

EDGES = np.array([0.5, 5.5, 10.5, 15.5, 20.5, 30.5, 60.5])
RNG = np.random.default_rng(13)


def banded(mu, sigma, n):
    """Whole minutes of n lognormal durations, sorted into the bands as a clerk would; others are not published."""
    minutes = np.floor(RNG.lognormal(mu, sigma, n) + 0.5)
    return np.array([((minutes >= low) & (minutes <= high)).sum() for low, high in APPOINTMENT_BANDS])


@pytest.mark.parametrize(("mu", "sigma"), [(2.3, 0.8), (2.0, 0.5), (2.7, 0.6), (3.0, 0.9), (1.5, 0.4)])
def test_known_parameters_come_back(mu, sigma):
    fit = fit_lognormal(banded(mu, sigma, 400_000))
    assert fit.mu == pytest.approx(mu, abs=0.02)
    assert fit.sigma == pytest.approx(sigma, abs=0.02)
    assert fit.misplaced < 0.005
    assert "fits well" in fit.statement


def test_mean_median_and_long_share_are_those_of_the_durations_within_the_bands():
    minutes = RNG.lognormal(2.3, 0.8, 1_000_000)
    minutes = minutes[(minutes > 0.5) & (minutes < 60.5)]
    fit = fit_lognormal(np.histogram(minutes, EDGES)[0])
    assert fit.mean == pytest.approx(minutes.mean(), rel=0.005)
    assert fit.median == pytest.approx(np.median(minutes), rel=0.005)
    assert fit.share_long == pytest.approx((minutes >= 15).mean(), abs=0.003)


def scipy_fit(counts):
    def loss(parameters):
        cumulative = stats.norm.cdf((np.log(EDGES) - parameters[0]) / np.exp(parameters[1]))
        share = np.diff(cumulative)
        return -(counts * np.log(share / share.sum())).sum() / counts.sum()

    found = optimize.minimize(loss, [2.2, -0.2], method="Nelder-Mead", options={"xatol": 1e-9, "fatol": 1e-14})
    return found.x[0], np.exp(found.x[1]), found.fun, loss


def test_a_batch_reaches_the_maximum_that_scipy_finds_series_by_series():
    base = np.array([4266686, 4654000, 3280132, 2023774, 1885864, 1163515])  # England, December 2021
    counts = RNG.multinomial(3_000, base / base.sum(), size=25)
    fit = fit_lognormal(counts)
    for row, observed in enumerate(counts):
        mu, sigma, least, loss = scipy_fit(observed)
        assert loss([fit.mu[row], np.log(fit.sigma[row])]) <= least + 1e-12
        assert (fit.mu[row], fit.sigma[row]) == pytest.approx((mu, sigma), abs=1e-4)
        single = fit_lognormal(observed)
        assert (single.mu, single.share_long) == pytest.approx((fit.mu[row], fit.share_long[row]), abs=1e-7)


def test_fitted_counts_add_up_to_those_given():
    counts = banded(2.3, 0.8, 5_000)
    assert fit_lognormal(counts).fitted.sum() == pytest.approx(counts.sum())


@pytest.mark.parametrize("counts", [[0, 0, 0, 0, 0, 0], [0, 9, 0, 0, 0, 0], [4, 9, 0, 0, 0, 0], [10, 0, 0, 0, 5, 10]])
def test_what_no_lognormal_fits_is_said_and_not_guessed(counts):
    fit = fit_lognormal([counts, [40, 50, 35, 20, 19, 12]])
    assert np.isnan([fit.mu[0], fit.mean[0], fit.share_long[0]]).all()
    assert fit.statement[0].startswith("No curve can be fitted")
    assert not np.isnan(fit.mu[1])


def test_a_poor_fit_is_called_poor():
    assert "poorly" in fit_lognormal([100, 2_000, 50, 40, 900, 600]).statement


def test_what_does_not_fit_the_bands_is_refused():
    with pytest.raises(ValueError, match="follow on"):
        fit_lognormal([1, 2, 3], [(1, 5), (7, 10), (11, 15)])
    with pytest.raises(ValueError, match="6 counts"):
        fit_lognormal([1, 2, 3])
    with pytest.raises(ValueError, match="0 or more"):
        fit_lognormal([1, 2, 3, 4, 5, -6])
