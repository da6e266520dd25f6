"""Working days in England: which days a practice is contracted to be open.

Bank holidays come from the `holidays` package, one-off ones (jubilee, state funeral, coronation) included. Core hours
are 08:00 to 18:30 Monday to Friday except bank holidays (GMS contract). Dates are numpy `datetime64[D]`, or anything
numpy reads as such; months are whole numbers such as 202602.
"""

import datetime
from functools import lru_cache

import holidays
import numpy as np
from numpy.typing import ArrayLike, NDArray

CORE_HOURS_A_DAY = 10.5


def bank_holidays(year: int) -> dict[datetime.date, str]:
    """England's bank holidays of a year with their names, in order.

    Weekdays only, as GOV.UK lists them: when Christmas falls on a Sunday, the Tuesday after it is the bank holiday.
    """
    listed = holidays.country_holidays("GB", subdiv="ENG", years=year)
    return {day: name for day, name in sorted(listed.items()) if day.weekday() < 5}


@lru_cache(maxsize=64)
def _calendar(first, last):
    days = [day for year in range(first, last + 1) for day in bank_holidays(year)]
    return np.busdaycalendar(weekmask="1111100", holidays=np.array(days, dtype="datetime64[D]"))


def _covering(*dates):
    """A calendar for all the years these dates touch, and the next, in case an answer lies beyond them."""
    known = np.concatenate([day[~np.isnat(day)].ravel() for day in dates])
    years = known.astype("datetime64[Y]").astype(int) + 1970
    return _calendar(int(years.min()) - 1, int(years.max()) + 1) if years.size else _calendar(2020, 2021)


def _days(dates):
    return np.asarray(dates, dtype="datetime64[D]")


def is_bank_holiday(dates: ArrayLike) -> NDArray[np.bool_]:
    """True on England's bank holidays; False for a missing date."""
    days = _days(dates)
    return np.isin(days, _covering(days).holidays)


def is_working_day(dates: ArrayLike) -> NDArray[np.bool_]:
    """True on Monday to Friday except England's bank holidays; False for a missing date."""
    days = _days(dates)
    return np.is_busday(days, busdaycal=_covering(days))


def working_days(year_months: ArrayLike) -> NDArray[np.int64]:
    """Working days in months given as 202602. Raises ValueError for what is not a month."""
    months = np.asarray(year_months, dtype=np.int64)
    year, month = np.divmod(months, 100)
    if ((month < 1) | (month > 12) | (year < 1900) | (year > 2200)).any():
        raise ValueError("Months are whole numbers such as 202602 for February 2026.")
    first = ((year - 1970) * 12 + month - 1).astype("datetime64[M]")
    start, end = first.astype("datetime64[D]"), (first + 1).astype("datetime64[D]")
    return np.busday_count(start, end, busdaycal=_covering(start, end))


def core_hours(year_months: ArrayLike) -> NDArray[np.float64]:
    """Contracted opening hours in months given as 202602: 10.5 a working day."""
    return np.multiply(CORE_HOURS_A_DAY, working_days(year_months), dtype=np.float64)


def working_days_between(start: ArrayLike, end: ArrayLike) -> NDArray[np.int64]:
    """Working days from `start` up to but not including `end`; negative when `end` is earlier.

    Monday to Tuesday is 1, Friday to Monday is 1, and Friday to Tuesday over a bank holiday Monday is 1.
    """
    start, end = _days(start), _days(end)
    return np.busday_count(start, end, busdaycal=_covering(start, end))


def next_working_day(dates: ArrayLike, days: int = 1) -> NDArray[np.datetime64]:
    """The working day so many after each date, which need not be a working day itself; 0 keeps a working day."""
    start = _days(dates)
    # From a weekend, the working day before it counts as day 0, so that day 1 is the Monday and not the Tuesday.
    return np.busday_offset(start, days, roll="backward" if days > 0 else "forward", busdaycal=_covering(start))
