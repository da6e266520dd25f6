"""England's appointments: NHS England, Appointments in General Practice, summed from the file of boards and months."""

import pytest

MILLIONS = {"2020-01": 27.2, "2020-04": 16.0, "2021-11": 30.4, "2022-06": 25.8}
EXACT = {"2020-01": 27199296, "2020-04": 16007881, "2021-11": 30405070, "2022-06": 25828078}


@pytest.mark.parametrize("period", MILLIONS)
def test_every_board_together_gives_the_published_month(period, ask_rows, month):
    """Equal rows of a board are its locations, not repeats: without them January 2020 would fall far short."""
    ((n,),) = ask_rows(
        "gpad_icb_monthly", "appointments", f"SELECT sum(n) FROM loaded WHERE month_no = {month(period)}"
    )
    assert n == EXACT[period]
    assert round(n / 1e6, 1) == MILLIONS[period]


@pytest.mark.parametrize("period", MILLIONS)
def test_the_stored_month_is_as_published_whichever_source_is_believed(period, stored):
    """The national table restates the past: it takes 19 thousand appointments out of January 2020."""
    appointments = stored("appointments_per_1000", period).numerator
    assert round(appointments / 1e6, 1) == MILLIONS[period]
    assert appointments == pytest.approx(EXACT[period], rel=0.001)


def test_the_first_lockdown_took_two_appointments_in_five(stored):
    january, april = (stored("appointments_per_1000", period).numerator for period in ("2020-01", "2020-04"))
    assert april / january == pytest.approx(0.589, abs=0.001)


def test_appointments_not_attended_of_all(ask_rows):
    """Unknown status stays in the denominator: 4.16% of all, 4.36% of those with a known status."""
    sql = """SELECT sum(n) FILTER (appt_status = 'DNA') / sum(n),
                    sum(n) FILTER (appt_status = 'DNA') / sum(n) FILTER (appt_status IN ('Attended', 'DNA')) FROM loaded"""
    ((of_all, of_known),) = ask_rows("gpad_icb_monthly", "appointments", sql)
    assert (round(100 * of_all, 2), round(100 * of_known, 2)) == (4.16, 4.36)


def test_both_shares_not_attended_are_stored_side_by_side(stored):
    known, everything = (stored(m, "2022-06") for m in ("dna_rate", "dna_rate_including_unknown"))
    assert known.numerator == everything.numerator
    assert known.denominator < everything.denominator
    assert known.unknown == pytest.approx(everything.unknown)


def test_the_cuts_of_the_national_table_count_the_same_appointments(ask_rows):
    """Status, professional, mode and lag are cuts of one total, so each alone sums to it; they are never added."""
    sql = """SELECT month_no, sum(n) FILTER (appt_status IS NOT NULL), sum(n) FILTER (hcp_type IS NOT NULL),
                    sum(n) FILTER (appt_mode IS NOT NULL), sum(n) FILTER (booking_lag IS NOT NULL)
             FROM loaded GROUP BY month_no ORDER BY month_no"""
    rows = ask_rows("gpad_national", "appointments", sql)
    assert len(rows) == 59
    for _, status, *others in rows:
        assert others == [pytest.approx(status, rel=0.001)] * 3
