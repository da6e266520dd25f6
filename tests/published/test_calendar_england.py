"""England's bank holidays and working days against what was published.

The list of 2019 to 2024 was kept by hand by an NHS analyst beside Wakefield's daily appointments; the 20 working days
of February 2026 are printed in NHS England's cloud telephony publication; the one-off days were proclaimed.
"""

import csv
from pathlib import Path

import numpy as np
import pytest

from openpractice.methods import calendar

LISTED = Path(__file__).parents[1] / "data/methods/bank_holidays_2019_2024.csv"


def test_every_day_of_six_years_agrees_with_the_list():
    with LISTED.open() as file:
        listed = np.array([row["date"] for row in csv.DictReader(file)], dtype="datetime64[D]")
    days = np.arange("2019-01-01", "2025-01-01", dtype="datetime64[D]")
    np.testing.assert_array_equal(days[calendar.is_bank_holiday(days)], listed)


@pytest.mark.parametrize("day", ["2022-06-02", "2022-06-03", "2022-09-19", "2023-05-08", "2020-05-08", "2012-06-05"])
def test_one_off_and_moved_days_are_bank_holidays(day):
    assert calendar.is_bank_holiday(day)
    assert not calendar.is_working_day(day)


@pytest.mark.parametrize("day", ["2020-05-04", "2022-05-30", "2023-05-02"])
def test_days_that_were_bank_holidays_in_other_years_are_not(day):
    assert calendar.is_working_day(day)


def test_february_2026_has_20_working_days():
    assert calendar.working_days(202602) == 20


def test_months_with_extra_bank_holidays():
    """May 2022 lost its spring holiday to June, which had two; May 2023 had three."""
    np.testing.assert_array_equal(calendar.working_days([202205, 202206, 202209, 202305]), [21, 20, 21, 20])


def test_core_hours_of_a_month():
    assert calendar.core_hours(202602) == 20 * 10.5
