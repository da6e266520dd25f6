"""England's telephone calls, February 2026: NHS England, Cloud Based Telephony Data in General Practice, Table 1."""

import pytest

from openpractice.analysis.everyone import everyone
from openpractice.measures import catalogue

FEBRUARY = "2026-02"
INBOUND, ANSWERED, MISSED, ENDED_IN_IVR, CALL_BACKS, MADE = 29211036, 16124647, 3142744, 7754690, 2190066, 2181162
COUNTS = (INBOUND, ANSWERED, MISSED, ENDED_IN_IVR, CALL_BACKS, MADE)
SUMS = "sum(inbound), sum(answered), sum(missed), sum(ended_in_ivr), sum(callback_requested), sum(callback_made)"
WAITS = (7335733, 2281560, 3106167, 3401187)


@pytest.mark.parametrize("level", ["nation", "practice"])
def test_the_england_row_and_the_practices_give_the_published_counts(level, ask_rows, month):
    sql = f"SELECT {SUMS} FROM loaded WHERE level = '{level}' AND month_no = {month(FEBRUARY)}"
    assert ask_rows("telephony", "calls", sql) == [COUNTS]


def test_the_practices_only_sum_to_england_with_the_accounts_that_serve_several(ask_rows, month):
    sql = f"""SELECT sum(inbound), count(*) FROM loaded
              WHERE area_code <> 'UNASSIGNED' AND level = 'practice' AND month_no = {month(FEBRUARY)}"""
    assert ask_rows("telephony", "calls", sql) == [(INBOUND - 2054538, 4771)]


def test_every_measure_of_those_calls_says_that_regions_fall_short(sample_store):
    regions = everyone(sample_store, "calls_answered", "region", FEBRUARY)
    assert (f"{(INBOUND - regions.denominator.sum()) / 1e6:.2f}", f"{INBOUND / 1e6:.1f}") == ("2.05", "29.2")
    silent = {
        m.name
        for m in catalogue().values()
        if m.table.name in ("calls", "answered_calls", "missed_calls")
        and not any("fell 2.05 million of 29.2 million calls short" in caveat for caveat in m.caveats)
    }
    assert silent == set()


@pytest.mark.parametrize(
    ("measure", "count", "printed"),
    [
        ("calls_answered", ANSWERED, 0.552),
        ("calls_missed", MISSED, 0.108),
        ("calls_ended_in_ivr", ENDED_IN_IVR, 0.265),
        ("callbacks_requested", CALL_BACKS, 0.075),
    ],
)
def test_outcomes_as_shares_of_inbound_calls(measure, count, printed, stored):
    found = stored(measure, FEBRUARY)
    assert (found.numerator, found.denominator) == (count, INBOUND)
    assert round(found.value, 3) == printed


def test_call_backs_made_of_those_requested(stored):
    found = stored("callbacks_made", FEBRUARY)
    assert (found.numerator, found.denominator, round(found.value, 3)) == (MADE, CALL_BACKS, 0.996)


@pytest.mark.parametrize(("period", "printed"), [("2026-02", 545.7), ("2026-01", 589.6)])
def test_inbound_calls_per_1000_patients_of_the_practices_included(period, printed, stored):
    """The denominator is the patients that the publication covers, not England's whole list."""
    assert round(stored("inbound_calls_per_1000", period).value, 1) == printed


@pytest.mark.parametrize("level", ["nation", "practice"])
def test_waits_of_answered_callers(level, ask_rows, month):
    sql = f"""SELECT sum(under_1), sum(from_1_to_2), sum(from_2_to_5), sum(over_5) FROM loaded
              WHERE level = '{level}' AND month_no = {month(FEBRUARY)}"""
    ((found),) = ask_rows("telephony", "answered_calls", sql)
    assert found == WAITS
    assert [round(100 * count / sum(found), 1) for count in found] == [45.5, 14.1, 19.3, 21.1]


def test_lengths_of_answered_calls_from_counts_not_from_the_printed_shares(ask_rows, month):
    """The edition prints these shares in rows that its labels have slipped past: 7.9% stands beside "1 minute or less"."""
    sql = f"""SELECT sum(lasted_under_1), sum(lasted_1_to_2), sum(lasted_2_to_5), sum(lasted_over_5) FROM loaded
              WHERE level = 'nation' AND month_no = {month(FEBRUARY)}"""
    ((found),) = ask_rows("telephony", "answered_calls", sql)
    assert found == (3718068, 5780811, 5351658, 1274110)
    assert sum(found) == ANSWERED
    assert [round(100 * count / sum(found), 1) for count in found] == [23.1, 35.9, 33.2, 7.9]


def test_stored_waits_are_the_first_and_the_last_bin(stored):
    assert round(stored("answered_within_1_minute", FEBRUARY).value, 3) == 0.455
    assert round(stored("answered_after_5_minutes", FEBRUARY).value, 3) == 0.211


def test_calls_on_each_weekday_of_four_full_weeks(ask_rows, month):
    sql = f"SELECT weekday, sum(n), count(DISTINCT day_no) FROM loaded WHERE month_no = {month(FEBRUARY)} GROUP BY ALL"
    found = {weekday: (calls, days) for weekday, calls, days in ask_rows("telephony", "calls_by_time", sql)}
    assert found == {
        "Monday": (7509913, 4),
        "Tuesday": (5734002, 4),
        "Wednesday": (5343586, 4),
        "Thursday": (5148468, 4),
        "Friday": (5108051, 4),
        "Saturday": (270873, 4),
        "Sunday": (96143, 4),
    }
    assert sum(calls for calls, _ in found.values()) == INBOUND


def test_mondays_carry_more_than_a_quarter_of_the_working_week(stored):
    found = stored("monday_calls_share", FEBRUARY)
    assert (found.numerator, found.denominator) == (7509913, INBOUND - 270873 - 96143)
    assert round(found.value, 2) == 0.26


def test_coverage_of_practices_and_patients(stored):
    practices, patients = (stored(f"{of}_covered_telephony", FEBRUARY) for of in ("practices", "patients"))
    assert (practices.numerator, practices.denominator, round(practices.value, 3)) == (5112, 6208, 0.823)
    assert (patients.numerator, patients.denominator, round(patients.value, 3)) == (53533065, 63797354, 0.839)


def test_a_figure_says_how_much_of_england_it_speaks_for(stored):
    found = stored("calls_answered", FEBRUARY)
    assert found.coverage == pytest.approx(0.839, abs=0.001)
    assert found.confidence == "Medium"
