"""The account of the store, over the sample and over what files may do."""

import dataclasses

import pytest

from openpractice.analysis import loaded
from openpractice.kinds import Refused
from openpractice.present import data


@pytest.fixture
def file(sample_store):
    return next(f for f in loaded.files(sample_store) if f.source == "telephony")


def test_rows_read_are_rows_kept_and_refused(sample_store):
    found = data.everything(sample_store)
    assert found.files
    assert found.rows_read == found.rows_kept + found.rows_refused
    for one in found.files:
        assert one.rows_read == one.rows_kept + one.rows_refused


def test_every_refusal_has_its_reason_and_its_first_row(sample_store):
    found = data.everything(sample_store)
    counts = [one.count for one in found.refusals]
    assert counts == sorted(counts, reverse=True)
    assert all(one.reason and one.example and one.files for one in found.refusals)
    assert len({(one.files[0].title, one.reason) for one in found.refusals}) == len(found.refusals)
    assert sum(counts) == found.rows_refused


def test_the_calendar_shows_recent_months_singly_and_earlier_ones_by_year(sample_store):
    calendar = data.everything(sample_store).calendar
    assert len(calendar.months) == 24
    titles = [title for title, _ in calendar.recent]
    assert "Cloud Based Telephony in General Practice" in titles
    assert all(len(counts) == 24 and any(counts) for _, counts in calendar.recent)
    assert all(0 <= count <= 12 for _, counts in calendar.earlier for count in counts)
    assert max(calendar.years) <= calendar.months[0][:4]


def test_a_store_of_places_alone_has_no_calendar():
    assert data._calendar({}) is None


def test_the_licence_sentence_names_every_publisher(sample_store):
    said = data.everything(sample_store).attribution
    assert said.startswith(
        "Contains public sector information licensed under the Open Government Licence v3.0. Source: "
    )
    assert "NHS England" in said


def test_a_column_that_comes_and_one_that_goes_are_told(file):
    older = dataclasses.replace(file, name="old.csv", last="2025-01", headers=("CODE", "NAME", "CALLS"))
    newer = dataclasses.replace(file, name="new.csv", last="2025-02", headers=("CODE", "NAME", "INBOUND_CALLS"))
    (drift,) = data._drift([newer, older])
    assert drift.changes == (("new.csv", ("INBOUND_CALLS",), ("CALLS",)),)


def test_a_sheet_with_more_rows_is_the_same_sheet(file):
    older = dataclasses.replace(file, last="2025-01", headers=("Table 1: 37 rows",))
    newer = dataclasses.replace(file, last="2025-02", headers=("Table 1: 6,236 rows",))
    (drift,) = data._drift([older, newer])
    assert drift.changes == ()


def test_one_file_says_what_it_gave_and_what_it_feeds(sample_store, file):
    found = data.one_file(sample_store, file.id)
    assert "Inbound calls and their outcomes" in dict(found.tables)
    assert "calls_missed" in {measure.name for measure in found.measures}


def test_a_file_that_is_not_there(sample_store):
    with pytest.raises(Refused, match="no file number 100000"):
        data.one_file(sample_store, 100_000)


@pytest.mark.parametrize(
    ("count", "said"),
    [(None, "unknown size"), (999, "999 bytes"), (1500, "1.5 kB"), (25_000, "25 kB"), (963_623, "964 kB"),
     (8_100_000, "8.1 MB"), (2_500_000_000, "2.5 GB"), (5_000_000_000_000, "5,000 GB")],
)  # fmt: skip
def test_sizes_as_people_say_them(count, said):
    assert data.size(count) == said
