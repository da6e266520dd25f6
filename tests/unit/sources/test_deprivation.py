"""Deprivation scores in four layouts."""

import pytest

from openpractice.kinds import month_no


def test_fingertips_prints_england_twice(read_source):
    reading = read_source("deprivation_fingertips.csv")
    england = reading.row("profile", level="nation")
    assert (england["area_code"], england["month_no"]) == ("ENG", month_no("2019-12"))
    assert england["number"] == pytest.approx(21.7220870988933)
    assert reading.row("profile", area_code="A81001")["number"] == pytest.approx(32.3609392614188)
    assert reading.refusals == [("England is printed twice", 1, "line 3")]
    assert reading.rows_read == 12


def test_three_indices_in_one_file(read_source):
    rows = read_source("deprivation_years.csv").rows("profile", area_code="A81001")
    assert [(r["month_no"], r["number"]) for r in rows] == [
        (month_no("2010-12"), 25.07512244),
        (month_no("2015-12"), 29.14031034),
        (month_no("2019-12"), 32.36093926),
    ]


def test_another_author_s_scores_by_practice_and_network(read_source):
    practice = read_source("deprivation_practice.csv")
    assert practice.row("profile", area_code="A81001")["number"] == pytest.approx(34.5687225678029)
    network = read_source("deprivation_pcn.csv")
    assert network.row("profile", area_code="U00070", level="pcn")["number"] == pytest.approx(8.36485162734309)
    assert network.reasons == {"not a primary care network code": 1}
