"""The words and numbers of sentences."""

import math

import pytest

from openpractice.analysis import wording


@pytest.mark.parametrize(
    ("value", "unit", "said"),
    [
        (0.314, "proportion", "31.4%"),
        (0.0086, "proportion", "0.86%"),
        (0.00001, "proportion", "less than 0.01%"),
        (0, "proportion", "0%"),
        (1, "proportion", "100%"),
        (-0.036, "proportion", "−3.6%"),
        (545.66, "per 1,000 patients", "545.7 per 1,000 patients"),
        (0, "per 1,000 patients", "0 per 1,000 patients"),
        (0.25, "per 10,000 patients", "0.25 per 10,000 patients"),
        (9200.4, "patients", "9,200 patients"),
        (1969.6, "patients per GP", "1,970 patients per GP"),
        (157.309, "£ per patient", "£157.31 per patient"),
        (0.345, "index", "0.35"),
        (11.94, "minutes", "11.9 minutes"),
        (None, "minutes", "no figure"),
        (math.nan, "proportion", "no figure"),
    ],
)
def test_numbers_have_their_units(value, unit, said):
    assert wording.number(value, unit) == said


def test_a_range_says_its_unit_once():
    assert wording.between(5.14, 103.3, "per 1,000 patients") == "5.1 to 103.3 per 1,000 patients"
    assert wording.between(0.02, 0.045, "proportion") == "2.0% to 4.5%"
    assert wording.between(1969.6, 2500, "patients per GP") == "1,970 to 2,500 patients per GP"


def test_differences_of_shares_are_points():
    assert wording.difference(0.094, 0.108, "proportion") == "1.4 percentage points"
    assert wording.difference(0.10, 0.11, "proportion") == "1.0 percentage point"
    assert wording.difference(12.0, 8.0, "per 1,000 patients") == "4.0 per 1,000 patients"


@pytest.mark.parametrize(
    ("below", "above", "n", "said"),
    [
        (18, 2, 20, "higher than 18 of the 20 practices most alike"),
        (1, 19, 20, "lower than 19 of the 20 practices most alike"),
        (20, 0, 20, "higher than all 20 practices most alike"),
        (5600, 600, 6200, "higher than 9 in 10 practices most alike"),
        (6190, 9, 6200, "higher than 99 in 100 practices most alike"),
        (0, 0, 20, "the same as all 20 practices most alike"),
        (3, 0, 13, "the same as 10 of the 13 practices most alike"),
        (100, 100, 6200, "the same as 9 in 10 practices most alike"),
        (3200, 3000, 6200, "near the middle of practices most alike"),
    ],
)
def test_places_never_overstate(below, above, n, said):
    assert wording.place(below, above, "practices most alike", n) == said


def test_small_words():
    assert wording.month("2026-02") == "February 2026"
    assert wording.listed(["a", "b", "c"]) == "a, b and c"
    assert wording.plural(1, "month") == "1 month"
    assert wording.plural(1204, "month") == "1,204 months"
    assert wording.lower_first("Calls missed") == "calls missed"
    assert wording.lower_first("GPs per 10,000 patients") == "GPs per 10,000 patients"
