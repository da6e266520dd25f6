"""Wakefield's daily appointments, January 2022 to October 2023 (NHS England, appointments in general practice)."""

import csv
from pathlib import Path

import numpy as np

from openpractice.methods.decompose import decompose

TOTALS = Path(__file__).parents[1] / "data/methods/wakefield_daily_totals_2022_2023.csv"


def wakefield():
    with TOTALS.open() as file:
        rows = list(csv.DictReader(file))
    return np.array([r["date"] for r in rows], dtype="datetime64[D]"), np.array(
        [float(r["appointments"]) for r in rows]
    )


def test_monday_is_the_busiest_day_and_friday_the_quietest():
    found = decompose(*wakefield())
    assert np.nanargmax(found.weekday) == 0
    assert np.nanargmin(found.weekday) == 4
    assert 1.08 < found.weekday[0] < 1.15


def test_weekday_indices_agree_with_plain_averages():
    """A route without logs or regression: the mean count of each weekday over the mean of those means."""
    dates, totals = wakefield()
    found = decompose(dates, totals)
    weekday = (dates.astype(int) + 3) % 7
    means = np.array([totals[found.used & (weekday == day)].mean() for day in range(5)])
    np.testing.assert_allclose(found.weekday[:5], means / means.mean(), atol=0.015)


def test_autumn_with_its_vaccinations_is_busiest_and_august_quietest():
    found = decompose(*wakefield())
    assert np.argmax(found.month) in (9, 10)
    assert np.argmin(found.month) == 7


def test_weekends_and_bank_holidays_are_not_used():
    dates, _ = wakefield()
    used = decompose(*wakefield()).used
    assert not used[np.isin(dates, np.array(["2022-06-03", "2022-09-19"], dtype="datetime64[D]"))].any()
    assert used.sum() < 465
