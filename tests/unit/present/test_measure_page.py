"""The charts of one measure, and what their words may claim."""

import pytest

from openpractice.kinds import Area, Refused, Result
from openpractice.measures import catalogue, find
from openpractice.present import charts, measure
from openpractice.present import process as chart
from openpractice.render.words import banned

PLACE = Area("A81001", "practice", "The Surgery")
MISSED = find("calls_missed")


def months(values, coverage=None) -> list[Result]:
    cover = coverage or [1.0] * len(values)
    return [
        Result(
            "calls_missed", "A81001", "practice", f"{2024 + i // 12}-{i % 12 + 1:02}", v * 100, 100.0, v, c, 0.0, "High"
        )
        for i, (v, c) in enumerate(zip(values, cover, strict=True))
    ]


def process(history):
    return chart.process(MISSED, PLACE, history, measure._chart(MISSED, history, measure.Asked()))


def test_five_points_are_not_judged():
    drawn = process(months([0.1, 0.2, 0.1, 0.2, 0.9]))
    assert drawn.title == "Calls missed: 90.0% in May 2024"
    assert "5 points are too few" in drawn.note
    assert drawn.table.rows[0][-1] == "Not judged"
    assert "legend" in str(drawn.draw(width=680))


def test_a_new_start_of_a_few_months_takes_the_limits_away():
    history = months([0.1, 0.11] * 6)
    drawn = chart.process(MISSED, PLACE, history, measure._chart(MISSED, history, measure.Asked(rebase="2024-10")))
    assert "3 points since the new start are too few" in drawn.note
    assert drawn.title == "Calls missed: 11.0% in December 2024"


def test_a_point_outside_its_limits_is_the_title():
    drawn = process(months([0.1, 0.11] * 10 + [0.3]))
    assert drawn.title.endswith("higher than its usual range")
    assert drawn.note == ""


def test_trial_limits_are_named():
    assert "Trial limits: they rest on 8 points" in process(months([0.1, 0.11] * 4)).note


def test_no_limit_promises_less_than_nothing():
    drawn = process(months([0.0, 0.2, 0.0, 0.3, 0.0, 0.1, 0.0]))
    assert min(row[3] for row in drawn.table.rows) == 0.0


def test_growing_coverage_is_said_beside_the_chart():
    assert "50% of patients in January 2024 and 80%" in process(months([0.1] * 8, [0.5] * 4 + [0.8] * 4)).note


def test_a_new_start_breaks_the_limits():
    history = months([0.1, 0.11] * 6 + [0.3, 0.31] * 6)
    drawn = measure._chart(MISSED, history, measure.Asked(rebase="2025-01"))
    assert drawn.starts == (0, 12)


@pytest.mark.parametrize("given", [{"first": "soon"}, {"rebase": "2026"}, {"by": "moon"}])
def test_a_choice_that_makes_no_sense_is_refused_in_words(given):
    with pytest.raises(Refused):
        measure.asked(MISSED, **given)


def test_what_a_measure_is_defined_by_is_not_offered_as_a_split():
    for each in catalogue().values():
        assert not {name for name, _ in measure._dimensions(each)} & set(each.needs)


def test_no_words_of_blame():
    said = " ".join(
        [*chart.RULES.values(), *charts._POSITIONS.values(), *measure.STATUS.values(), *measure.DIRECTION.values()]
    )

    assert not banned(said)
