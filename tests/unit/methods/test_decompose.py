"""Daily counts taken apart: factors put in come out, and closed days do not bend them."""

import numpy as np
import pytest

from openpractice.methods import calendar
from openpractice.methods.decompose import decompose

WEEK = np.array([1.3, 1.05, 0.95, 0.9, 0.8])
YEAR = 1 + 0.2 * np.cos(2 * np.pi * np.arange(12) / 12)


def made_up(start, end, *, growth=1.1, after=1.25, noise=0.0, seed=0):
    """Open days only have counts; weekends and bank holidays have none."""
    days = np.arange(start, end, dtype="datetime64[D]")
    weekday = (days.astype(int) + 3) % 7
    month = days.astype("datetime64[M]").astype(int) % 12
    years = (days - days[0]).astype(float) / 365.25
    level = 1_000 * growth**years * YEAR[month] * np.append(WEEK, [0, 0])[weekday]
    holidays = days[calendar.is_bank_holiday(days)]
    level[np.isin(days, calendar.next_working_day(holidays))] *= after
    level[calendar.is_bank_holiday(days)] = 0
    return days, level * np.exp(np.random.default_rng(seed).normal(0, noise, len(days)))


def test_factors_put_in_come_out_exactly_without_noise():
    days, counts = made_up("2021-01-01", "2024-01-01")
    found = decompose(days, counts)
    np.testing.assert_allclose(found.weekday[:5], WEEK / WEEK.mean(), rtol=1e-9)
    np.testing.assert_allclose(found.month, YEAR / YEAR.mean(), rtol=1e-9)
    assert found.after_bank_holiday == pytest.approx(1.25)
    assert found.growth == pytest.approx(1.1)
    assert found.explained == pytest.approx(1)
    np.testing.assert_allclose(found.residual[found.used], 1)


def test_components_multiply_to_the_fitted_count():
    days, counts = made_up("2021-01-01", "2024-01-01", noise=0.1)
    found = decompose(days, counts)
    weekday, month = (days.astype(int) + 3) % 7, days.astype("datetime64[M]").astype(int) % 12
    product = found.trend * found.weekday[weekday] * found.month[month]
    ordinary = found.used & (np.abs(product / found.fitted - 1) < 1e-9)
    after = found.used & (np.abs(product * found.after_bank_holiday / found.fitted - 1) < 1e-9)
    assert (ordinary ^ after)[found.used].all()
    assert after.sum() == 20  # 27 bank holidays; Easter, Christmas and the Jubilee pair share a day after


def test_noise_leaves_the_factors_near_and_the_explained_share_right():
    days, counts = made_up("2021-01-01", "2024-01-01", noise=0.1, seed=3)
    found = decompose(days, counts)
    np.testing.assert_allclose(found.weekday[:5], WEEK / WEEK.mean(), rtol=0.03)
    _, truth = made_up("2021-01-01", "2024-01-01")
    signal = np.log(truth[found.used]).var()
    assert found.explained == pytest.approx(signal / (signal + 0.01), abs=0.03)
    assert found.explained_by["weekday"] > found.explained_by["after_bank_holiday"]


def test_the_day_after_is_not_laid_at_the_door_of_tuesdays():
    days, counts = made_up("2021-01-01", "2024-01-01", after=2.0)
    assert decompose(days, counts).weekday[1] == pytest.approx(WEEK[1] / WEEK.mean())


def test_indices_average_one_and_unopened_days_have_none():
    days, counts = made_up("2021-01-01", "2024-01-01", noise=0.2)
    found = decompose(days, counts, open_weekdays=(0, 1, 2, 3))
    assert np.nanmean(found.weekday) == pytest.approx(1)
    assert found.month.mean() == pytest.approx(1)
    assert np.isnan(found.weekday[4:]).all()
    assert "left out" in " ".join(found.notes)


def test_stray_counts_on_closed_days_change_nothing():
    days, counts = made_up("2021-01-01", "2024-01-01", noise=0.1)
    stray = counts.copy()
    stray[stray == 0] = 3
    np.testing.assert_array_equal(decompose(days, stray).weekday, decompose(days, counts).weekday)


def test_a_year_tells_season_but_not_growth_and_a_quarter_neither():
    year = decompose(*made_up("2023-01-01", "2024-01-01", growth=1))
    assert year.growth == 1
    assert "growth from season" in year.notes[0]
    np.testing.assert_allclose(year.month, YEAR / YEAR.mean(), rtol=1e-9)
    quarter = decompose(*made_up("2023-01-01", "2023-04-01"))
    assert (quarter.month == 1).all()
    assert "Months are not compared" in quarter.notes[0]


def test_too_few_days_are_refused():
    with pytest.raises(ValueError, match="Four weeks"):
        decompose(*made_up("2023-01-01", "2023-01-21"))
    with pytest.raises(ValueError, match="every day once"):
        decompose(["2023-01-02", "2023-01-02"], [1, 2])
