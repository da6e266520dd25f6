"""Counts and numbers below nought, or larger than anything, are refused, whichever file prints them; the rows beside them are kept."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from openpractice import tables
from openpractice.analysis.recompute import ingest
from openpractice.store import Store

SAMPLES = Path(__file__).parents[1] / "data" / "sources"


def changed(sample: str, folder: Path, column: str, value: str) -> Path:
    """A copy of a sample in which the practice A81002 has another value in one column."""
    with (SAMPLES / sample).open(encoding="utf-8-sig", newline="") as file:
        header, *rows = csv.reader(file)
    (row,) = [row for row in rows if "A81002" in row]
    row[header.index(column)] = value
    with (folder / sample).open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])
    return folder / sample


@pytest.mark.parametrize(
    ("sample", "column", "table", "reason"),
    [
        (
            "registered_patients_jan26.csv",
            "NUMBER_OF_PATIENTS",
            "list_size",
            "a number below nought: Registered patients",
        ),
        ("practice_demographics.csv", "list_size", "list_size", "a number below nought: Registered patients"),
        ("practice_demographics.csv", "imd_score", "profile", None),  # of a part that is not counted
        ("registered_patients_ages_apr20.csv", "TOTAL", "list_size", "a number below nought: Registered patients"),
        ("workforce_official.csv", "total_nurses_fte", "workforce", "a number below nought: Nurses"),
        ("deprivation_practice.csv", "imd_score", "profile", "a number below nought: imd score"),
        ("prescribing.csv", "antibiotic_items", "prescribing", "a number below nought: Antibiotic items"),
    ],
)
def test_a_number_below_nought_is_refused(sample, column, table, reason, tmp_path):
    (whole,) = ingest(tmp_path / "whole", [SAMPLES / sample])
    (account,) = ingest(tmp_path / "home", [changed(sample, tmp_path, column, "-5")])
    assert account.tables[table] == whole.tables[table] - 1
    assert account.rows_read == account.rows_kept + account.rows_refused == whole.rows_read
    assert account.rows_refused == sum(refusal.count for refusal in account.refusals)
    if reason:
        (refusal,) = [refusal for refusal in account.refusals if refusal.reason == reason]
        assert refusal.count == 1
        assert "A81002" in refusal.example
    numbers = [c.name for c in tables.ALL[table].columns if c.kind in ("count", "number")]
    assert Store(tmp_path / "home").rows(table, f"least({', '.join(numbers)}) < 0") == []


@pytest.mark.parametrize("value", ["1" + "0" * 300, "inf", "nan", "2e12"])
def test_a_number_larger_than_anything_is_refused(value, tmp_path):
    (account,) = ingest(tmp_path / "home", [changed("workforce_official.csv", tmp_path, "total_nurses_fte", value)])
    told = {refusal.reason: refusal.count for refusal in account.refusals}
    assert told["a number larger than anything there is: Nurses"] == 1
    found = Store(tmp_path / "home").rows("workforce", "area_code = 'A81002' AND NOT nurse_fte <= 1e12")
    assert found == []


def test_calls_below_nought_are_refused_in_a_workbook_too(small, tmp_path):
    calls = {"Y99001": (6000, 3900, 1400, 240, 390), "Y99002": (8000, -1, 2000, 800, 1200)}
    (account,) = ingest(tmp_path / "home", [small.telephony(tmp_path / "telephony.xlsx", "2026-02", calls)])
    assert [(r.reason, r.count) for r in account.refusals] == [("a number below nought: Answered", 1)]
    assert [row[1] for row in Store(tmp_path / "home").rows("calls", "level = 'practice'")] == ["Y99001"]


def test_what_may_lie_below_nought_is_kept(tmp_path):
    """Most of England lies west of Greenwich, and a payment can be taken back."""
    payments = changed("payments_22-23.csv", tmp_path, "Average payments per weighted patient", "-229.28")
    ingest(tmp_path / "home", [SAMPLES / "coordinates.parquet", payments])
    kept = {row[4] for row in Store(tmp_path / "home").rows("profile", "number < 0")}
    assert kept == {"longitude", "payment_per_weighted_patient"}
