"""Funnel limits equal those of PHStatsMethods, OHID's own package.

It draws the curves of rates and ratios the other way round: for a count of events, the population at which that
count would just be unusual. Our limits at that population must give the count back. It has no over-dispersion, which
the unit tests hold to Spiegelhalter's formulas written out and to simulation.
"""

import numpy as np
import pandas as pd
from PHStatsMethods import assign_funnel_significance, calculate_funnel_limits

from openpractice.methods.funnel import funnel

RNG = np.random.default_rng(1185)
SIZES = RNG.integers(200, 20_000, size=150)
COUNTS = RNG.poisson(SIZES * 0.01 * RNG.lognormal(0, 0.4, size=150))
FRAME = pd.DataFrame({"n": COUNTS, "d": SIZES, "e": SIZES * 0.01, "rate": 1_000 * COUNTS / SIZES})
NAMES = {"Low (0.001)": "low_998", "Low (0.025)": "low_95", "High (0.001)": "high_998", "High (0.025)": "high_95"}
ENDS = {"lower_2s": "lower_95", "upper_2s": "upper_95", "lower_3s": "lower_998", "upper_3s": "upper_998"}


def test_proportion_limits():
    theirs = calculate_funnel_limits(FRAME, "n", "proportion", 100, denom_col="d")
    found = funnel(COUNTS, SIZES, per=100)
    ours = found.limits_at(theirs["Population"])
    for their_name, our_name in ENDS.items():
        np.testing.assert_allclose(getattr(ours, our_name), theirs[f"{their_name}_limit"], rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(found.centre, theirs["baseline"])


def test_rate_limits():
    theirs = calculate_funnel_limits(
        FRAME, "n", "rate", 1_000, denom_col="d", rate="rate", rate_type="crude", years_of_data=1
    )
    found = funnel(COUNTS, SIZES, kind="rate", per=1_000)
    for their_name, our_name in ENDS.items():
        ours = getattr(found.limits_at(theirs[f"{their_name}_population_1_year"]), our_name)
        # They bisect to seven digits.
        np.testing.assert_allclose(ours, theirs[f"{their_name}_limit"], rtol=1e-4)


def test_ratio_limits():
    theirs = calculate_funnel_limits(FRAME, "n", "ratio", 100, denom_col="e", ratio_type="isr")
    found = funnel(COUNTS, FRAME["e"], kind="ratio", per=100, centre=100)
    for their_name, our_name in ENDS.items():
        ours = getattr(found.limits_at(theirs[f"{their_name}_exp_events"]), our_name)
        np.testing.assert_allclose(ours, theirs[f"{their_name}_limit"], rtol=1e-4)


def agreement(theirs, ours):
    return np.mean(theirs["significance"].map(NAMES).fillna("within").to_numpy(dtype=str) == ours.position)


def test_the_same_practices_stand_out():
    proportions = assign_funnel_significance(FRAME, "n", "proportion", denom_col="d")
    found = funnel(COUNTS, SIZES)
    assert agreement(proportions, found) == 1
    assert set(found.position) >= {"within", "low_95", "high_95", "low_998", "high_998"}
    # Theirs is Byar's approximation from 10 events, ours exact, so only a practice on the very line may differ.
    crude = assign_funnel_significance(
        FRAME, "n", "rate", denom_col="d", rate="rate", rate_type="crude", multiplier=1_000
    )
    assert agreement(crude, funnel(COUNTS, SIZES, kind="rate", per=1_000)) > 0.99
    ratio = assign_funnel_significance(FRAME, "n", "ratio", denom_col="e")
    assert agreement(ratio, funnel(COUNTS, FRAME["e"], kind="ratio", centre=1)) > 0.99
