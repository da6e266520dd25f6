"""England's online requests: NHS England, Submissions via Online Consultation Systems in General Practice."""

import pytest


def test_february_2026_from_the_england_row_and_from_practices(ask_rows, month):
    sql = f"SELECT level, sum(submissions) FROM loaded WHERE month_no = {month('2026-02')} GROUP BY ALL"
    assert dict(ask_rows("online_consultations", "online_requests", sql)) == {"nation": 8615369, "practice": 8615369}


def test_february_2026_per_1000_patients_of_the_practices_that_received_any(stored):
    found = stored("online_requests_per_1000", "2026-02")
    assert (found.numerator, found.denominator) == (8615369, 62826801)
    assert round(found.value) == 137


def test_january_2026_is_as_the_february_edition_restates_it(stored):
    assert stored("online_requests_per_1000", "2026-01").numerator == 9045139


def test_april_2024_as_first_published_and_as_restated_since(ask_rows, month, stored):
    """A supplier joined the collection later and its past was added: the same month grew by 0.9 million."""
    sql = f"SELECT sum(submissions) FROM loaded WHERE level = 'practice' AND month_no = {month('2024-04')}"
    assert ask_rows("online_consultations", "online_requests", sql) == [(3209764,)]
    editions = f"SELECT DISTINCT submissions FROM loaded WHERE level = 'nation' AND month_no = {month('2024-04')}"
    told = {n for (n,) in ask_rows("online_consultations", "online_requests", editions)}
    assert min(told) == pytest.approx(3.21e6, rel=0.001)
    assert stored("online_requests_per_1000", "2024-04").numerator == 4152475
    assert 4152475 in told


def test_practices_that_take_part(ask_rows, month):
    sql = f"""SELECT count(*), sum(participating) FROM loaded
              WHERE level = 'practice' AND month_no = {month("2026-02")}"""
    assert ask_rows("online_consultations", "online_requests", sql) == [(6170, 6146)]
