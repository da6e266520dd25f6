"""What the catalogue says of measures, over the sample."""

import pytest

from openpractice.kinds import Refused
from openpractice.measures import catalogue as measures
from openpractice.present import catalogue, example, trend
from openpractice.render import words


def test_the_list_holds_every_measure_once(sample_store):
    listed = [entry.name for _, entries in catalogue.listing(sample_store).groups for entry in entries]
    assert sorted(listed) == sorted(measures())


def test_every_word_asked_for_must_be_there(sample_store):
    found = catalogue.listing(sample_store, "missed  calls")
    names = {entry.name for _, entries in found.groups for entry in entries}
    assert "calls_missed" in names
    assert "calls_answered" not in names
    assert found.found == len(names)


def test_topics_count_what_fits_the_words(sample_store):
    found = catalogue.listing(sample_store, "online", "Telephony")
    assert dict(found.topics)["Online requests"] == 6
    assert {topic for topic, _ in found.groups} <= {"Telephony"}
    assert catalogue.listing(sample_store, "", "No such topic").found == found.total


def test_what_is_available_is_said_in_words(sample_store):
    entries = {entry.name: entry for _, some in catalogue.listing(sample_store).groups for entry in some}
    assert entries["calls_08_to_10_share"].reach == "England, to February 2026"
    assert "practices" in entries["calls_answered"].reach
    assert "42 ICBs" in entries["calls_answered"].reach


def test_different_latest_months_are_said_level_by_level():
    reach = {"nation": ("2020-01", "2026-02", 1), "practice": ("2020-01", "2025-12", 2)}
    assert catalogue._reach_in_words(reach) == "England to February 2026 and 2 practices to December 2025"


def test_an_unknown_measure_names_the_nearest(sample_store):
    with pytest.raises(Refused, match="calls_missed"):
        catalogue.definition(sample_store, "call_missed")


def test_a_definition_says_where_its_figures_come_from(sample_store):
    found = catalogue.definition(sample_store, "calls_missed")
    assert found.above == "sum of missed where inbound is given"
    assert dict(found.terms) == {"inbound": "Inbound calls", "missed": "Missed, voicemails included"}
    assert [file for file in found.files if file.source == "telephony"]
    assert [source.name for source in found.sources] == ["telephony"]
    assert found.reach[0].level == "nation"
    assert not found.why_none


def test_a_family_stands_side_by_side(sample_store):
    found = catalogue.definition(sample_store, "urgent_same_day")
    assert [one.name for one in found.family if one.here] == ["urgent_same_day"]
    assert {"urgent_same_day", "urgent_same_day_broad"} <= {one.name for one in found.family}


@pytest.mark.parametrize("measure", measures().values(), ids=lambda m: m.name)
def test_every_worked_example_adds_up(measure):
    shown = example.worked(measure)
    assert len(shown.table.rows) == len(measure.example.rows)
    if not (measure.prepare or measure.bands):
        assert sum(row[-2] for row in shown.table.rows) == pytest.approx(measure.example.numerator)
    assert words.number(measure.example.value, measure.unit, full=True) in shown.arithmetic


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        ("2026-01", "2026-03", "January to March 2026"),
        ("2025-12", "2026-03", "December 2025 to March 2026"),
        ("2026-03", "2026-03", "March 2026"),
        ("", "", "no month: it describes places"),
    ],
)
def test_a_stretch_of_months_in_words(first, last, said):
    assert catalogue.span(first, last) == said


def test_englands_trend_and_the_spread_of_icbs(sample_store):
    measure = measures()["calls_answered"]
    assert trend.england(sample_store, measure).id == "england"
    spread = trend.by_icb(sample_store, measure)
    assert len(spread.table.rows) == 42
    values = [row[1] for row in spread.table.rows]
    assert values == sorted(values, reverse=True)
    assert '<a href="/areas/' in spread.shown()[0][0]


def test_nothing_is_drawn_where_nothing_is_known(sample_store):
    measure = measures()["calls_08_to_10_share"]
    assert trend.by_icb(sample_store, measure) is None


def test_what_only_a_practice_knows_is_said_to_be_its_own(sample_store):
    entries = {entry.name: entry for _, some in catalogue.listing(sample_store).groups for entry in some}
    assert entries["book_dna_share"].reach == "From a practice's own records"
    found = catalogue.definition(sample_store, "book_dna_share")
    assert found.why_none.startswith("No open data exist for this.")
    assert [source.name for source in found.sources] == ["appointment_book"]
