"""Working days counted, stepped and between, at their edges."""

import datetime

import numpy as np
import pytest

from openpractice.methods import calendar


def test_months_of_a_year_add_up_to_its_working_days():
    months = 2024 * 100 + np.arange(1, 13)
    days = np.arange("2024-01-01", "2025-01-01", dtype="datetime64[D]")
    assert calendar.working_days(months).sum() == calendar.is_working_day(days).sum() == 254


def test_months_keep_their_shape():
    assert calendar.working_days([[202401, 202402], [202403, 202404]]).shape == (2, 2)


@pytest.mark.parametrize(
    ("start", "end", "between"),
    [
        ("2026-03-02", "2026-03-03", 1),
        ("2026-03-06", "2026-03-09", 1),
        ("2026-03-06", "2026-03-06", 0),
        ("2026-05-01", "2026-05-05", 1),  # over the early May bank holiday
        ("2025-12-24", "2026-01-02", 4),
        ("2026-03-03", "2026-03-02", -1),
    ],
)
def test_working_days_between(start, end, between):
    assert calendar.working_days_between(start, end) == between


def test_next_working_day_passes_weekends_and_bank_holidays():
    found = calendar.next_working_day(["2026-04-02", "2026-04-04", "2026-12-24"])
    np.testing.assert_array_equal(found, np.array(["2026-04-07", "2026-04-07", "2026-12-29"], dtype="datetime64[D]"))
    assert calendar.next_working_day("2026-04-04", 0) == np.datetime64("2026-04-07")
    assert calendar.next_working_day("2026-04-02", 0) == np.datetime64("2026-04-02")


def test_a_missing_date_is_no_day_at_all():
    dates = np.array(["NaT", "2026-03-02"], dtype="datetime64[D]")
    assert list(calendar.is_working_day(dates)) == [False, True]
    assert list(calendar.is_bank_holiday(dates)) == [False, False]
    assert not calendar.is_working_day(np.array(["NaT"], dtype="datetime64[D]"))


def test_python_dates_and_a_mix_of_centuries_are_read():
    assert calendar.is_working_day([datetime.date(1995, 6, 1), datetime.date(2040, 6, 1)]).all()


def test_bank_holidays_have_names():
    assert "Coronation" in calendar.bank_holidays(2023)[datetime.date(2023, 5, 8)]
    assert len(calendar.bank_holidays(2023)) == 9


@pytest.mark.parametrize("month", [202613, 202600, 2026, 26])
def test_what_is_not_a_month_is_refused(month):
    with pytest.raises(ValueError, match="202602 for February 2026"):
        calendar.working_days(month)
