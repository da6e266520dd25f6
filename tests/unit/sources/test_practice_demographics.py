"""The collated table whose age shares are half of what they should be."""

import pytest

from openpractice.kinds import month_no


def test_shares_are_doubled_and_become_patients(read_source):
    reading = read_source("practice_demographics.csv")
    rows = reading.rows("list_ages", area_code="A81001")
    assert [(r["age_from"], r["age_to"], r["patients"]) for r in rows] == [
        (0, 4, 183),
        (5, 19, 700),
        (20, 64, 2128),
        (65, 120, 879),
    ]
    assert sum(r["patients"] for r in rows) == reading.row("list_size", area_code="A81001")["patients"] == 3890


def test_doubled_shares_agree_with_another_file(read_source):
    """A81001: 23.1% were aged 65 and over in April 2020; 11.3% is printed here."""
    now = read_source("practice_demographics.csv").row("list_ages", area_code="A81001", age_from=65)["patients"] / 3890
    then = read_source("registered_patients_ages_apr20.csv").row("list_ages", area_code="A81001", age_from=65)
    assert now == pytest.approx(then["patients"] / 4111, abs=0.02)


def test_the_date_and_missing_deprivation(read_source):
    reading = read_source("practice_demographics.csv")
    assert {r["month_no"] for r in reading.tables["list_size"]} == {month_no("2025-06")}
    assert reading.rows("profile", area_code="Y00361") == []
    assert reading.row("profile", area_code="A81001")["number"] == pytest.approx(32.3609392614188)
    assert (reading.rows_read, reading.rows_kept) == (12, 12)


def test_shares_that_cannot_be_doubled_are_refused(read_source, tmp_path):
    path = tmp_path / "whole.csv"
    path.write_text(
        "practice_code,list_size,imd_score,imd_decile,pct_over_65,pct_under_5,pct_5_19\nY99001,100,20,5,40,10,20\n"
    )
    reading = read_source(path)
    assert reading.tables["list_ages"] == []
    assert reading.row("list_size")["patients"] == 100
