"""Real lines of the official practice-level file, and its months without a column."""

import csv
from pathlib import Path

import pytest

from openpractice.kinds import Refused, month_no

SAMPLES = Path(__file__).parents[2] / "data" / "sources"

SAMPLE = SAMPLES / "workforce_official.csv"


def test_practices_by_month(read_source):
    reading = read_source(SAMPLE)
    row = reading.row("workforce", area_code="A81002")
    assert row["month_no"] == month_no("2025-07")
    assert (row["patients"], row["gp_fte"], row["gp_locum_trainee_fte"]) == (18732, 6.546666667, 2.773333)
    assert (row["nurse_fte"], row["admin_fte"], row["estimated"]) == (7.48, 22.69333333, 0)
    assert len(reading.rows("workforce", area_code="A81001")) == 2  # June and July
    assert (reading.rows_read, reading.refusals) == (4, [])


def test_no_data_is_missing_and_estimates_are_flagged(read_source):
    row = read_source(SAMPLE).row("workforce", area_code="A81001", month_no=month_no("2025-07"))
    assert row["nurse_fte"] is None
    assert row["estimated"] == 1  # "Fully estimated - no data provided"


def test_places_in_the_tree(read_source):
    reading = read_source(SAMPLE)
    assert reading.rows("organisations", area_code="QHM")[0]["level"] == "icb"
    assert {r["parent"] for r in reading.rows("memberships", child="A81002")} == {"U07032", "16C"}


def without_month(tmp_path, name):
    rows = list(csv.reader(SAMPLE.read_text().splitlines()))
    path = tmp_path / name
    with path.open("w", newline="") as file:
        csv.writer(file).writerows(row[:-2] for row in rows)
    return path


def test_the_month_from_the_publication_s_name_for_the_file(read_source, tmp_path):
    path = without_month(tmp_path, "1 General Practice – March 2026 Practice Level - Detailed.csv")
    assert {r["month_no"] for r in read_source(path).tables["workforce"]} == {month_no("2026-03")}


def test_no_month_anywhere(read_source, tmp_path):
    with pytest.raises(Refused, match="does not say which month"):
        read_source(without_month(tmp_path, "workforce.csv"))
