"""Writes a measure's worked example to disk as the store would, and asks an engine for its sums."""

from __future__ import annotations

import polars as pl
import pytest

from openpractice.engines import engine
from openpractice.kinds import PATIENT_DAYS, Example, Measure, month_no
from openpractice.methods.calendar import working_days

KINDS = {
    "text": pl.String,
    "category": pl.String,
    "count": pl.Float64,
    "number": pl.Float64,
    "flag": pl.Int32,
    "day": pl.Int32,
}
KEYS = {"part_id": pl.Int32, "area_code": pl.String, "level": pl.String, "month_no": pl.Int32}
PLAN = {"part_id": pl.Int32, "area_code": pl.String, "month_no": pl.Int32, "target": pl.String, "patients": pl.Float64}
MONTH = "2026-02"
TARGET = "U12345"


@pytest.fixture
def work_out(tmp_path):
    """`work_out(measure, engine_name)` → numerator, denominator and unknown of the example, for one network."""

    def work_out(measure: Measure, engine_name: str) -> tuple[float, float, float | None]:
        facts, plan = str(tmp_path / "facts.parquet"), str(tmp_path / "plan.parquet")
        rows = [{"part_id": 1, **_keys(row), **_facts(row)} for row in measure.example.rows]
        schema = KEYS | {column.name: KINDS[column.kind] for column in measure.table.columns}
        pl.DataFrame([{name: row.get(name) for name in schema} for row in rows], schema=schema).write_parquet(facts)
        pl.DataFrame(_plan(rows, measure.example), schema=PLAN).write_parquet(plan)
        return _asked(engine(engine_name).sums([measure], [facts], plan), measure)

    return work_out


def _keys(row):
    return {
        "area_code": row.get("area_code", "A81001"),
        "level": row.get("level", "practice"),
        "month_no": month_no(row.get("month", MONTH)),
    }


def _facts(row):
    return {name: value for name, value in row.items() if name not in ("area_code", "level", "month")}


def _plan(rows, example: Example):
    places = sorted({(row["area_code"], row["month_no"]) for row in rows})
    return [
        {"part_id": 1, "area_code": area, "month_no": month, "target": TARGET, "patients": example.patients.get(area)}
        for area, month in places
    ]


def _asked(sums, measure: Measure):
    (at,) = [i for i, month in enumerate(sums.month) if month == month_no(MONTH)]
    assert sums.target[at] == TARGET
    by_day = isinstance(measure.denominator, str) and measure.denominator == PATIENT_DAYS
    days = int(working_days(202602)) if by_day else 1
    denominator, unknown = sums.denominator[measure.name], sums.unknown[measure.name]
    divisor = sum(measure.example.patients.values()) * days if denominator is None else denominator[at]
    return sums.numerator[measure.name][at], divisor, None if unknown is None else unknown[at]
