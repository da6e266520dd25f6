"""Words: numbers as people write them, places that never overstate, and no blame."""

from __future__ import annotations

import datetime as dt
import itertools

import pytest

from openpractice.render import icons, words
from openpractice.render.charts.spc import MEANINGS


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [
        (0.314, "proportion", "31.4%"),
        (0.008, "proportion", "0.8%"),
        (0.0004, "proportion", "0.04%"),
        (0.00001, "proportion", "less than 0.01%"),
        (0, "proportion", "0%"),
        (1, "proportion", "100%"),
        (0.9999, "proportion", "100.0%"),
        (545.7, "per 1,000 patients", "545.7 per 1,000"),
        (12.34, "per 10,000 patients", "12.3 per 10,000"),
        (9876, "patients", "9,876 patients"),
        (1, "patients", "1 patient"),
        (2273.4, "patients per GP", "2,273 patients per GP"),
        (4.25, "minutes", "4.3 minutes"),
        (12, "minutes", "12 minutes"),
        (1, "minutes", "1 minute"),
        (123456, "calls", "123,456 calls"),
        (548.5, "points", "548.5 points"),
        (7.44, "score", "7.4"),
        (168.4, "£ per patient", "£168.40 per patient"),
        (0.624, "index", "0.62"),
        (14, "days", "14 days"),
        (-3.2, "points", "−3.2 points"),
        (4312, "", "4,312"),
        (3, "sessions", "3 sessions"),
        (None, "days", "no figure"),
        (float("nan"), "days", "no figure"),
    ],
)
def test_a_number_with_its_unit(value, unit, expected):
    assert words.number(value, unit) == expected


def test_the_full_unit_on_request():
    assert words.number(545.7, "per 1,000 patients", full=True) == "545.7 per 1,000 patients"


def test_halves_round_up_as_a_calculator_does():
    assert words.percentage(0.0625) == "6.3%"
    assert words.figure(2.5, "patients per GP") == "2.5"
    assert words.figure(12.5, "patients") == "13"


def test_rounding_never_writes_a_negative_nought():
    assert words.figure(-0.0001, "points") == "0.00"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2026-02", "February 2026"),
        ("2026-02-14", "14 February 2026"),
        (dt.date(2026, 2, 1), "1 February 2026"),
        ("2026-W08", "week of 16 February 2026"),
        ("2026-Q1", "January to March 2026"),
        ("2025/26", "2025 to 2026"),
        ("1999/00", "1999 to 2000"),
        ("2025-26", "2025-26"),
        ("A81001", "A81001"),
    ],
)
def test_a_period(value, expected):
    assert words.period(value) == expected


def test_change():
    said = words.change(0.094, 0.108, "proportion", "2025-02", "2026-02")
    assert said == "Rose from 9.4% in February 2025 to 10.8% in February 2026 (+1.4 percentage points)."
    assert words.change(5, 4, "days", "2025-02", "2026-02").startswith("Fell from 5 days")
    assert words.change(5.01, 5.0, "days", "2025-02", "2026-02").startswith("Stayed at 5 days")
    assert "not known" in words.change(None, 5.0, "days", "2025-02", "2026-02")
    assert words.difference(0.09, 0.10, "proportion") == "+1.0 percentage point"


@pytest.mark.parametrize(
    ("share", "expected"),
    [
        (0.0, "lower than all other practices in England"),
        (0.03, "lower than 19 in 20 practices in England"),
        (0.1, "lower than 9 in 10 practices in England"),
        (0.39, "lower than 6 in 10 practices in England"),
        (0.5, "in the middle fifth of practices in England"),
        (0.72, "higher than 7 in 10 practices in England"),
        (0.799999, "higher than 7 in 10 practices in England"),
        (0.8, "higher than 8 in 10 practices in England"),
        (0.95, "higher than 19 in 20 practices in England"),
        (0.995, "higher than 99 in 100 practices in England"),
        (1.0, "higher than all other practices in England"),
        (None, "not compared with practices in England"),
    ],
)
def test_place(share, expected):
    assert words.place(share) == expected


def test_place_with_ties_does_not_call_everyone_else_higher():
    """Half of the practices report none: this one is no lower than they are."""
    assert words.place(0.0, share_above=0.5) == "in the middle fifth of practices in England"


def test_a_unit_is_named_as_a_reader_says_it():
    assert words.unit_name("proportion") == "%"
    assert words.unit_name("minutes") == "minutes"


def test_place_refuses_a_percentage():
    with pytest.raises(ValueError, match="share from 0 to 1"):
        words.place(72)


def test_small_words():
    assert words.listed([]) == ""
    assert words.listed(["a"]) == "a"
    assert words.listed(["a", "b", "c"]) == "a, b and c"
    assert words.plural(1, "practice") == "1 practice"
    assert words.plural(1204, "practice") == "1,204 practices"
    assert words.plural(2, "GP", "GPs") == "2 GPs"


def test_nothing_we_say_blames():
    said = [*icons.VARIATION.values(), *icons.ASSURANCE.values(), *MEANINGS.values()]
    said += [words.place(i / 100) for i in range(101)]
    said += [
        words.change(a, b, unit, "2025-01", "2026-01")
        for unit, a, b in itertools.product(words.UNITS, (None, 0.2, 0.9), (0.1, 0.9))
    ]
    assert [word for text in said for word in words.banned(text)] == []


def test_the_list_of_blame_finds_whole_words_only():
    assert words.banned("The WORST of the poor") == ["poor", "worst"]
    assert words.banned("A badge from Poorton, unfailing") == []
