"""One number in words."""

import numpy as np
import pytest

from openpractice.analysis.groups import Spread
from openpractice.kinds import Result
from openpractice.measures import find
from openpractice.present import numbers
from openpractice.render.words import banned


def result(period: str, value: float, **more) -> Result:
    given = {"numerator": value, "denominator": 1.0, "coverage": 1.0, "unknown": 0.0, "confidence": "High"} | more
    return Result("calls_missed", "A81001", "practice", period, value=value, **given)


def spread(key: str, below: int, above: int, n: int) -> Spread:
    values = np.arange(n, dtype=float)
    label = {
        "alike": f"The {n} practices most alike",
        "england": "Practices in England",
        "local": "Practices in Mid ICB",
    }[key]
    place = 100 * below / n
    return Spread(key, label, "2026-02", "practice", (), values, place, 0, 0, 0, 0, 0, n, below, above)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (spread("alike", 20, 0, 20), "Higher than all 20 practices most alike"),
        (spread("alike", 3, 17, 20), "Lower than 17 of the 20 practices most alike"),
        (spread("england", 5400, 599, 6000), "Higher than 9 in 10 practices in England"),
        (spread("england", 3000, 2999, 6000), "Near the middle of practices in England"),
        (None, ""),
        (spread("alike", 1, 0, 2), ""),
    ],
)
def test_a_place_among_others_is_a_sentence_without_blame(given, said):
    assert numbers.place(given) == said
    assert not banned(said)


def test_a_value_is_parted_from_its_unit():
    assert numbers.split(0.296, "proportion") == ("29.6%", "")
    assert numbers.split(1054.2, "per 1,000 patients") == ("1,054", "per 1,000 patients")


@pytest.mark.parametrize(("percentile", "tenth"), [(0, 1), (9.9, 1), (55, 6), (100, 10)])
def test_the_tenth_of_a_group(percentile, tenth):
    given = spread("england", 0, 0, 100)
    assert numbers.decile(Spread(**{**vars(given), "own_percentile": percentile})) == tenth


def test_a_spark_says_in_words_what_it_shows():
    drawn = numbers.spark(find("calls_missed"), [result("2026-01", 0.1), result("2026-02", 0.12)])
    assert "Rose from 10.0% in January 2026 to 12.0% in February 2026" in drawn


def test_one_month_has_no_spark():
    assert numbers.spark(find("calls_missed"), [result("2026-02", 0.1)]) == ""


def test_a_trend_looks_back_a_year_where_it_can():
    months = [result("2025-01", 0.3), result("2025-02", 0.1), result("2026-02", 0.12)]
    assert numbers.trend(months, "proportion") == "Up from 10.0% in February 2025"
    assert numbers.trend(months[:2], "proportion") == "Down from 30.0% in January 2025"


@pytest.mark.parametrize(
    ("icon", "point"),
    [
        ("concern_high", "concern"),
        ("neutral_low", "neutral_low"),
        ("common_cause", "common_cause"),
        ("", "common_cause"),
    ],
)
def test_an_icon_and_its_point_agree(icon, point):
    assert numbers.point_type(icon) == point


def test_a_title_that_names_the_unit_is_not_followed_by_it():
    assert numbers.said(find("list_size"), 9200) == "9,200"
    assert numbers.said(find("inbound_calls_per_1000"), 545.7) == "545.7"
    assert numbers.said(find("mean_appointment_minutes"), 12.4) == "12.4 minutes"
