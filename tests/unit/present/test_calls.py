"""England's week in words and in cells, over the sample."""

import pytest

from openpractice.present import calls
from openpractice.render import words


def test_the_week_of_calls(sample_store):
    found = calls.calls(sample_store)
    assert (found.kind, found.shown, found.period) == ("calls", "hour", "2026-02")
    assert found.periods[0] == "2026-02"
    assert "Monday" in found.sentences[0]
    assert "Monday, 8 to 10am" in found.sentences[-1]
    assert found.week.table.columns[0].heading == "Day"
    assert found.week.table.rows[0][0] == "Monday"
    assert not [word for sentence in found.sentences for word in words.banned(sentence)]


def test_a_band_is_as_long_as_its_hours(sample_store):
    by_hour = calls.calls(sample_store, shown="hour").week.table.rows[0]
    by_band = calls.calls(sample_store, shown="band").week.table.rows[0]
    assert by_band[3] == pytest.approx(2 * by_hour[3], abs=1)  # 8 to 10am
    assert by_band[8] == pytest.approx(by_hour[8] / 2, abs=1)  # 6 to 6.30pm
    assert sum(by_band[1:10]) == pytest.approx(by_band[10], abs=10)


def test_online_requests_have_a_week_too(sample_store):
    found = calls.calls(sample_store, "online")
    assert "requests" in found.week.title
    assert len(found.week.table.columns) == 1 + 8 + 2


def test_what_is_not_offered_falls_back(sample_store):
    found = calls.calls(sample_store, "letters", "1999-01", "minute")
    assert (found.kind, found.shown, found.period) == ("calls", "hour", "2026-02")


def test_a_telephone_gets_short_names(sample_store):
    drawn = str(calls.calls(sample_store).week.spec(narrow=True))
    assert "Mon" in drawn
    assert "Wednesday" not in drawn


def test_the_waits_of_england(sample_store):
    waits = calls.calls(sample_store).waits
    assert [picture.id for picture in waits] == ["answered-after-5-minutes", "answered-within-1-minute"]
