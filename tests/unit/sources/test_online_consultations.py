"""The online consultation workbooks: three editions, cut down, whose layouts differ."""

import pytest

from openpractice.kinds import month_no

FEB_26 = month_no("2026-02")


@pytest.fixture
def latest(read_source):
    return read_source("online_consultations_feb26.xlsx")


def test_a_practice_that_takes_part(latest):
    row = latest.row("online_requests", area_code="A81004", month_no=FEB_26)
    assert (row["submissions"], row["clinical"], row["administrative"], row["other"]) == (2005, 1760, 245, 0)
    assert (row["registered"], row["participating"]) == (11382, 1)
    assert row["supplier"] == "ECONSULT HEALTH LIMITED, TPP"


def test_a_practice_that_does_not_take_part_has_no_counts(latest):
    row = latest.row("online_requests", area_code="A84614")
    assert row["participating"] == 0
    assert row["submissions"] is row["clinical"] is row["registered"] is None


def test_england_is_read_for_every_month_whichever_way_it_is_written(latest):
    england = {r["month_no"]: r["submissions"] for r in latest.rows("online_requests", level="nation")}
    assert len(england) == 19
    assert england[FEB_26] == 8_615_369  # "Feb-26 [10,11]"
    assert england[month_no("2026-01")] == 9_045_139  # restated from 9,204,297
    assert england[month_no("2025-11")] == 7_555_095  # a date
    assert england[month_no("2024-08")] == 3_902_079  # "Aug-24"


def test_coverage_counts_the_practices_that_received_submissions(latest):
    row = latest.row("coverage", month_no=FEB_26)
    assert row["service"] == "online"
    assert (row["practices_included"], row["practices_open"]) == (6020, 6208)
    assert (row["patients_included"], row["patients_open"]) == (62_826_801, 63_794_229)


def test_weekdays_by_time_of_day(latest):
    assert len(latest.tables["online_by_time"]) == 7 * 8
    busiest = max(latest.tables["online_by_time"], key=lambda r: r["n"])
    assert (busiest["weekday"], busiest["time_band"], busiest["n"]) == ("Monday", "08:00-09:59", 247_004.25)


def test_areas_and_who_belongs_to_whom(latest):
    assert latest.row("organisations", area_code="U89141")["name"] == "STOCKTON PCN"
    parents = {r["parent"] for r in latest.rows("memberships", child="A81001")}
    assert parents == {"U89141", "16C"}
    assert latest.row("memberships", child="16C")["parent"] == "QHM"


def test_every_row_is_accounted_for(latest):
    assert latest.refusals == []
    assert latest.rows_read == 7 + 19 + 56


def test_a_list_is_read_only_when_every_practice_is_listed(read_source):
    assert "list_size" not in {p.table.name for p in read_source("online_consultations_apr24.xlsx").parts}
    (now,) = [p for p in read_source("online_consultations_feb26.xlsx").parts if p.table.name == "list_size"]
    assert now.complete


def test_the_first_edition_lists_participating_practices_and_no_times(read_source):
    reading = read_source("online_consultations_apr24.xlsx")
    assert "online_by_time" not in reading.tables
    row = reading.row("online_requests", area_code="A81001")
    assert (row["month_no"], row["submissions"], row["participating"]) == (month_no("2024-04"), 85, 1)
    assert reading.row("coverage", month_no=month_no("2024-04"))["practices_included"] == 4882


@pytest.fixture
def starred(read_source):
    return read_source("online_consultations_jan25.xlsx")


def test_a_star_for_participation_does_not_say_that_a_practice_takes_part(starred):
    """Note 11 of the edition: suppressed due to data quality issues."""
    row = starred.row("online_requests", area_code="A81001", level="practice")
    assert (row["submissions"], row["registered"], row["participating"]) == (62, 3889, None)


def test_a_star_and_no_submissions_say_nothing_of_a_practice(starred):
    """Kept, it would count among the patients that its network's figure speaks for."""
    assert starred.rows("online_requests", area_code="A81006") == []
    assert starred.rows("list_size", area_code="A81006") != []
    assert starred.reasons["whether the practice takes part is not stated, and it has no submissions"] == 1


def test_a_band_of_unknown_time(starred):
    assert starred.reasons["the time of day is not known"] == 7
