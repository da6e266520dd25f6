"""Funnels: pooled centres, exact tails, and over-dispersion as Spiegelhalter has it."""

import numpy as np
import pytest
from scipy import optimize, stats

from openpractice.methods.funnel import dispersion, funnel

RNG = np.random.default_rng(2005)
SIZES = RNG.integers(300, 15_000, size=4_000)


def test_centre_is_the_sum_over_the_sum_and_not_a_mean_of_rates():
    found = funnel([1, 90], [2, 100], per=100)
    assert found.centre == pytest.approx(100 * 91 / 102)


def test_poisson_limits_are_counts_whose_exact_interval_touches_the_expected():
    expected = np.array([0.5, 4.0, 20.0, 300.0])
    limits = funnel([1], [1], kind="ratio", centre=1).limits_at(expected)
    for e, low, high in zip(expected, limits.lower_95, limits.upper_95, strict=True):
        touch = optimize.brentq(lambda o, e=e: stats.chi2.ppf(0.025, 2 * o) / 2 - e, 1e-6, 2_000)
        assert high * e == pytest.approx(touch, rel=1e-6)
        if e > -np.log(0.025):
            touch = optimize.brentq(lambda o, e=e: stats.chi2.ppf(0.975, 2 * o + 2) / 2 - e, 0, 2_000)
            assert low * e == pytest.approx(touch, rel=1e-6)
        else:
            assert low == 0


@pytest.mark.parametrize("kind", ["proportion", "rate", "ratio"])
def test_chance_alone_puts_one_in_twenty_outside(kind):
    truth = 0.2 if kind == "proportion" else 1.0
    sizes = SIZES if kind == "proportion" else SIZES / 50
    draw = RNG.binomial(SIZES, truth) if kind == "proportion" else RNG.poisson(sizes * truth)
    found = funnel(draw, sizes, kind=kind)
    outside = np.char.startswith(found.position, "high") | np.char.startswith(found.position, "low")
    assert 0.03 < outside.mean() < 0.06
    assert np.isin(found.position, ["high_998", "low_998"]).mean() < 0.006
    assert 0.5 < found.phi < 1.05  # winsorising draws phi a little below 1


@pytest.mark.parametrize("overdispersion", ["multiplicative", "additive"])
def test_overdispersion_brings_ordinary_practices_back_inside(overdispersion):
    truths = np.clip(RNG.normal(0.3, 0.05, size=len(SIZES)), 0.05, 0.9)
    draw = RNG.binomial(SIZES, truths)
    plain, widened = funnel(draw, SIZES), funnel(draw, SIZES, overdispersion=overdispersion)
    assert (plain.position != "within").mean() > 0.5
    # Winsorising a tenth at either end keeps two thirds of the variance of a normal spread, so about one in eight.
    assert (widened.position != "within").mean() < 0.16
    assert (widened.limits.upper_95 > plain.limits.upper_95).all()
    assert (widened.limits.lower_95 < plain.limits.lower_95).all()


def test_additive_limits_never_close_on_the_centre_for_the_largest():
    draw = RNG.binomial(SIZES, np.clip(RNG.normal(0.3, 0.05, size=len(SIZES)), 0.05, 0.9))
    additive = funnel(draw, SIZES, overdispersion="additive").limits_at([1e9])
    multiplicative = funnel(draw, SIZES, overdispersion="multiplicative").limits_at([1e9])
    assert additive.upper_95 - additive.lower_95 > 0.12
    assert multiplicative.upper_95 - multiplicative.lower_95 < 0.01


def test_tau_recovers_the_spread_between_practices():
    error = RNG.uniform(0.01, 0.1, size=20_000)
    z = RNG.normal(0, np.sqrt(error**2 + 0.05**2)) / error
    phi, tau2 = dispersion(z, error, winsorise=0)
    assert tau2 == pytest.approx(0.05**2, rel=0.05)
    assert phi == pytest.approx(np.mean(z**2))


def test_dispersion_by_hand():
    """Five z scores; a fifth drawn in at either end makes -3 into -1.4 and 10 into 3.6 by linear quantiles."""
    z, error = np.array([-3.0, -1.0, 0.0, 2.0, 10.0]), np.array([1.0, 1.0, 2.0, 2.0, 2.0])
    phi, tau2 = dispersion(z, error, winsorise=0.2)
    squares = 1.4**2 + 1 + 0 + 4 + 3.6**2
    weights = 2.75, 2 + 3 / 16
    assert phi == pytest.approx(squares / 5)
    assert tau2 == pytest.approx((squares - 4) / (weights[0] - weights[1] / weights[0]))


def test_an_outlier_does_not_hide_itself_by_widening_the_limits():
    draw = RNG.binomial(SIZES[:100], 0.3)
    draw[0] = 0.9 * SIZES[0]
    assert funnel(draw, SIZES[:100], overdispersion="multiplicative").position[0] == "high_998"


def test_less_spread_than_chance_does_not_narrow_the_limits():
    sizes = np.full(50, 400)
    found = funnel(np.full(50, 100), sizes, overdispersion="multiplicative")
    assert found.phi == 0
    assert found.limits.upper_95[0] == pytest.approx(0.25 + 1.96 * np.sqrt(0.25 * 0.75 / 400), abs=2e-3)


def test_a_practice_without_figures_is_unknown_and_does_not_move_the_centre():
    found = funnel([10, np.nan, 3, 0], [100, 50, 0, np.nan])
    assert list(found.position) == ["within", "unknown", "unknown", "unknown"]
    assert found.centre == 0.1


def test_what_does_not_fit_is_refused_in_words():
    with pytest.raises(ValueError, match="Funnel kind"):
        funnel([1], [2], kind="mean")
    with pytest.raises(ValueError, match="at least one practice"):
        funnel([1], [0])
