"""Percentiles and deciles, held to numpy and scipy."""

import numpy as np
import pytest
from scipy import stats

from openpractice.methods.spread import deciles, percentile_of, percentiles

RNG = np.random.default_rng(9)


def test_percentile_of_agrees_with_scipy_ties_and_all():
    population = RNG.integers(0, 20, 200).astype(float)
    values = np.arange(-1, 22) + 0.5 * (np.arange(23) % 2)
    expected = [stats.percentileofscore(population, v, kind="mean") for v in values]
    np.testing.assert_allclose(percentile_of(values, population), expected)


def test_the_middle_of_a_tie_is_50():
    assert percentile_of(3, [3, 3, 3, 3]) == 50


def test_missing_values_neither_count_nor_are_counted():
    assert percentile_of(2, [1, np.nan, 3]) == 50
    assert np.isnan(percentile_of(np.nan, [1, 2]))
    assert np.isnan(percentile_of([1.0, 2.0], [np.nan])).all()


@pytest.mark.parametrize("shape", [(57,), (40, 6), (1, 3), (7, 2, 3)])
def test_percentiles_agree_with_numpy(shape):
    population = RNG.lognormal(size=shape)
    population[RNG.random(shape) < 0.1] = np.nan
    population[0] = 1.0  # no column is empty: numpy warns
    np.testing.assert_allclose(deciles(population), np.nanpercentile(population, range(10, 100, 10), axis=0))
    np.testing.assert_allclose(percentiles(population, [0, 100]), np.nanpercentile(population, [0, 100], axis=0))


def test_an_empty_column_has_no_deciles_and_raises_no_warning():
    found = deciles([[1.0, np.nan], [2.0, np.nan]])
    assert np.isnan(found[:, 1]).all()
    assert not np.isnan(found[:, 0]).any()
    assert np.isnan(deciles(np.empty((0, 2)))).all()
