"""Who is most alike and why, and the spine, over the sample."""

import json

import pytest

from openpractice.analysis.everyone import everyone
from openpractice.analysis.features import FEATURES
from openpractice.kinds import Refused
from openpractice.measures import find
from openpractice.present import comparison, likeness
from openpractice.render import tables, words

PRACTICE = "A81002"


@pytest.fixture(scope="module")
def found(sample_store):
    return comparison.comparison(sample_store, PRACTICE)


def test_a_practice_has_twenty_twins_a_map_and_a_spine(found):
    assert [twin.number for twin in found.twins.rows] == list(range(1, 21))
    assert PRACTICE not in {twin.area.code for twin in found.twins.rows}
    assert [picture.id for picture in found.pictures] == ["map", "likeness", "spine"]
    assert [name for name, _ in found.groups] == ["Most alike", "Network", "Local", "England"]


def test_the_map_and_the_table_number_twins_alike(found):
    drawn = json.dumps(found.twins.map.spec())
    for twin in found.twins.rows:
        assert json.dumps(f"{twin.number}. {twin.area.name}") in drawn


def test_fewer_more_and_without(sample_store, found):
    fifty = comparison.comparison(sample_store, PRACTICE, 50)
    assert len(fifty.twins.rows) == 50
    assert [t.area.code for t in fifty.twins.rows[:20]] == [t.area.code for t in found.twins.rows]
    without = comparison.comparison(sample_store, PRACTICE, 20, ["list_size", "no_such_feature"])
    assert without.left_out == ("list_size",)
    assert "list_size" not in {feature.name for feature in without.twins.found.features}
    assert next(s for s in without.switches if s.name == "list_size").left_out
    assert comparison.comparison(sample_store, PRACTICE, 13).k == 20


def test_every_feature_left_out_says_what_to_do(sample_store):
    found = comparison.comparison(sample_store, PRACTICE, 20, [feature.name for feature in FEATURES])
    assert found.twins is None
    assert "Leave at least one" in found.why_no_twins
    assert found.spine  # England and the neighbours are still there


def test_reasons_are_words_without_blame(found):
    for twin in found.twins.rows:
        assert twin.why
        assert not words.banned(f"{twin.how} {twin.why}")
    assert "stay" in found.twins.steadiness


def test_reasons_follow_the_figures(sample_store, found):
    """What is called larger is larger."""
    twins = found.twins.found
    for neighbour, reason in zip(twins.neighbours, likeness.reasons(sample_store, twins), strict=True):
        if "larger list" in reason.differs:
            assert neighbour.values["list_size"] > twins.own["list_size"]
        if "smaller list" in reason.differs:
            assert neighbour.values["list_size"] < twins.own["list_size"]
        if "more deprivation" in reason.differs:
            assert neighbour.values["imd_score"] > twins.own["imd_score"]


def test_the_file_has_numbers_where_the_page_has_words(found):
    page = found.spine.shown()
    assert any(cell.endswith("%") for row in page for cell in map(str, row))
    csv = tables.csv(found.spine.table)
    assert "calls_answered" in csv
    assert csv.splitlines()[0].startswith("Measure,Name,Unit,Month")


def test_the_likeness_table_begins_with_the_practice_itself(found):
    rows = found.twins.table.table.rows
    assert rows[0][1:3] == (PRACTICE, 0.0)
    distances = [row[2] for row in rows]
    assert distances == sorted(distances)


@pytest.mark.parametrize("code", ["QHM", "16C", "Y63"])
def test_areas_above_practices_have_a_spine_and_no_twins(sample_store, code):
    found = comparison.comparison(sample_store, code)
    assert found.twins is None
    assert not found.why_no_twins
    assert not found.switches
    assert "Most alike" not in json.dumps(found.spine.spec())


def test_england_is_compared_with_nothing(sample_store):
    found = comparison.comparison(sample_store, "ENG")
    assert found.spine is None
    assert found.pictures == []


def test_no_such_area(sample_store):
    with pytest.raises(Refused, match="NOPE"):
        comparison.comparison(sample_store, "NOPE")


def test_a_flag_is_yes_or_no_in_a_file_too(found):
    rural = next(feature for feature in FEATURES if feature.name == "rural")
    size = next(feature for feature in FEATURES if feature.name == "list_size")
    assert [likeness.plainly(rural, value) for value in (1.0, 0.0, None)] == ["yes", "no", None]
    assert likeness.plainly(size, 9200.0) == 9200.0
    table = found.twins.table.table
    flags = [i for i, column in enumerate(table.columns) if column.heading in ("Rural practice", "Dispensing practice")]
    assert {row[i] for row in table.rows for i in flags} <= {"yes", "no", None}


def test_where_england_is_of_another_kind_it_is_said(sample_store, found):
    """July 2024: England 83.3 per 1,000, while nine in ten boards lie below 69.7."""
    measure = find("online_requests_per_1000")
    assert found.england_apart == (measure.england_apart,)
    assert measure.england_apart in measure.caveats
    england = everyone(sample_store, measure.name, "nation", "2024-07").value[0]
    boards = everyone(sample_store, measure.name, "icb", "2024-07")
    assert (round(england, 1), round(boards.quantiles[4], 1)) == (83.3, 69.7)
