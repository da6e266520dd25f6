"""The average week of a month, from days whose calls are known."""

import numpy as np
import pytest

from openpractice.analysis.rhythm import rhythm
from openpractice.kinds import Refused
from openpractice.tables.calls import BANDS


def test_the_average_week_of_february(store):
    """Each weekday came four times in February 2026, and brought the same calls each time."""
    found = rhythm(store)
    assert (found.kind, found.period, found.level) == ("calls", "2026-02", "nation")
    assert found.n_days.tolist() == [4] * 7
    early, late, evening = (BANDS.index(b) for b in ("08:00-09:59", "10:00-11:59", "18:00-18:29"))
    assert found.grid[0, [early, late, evening]].tolist() == [400, 200, 60]
    assert found.grid[3, [early, late, evening]].tolist() == [200, 200, 60]
    assert found.grid[6, [early, late, evening]].tolist() == [10, 0, 0]
    assert found.monday_share == pytest.approx(660 / (660 + 4 * 460))
    assert found.eight_to_ten_share == pytest.approx([400 / 660, *[200 / 460] * 4, 1, 1])
    assert np.nansum(found.share_of_day, axis=1) == pytest.approx(np.ones(7))


def test_bands_of_different_length_are_compared_by_the_hour(store):
    found = rhythm(store)
    assert found.hours[BANDS.index("18:00-18:29")] == pytest.approx(0.5)
    assert found.hours[BANDS.index("08:00-09:59")] == pytest.approx(2)
    assert found.hours.sum() == pytest.approx(24)
    assert found.per_hour[0, BANDS.index("18:00-18:29")] == pytest.approx(120)
    assert found.per_hour[0, BANDS.index("08:00-09:59")] == pytest.approx(200)
    assert found.peak == ("Monday", "08:00-09:59")


def test_months_in_which_weekdays_come_five_times(store):
    """January 2025 began on a Wednesday: five Wednesdays, Thursdays and Fridays. Averages do not change by that."""
    found = rhythm(store, period="2025-01")
    assert found.n_days.tolist() == [4, 4, 5, 5, 5, 4, 4]
    assert found.grid.tolist() == rhythm(store).grid.tolist()
    assert len(found.periods) == 14


def test_refusals(store):
    with pytest.raises(Refused, match="No calls by day and time are loaded for 2019-01"):
        rhythm(store, period="2019-01")
    with pytest.raises(Refused, match="is not a month"):
        rhythm(store, period="lately")
    with pytest.raises(Refused, match="There is no rhythm of 'letters'"):
        rhythm(store, "letters")
    with pytest.raises(Refused, match="No online requests by weekday and time are loaded"):
        rhythm(store, "online")
