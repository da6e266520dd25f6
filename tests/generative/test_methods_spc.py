"""The fast charts agree with the slow, obvious ones, and obey what any chart must."""

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from openpractice.methods.spc import xmr
from tests.unit.methods import spc_slow

# Small whole numbers give many ties, runs and points exactly on a line; tenths give rounding error.
VALUE = st.one_of(st.just(np.nan), st.integers(0, 9).map(float), st.integers(-40, 40).map(lambda n: n / 10))


@st.composite
def batches(draw):
    shape = draw(st.integers(1, 4)), draw(st.integers(1, 40))
    table = draw(arrays.arrays(float, shape, elements=VALUE))
    if draw(st.booleans()):  # long runs, which chance alone seldom draws
        table = np.cumsum(table, axis=1)
    if draw(st.booleans()):
        table = np.round(table / 3, 1)
    rebase = draw(st.lists(st.integers(0, shape[1] - 1), max_size=2))
    fix_after = draw(st.one_of(st.none(), st.integers(2, 20)))
    return table, {"rebase": rebase, "fix_after": fix_after, "screen_outliers": draw(st.booleans())}


def long_rows(table):
    series, point = np.indices(table.shape)
    return pd.DataFrame({"series": series.ravel(), "point": point.ravel(), "value": table.ravel()})


@settings(max_examples=300, deadline=None)
@given(batches())
def test_fast_agrees_with_slow(batch):
    table, options = batch
    fast, slow = xmr(table, **options), spc_slow.judge(long_rows(table), **options)
    for line in ("mean", "lower", "upper", "near_lower", "near_upper"):
        np.testing.assert_allclose(getattr(fast, line).ravel(), slow[line], rtol=1e-9, atol=1e-9)
    np.testing.assert_array_equal(fast.special_cause.ravel(), slow["special_cause"].to_numpy(dtype=str))


def test_fast_agrees_with_slow_over_many_blocks():
    """Enough series that the last block is not full, with gaps only in the last."""
    table = np.random.default_rng(7).normal(size=(2100, 14)).round(1)
    table[2090:, 3] = np.nan
    np.testing.assert_array_equal(
        xmr(table).special_cause.ravel(), spc_slow.judge(long_rows(table))["special_cause"].to_numpy(dtype=str)
    )


@settings(deadline=None)
@given(arrays.arrays(float, st.integers(1, 40), elements=st.integers(0, 9).map(float)))
def test_turning_a_series_upside_down_swaps_high_and_low(series):
    swap = {"above": "below", "below": "above", "upper": "lower", "lower": "upper"}
    swap |= {"increasing": "decreasing", "decreasing": "increasing"}
    turned = ["_".join(swap.get(part, part) for part in word.split("_")) for word in xmr(series).special_cause]
    assert list(xmr(-series).special_cause) == turned


@settings(deadline=None)
@given(batches())
def test_each_series_of_a_batch_is_judged_alone(batch):
    table, options = batch
    together = xmr(table, **options)
    for row, series in enumerate(table):
        alone = xmr(series, **options)
        np.testing.assert_array_equal(together.special_cause[row], alone.special_cause)
        assert together.variation[row] == alone.variation
