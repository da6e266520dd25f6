"""England's quality figures: NHS England, Quality and Outcomes Framework 2020/21; the Care Quality Commission."""

import pytest


@pytest.mark.parametrize(("condition", "printed", "places"), [("CHD", 3.05, 2), ("HYP", 13.9, 1), ("DM", 7.1, 1)])
def test_prevalence_from_the_registers_of_every_practice(condition, printed, places, ask_rows):
    sql = f"SELECT 100 * sum(register) / sum(eligible) FROM loaded WHERE condition = '{condition}'"
    ((prevalence,),) = ask_rows("qof_prevalence", "qof_prevalence", sql)
    assert round(prevalence, places) == printed


@pytest.mark.parametrize(
    ("measure", "printed"),
    [("chd_prevalence", 0.0305), ("hypertension_prevalence", 0.139), ("diabetes_prevalence", 0.071)],
)
def test_stored_prevalence(measure, printed, stored):
    assert stored(measure, "2021-03").value == pytest.approx(printed, abs=0.0005)


def test_diabetes_is_counted_among_those_of_17_and_over(stored):
    assert stored("diabetes_prevalence", "2021-03").denominator < 0.82 * stored("chd_prevalence", "2021-03").denominator


def test_ratings_of_practices(ask_rows):
    sql = "SELECT rating, count(*) FROM loaded GROUP BY rating"
    assert dict(ask_rows("cqc", "cqc_ratings", sql)) == {
        "Outstanding": 291,
        "Good": 5532,
        "Requires improvement": 289,
        "Inadequate": 55,
    }


def test_stored_share_good_or_outstanding(stored):
    found = stored("cqc_good_or_outstanding", "2024-12")
    assert (found.numerator, found.denominator) == (5823, 6167)
