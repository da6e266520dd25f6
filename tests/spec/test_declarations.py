"""Every measure says all that a reader needs to trust it."""

import re
from datetime import date
from types import SimpleNamespace

import narwhals as nw
import polars as pl
import pytest

from openpractice.kinds import PATIENT_DAYS, PATIENTS
from openpractice.measures import TOPICS, catalogue
from openpractice.measures.declare import unknown_share

UNITS = {
    "proportion",
    "per 1,000 patients",
    "per 1,000 patients per working day",
    "per 10,000 patients",
    "patients",
    "patients per GP",
    "minutes",
    "points",
    "score",
    "index",
    "£ per patient",
    "appointments",
}
SCALES = {"per 1,000 patients": 1000, "per 1,000 patients per working day": 1000, "per 10,000 patients": 10000}
# One figure each is enough for some: a fitted mean counts the same appointments above and below the line.
SAME_ABOVE_AND_BELOW = {"mean_appointment_minutes"}
SCRIPTED = {
    "appointments_per_1000",
    "same_day_share",
    "dna_rate",
    "dna_rate_including_unknown",
    "urgent_same_day",
    "routine_within_14_days",
    "gp_share",
    "inbound_calls_per_1000",
    "calls_answered",
    "calls_missed",
    "calls_ended_in_ivr",
    "callbacks_requested",
    "online_requests_per_1000",
    "list_size",
    "gp_fte_per_10000",
    "patients_per_gp",
}

every_measure = pytest.mark.parametrize("measure", catalogue().values(), ids=lambda measure: measure.name)


@every_measure
def test_it_is_said_in_words(measure):
    assert re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", measure.name)
    assert measure.topic in TOPICS
    assert measure.title
    assert not measure.title.endswith(".")
    assert measure.question.endswith("?")
    assert measure.why.endswith((".", "!"))
    assert measure.source
    assert measure.version
    assert measure.caveats
    assert all(caveat.endswith(".") for caveat in measure.caveats)


@every_measure
def test_it_is_reviewed_and_has_a_status(measure):
    assert date.fromisoformat(measure.reviewed) >= date(2026, 1, 1)
    assert measure.status in ("official", "proposed", "ours", "context")
    assert measure.direction in ("increase", "decrease", "neutral")


@every_measure
def test_unit_and_scale_agree(measure):
    assert measure.unit in UNITS
    assert measure.scale == SCALES.get(measure.unit, 1)
    assert (measure.unit == "per 1,000 patients per working day") == (
        isinstance(measure.denominator, str) and measure.denominator == PATIENT_DAYS
    )
    if isinstance(measure.denominator, str):
        assert measure.denominator in (PATIENTS, PATIENT_DAYS)


@every_measure
def test_needs_are_categories_of_its_table(measure):
    assert set(measure.needs) <= set(measure.table.dimensions)


@every_measure
def test_a_statistic_of_a_shared_table_says_which(measure):
    if measure.table.series:
        assert measure.series
        assert any(row.get(measure.table.series) == measure.series for row in measure.example.rows)


@every_measure
def test_what_is_said_twice_is_said_in_pairs(measure):
    assert (measure.unknown is None) == (measure.unknown_row is None)
    assert (measure.prepare is None) == (measure.prepare_rows is None)
    assert (measure.bands is None) == (measure.band_column == "")
    if measure.bands:
        assert set(measure.bands) < set(measure.table.column(measure.band_column).values)


@every_measure
def test_its_example_is_worth_reading(measure):
    example = measure.example
    assert example.numerator > 0
    assert (example.numerator == example.denominator) == (measure.name in SAME_ABOVE_AND_BELOW)
    assert (example.unknown is None) == (measure.unknown is None)
    columns = {column.name for column in measure.table.columns} | {"area_code", "level", "month"}
    for row in example.rows:
        assert set(row) <= columns
        for column in measure.table.columns:
            if column.values and row.get(column.name) is not None:
                assert row[column.name] in column.values
    if measure.table.column(measure.table.columns[-1].name).name == "n":
        assert len(example.rows) >= 3


@pytest.mark.parametrize("measure", [m for m in catalogue().values() if m.needs], ids=lambda measure: measure.name)
def test_its_example_shows_a_category_that_a_file_does_not_know(measure):
    assert any(row.get(needed) is None for row in measure.example.rows for needed in measure.needs)


def test_names_that_scripts_rely_on():
    assert set(catalogue()) >= SCRIPTED


def test_there_are_many_and_every_topic_has_some():
    assert len(catalogue()) >= 55
    assert {measure.topic for measure in catalogue().values()} == set(TOPICS)


def test_titles_are_told_apart():
    titles = [measure.title for measure in catalogue().values()]
    assert len(set(titles)) == len(titles)


def test_definitions_of_one_idea_are_more_than_one():
    families = [measure.family for measure in catalogue().values() if measure.family]
    assert all(families.count(family) > 1 for family in families)
    assert {"urgent same day", "routine within 7 days", "routine within 14 days", "did not attend"} <= set(families)


@pytest.mark.parametrize(
    ("name", "share"),
    [("same_day_share", 10 / 1000), ("urgent_same_day", 5 / 205), ("dna_rate", 55 / 1000), ("gp_share", 25 / 1000)],
)
def test_unknown_share_is_of_everything_considered(name, share):
    measure = catalogue()[name]
    assert unknown_share(measure, measure.example.unknown, measure.example.denominator) == pytest.approx(share)


def test_only_measures_with_an_unknown_leave_it_out():
    assert all(measure.unknown is not None for measure in catalogue().values() if measure.unknown_beside)


@pytest.mark.parametrize("measure", [m for m in catalogue().values() if m.speaks is not None], ids=lambda m: m.name)
def test_the_rows_that_speak_are_those_with_a_numerator(measure):
    """Of the example, and of its rows with each column left out, or nought, in turn."""
    names = [column.name for column in measure.table.columns]
    shown = [{name: row.get(name) for name in names} for row in measure.example.rows]
    rows = [row | change for row in shown for name in names for change in ({}, {name: None}, {name: 0})]
    schema = {c.name: pl.String if c.kind in ("text", "category") else pl.Float64 for c in measure.table.columns}
    frame = pl.DataFrame(rows, schema=schema, strict=False)
    speaks = nw.to_native(nw.from_native(frame).select(speaks=measure.speaks))["speaks"].to_list()
    assert speaks == [measure.row(SimpleNamespace(**row))[0] is not None for row in rows]
    assert not measure.table.dimensions
