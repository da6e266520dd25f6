"""What every engine promises, whichever driver it uses."""

import numpy as np
import polars as pl
import pytest

from openpractice.engines import ENGINES, engine
from openpractice.kinds import Refused
from openpractice.measures import find

PLAN = {"part_id": pl.Int32, "area_code": pl.String, "month_no": pl.Int32, "target": pl.String, "patients": pl.Float64}
every_engine = pytest.mark.parametrize("name", ENGINES)


@pytest.fixture
def appointments(tmp_path):
    """Two files of different years: the older knows no booking lag, and writes its columns in another order."""

    def write(name, rows):
        path = str(tmp_path / name)
        pl.DataFrame(rows, schema_overrides={"part_id": pl.Int32, "month_no": pl.Int32}).write_parquet(path)
        return path

    old = {"appt_status": "Attended", "n": 5.0, "month_no": 24301, "area_code": "A81001", "part_id": 1}
    new = {
        "part_id": 2,
        "area_code": "A81001",
        "month_no": 24313,
        "appt_status": "DNA",
        "booking_lag": "1 Day",
        "n": 3.0,
    }
    same_day = {"booking_lag": "Same Day", "appt_status": None, "n": 9.0}
    return [write("old.parquet", [old]), write("new.parquet", [new, new | same_day, new | {"area_code": "A81002"}])]


@pytest.fixture
def plan(tmp_path):
    """A81001 counts for itself and for its network; A81002 for the network, and its list is not known."""

    def line(part, area, month, target, patients):
        return dict(zip(PLAN, (part, area, month, target, patients), strict=True))

    lines = [
        line(1, "A81001", 24301, "U1", 100),
        line(2, "A81001", 24313, "U1", 100),
        line(2, "A81001", 24313, "A81001", 100),
        line(2, "A81002", 24313, "U1", None),
    ]
    path = str(tmp_path / "plan.parquet")
    pl.DataFrame(lines, schema=PLAN).write_parquet(path)
    return path


@every_engine
def test_groups_come_in_order_and_files_of_different_years_together(name, appointments, plan):
    lag, rate = find("same_day_share"), find("appointments_per_1000")
    sums = engine(name).sums([rate, lag], appointments, plan)
    assert list(zip(sums.target, sums.month, strict=True)) == [("A81001", 24313), ("U1", 24301), ("U1", 24313)]
    assert sums.numerator[lag.name].tolist() == [9, 0, 9]
    assert sums.denominator[lag.name].tolist() == [12, 0, 15]
    assert sums.unknown[lag.name].tolist() == [0, 0, 0]


@every_engine
def test_a_rate_leaves_out_areas_whose_list_is_not_known(name, appointments, plan):
    rate = find("appointments_per_1000")
    sums = engine(name).sums([rate], appointments, plan)
    assert sums.numerator[rate.name].tolist() == [12, 5, 12]
    assert sums.denominator[rate.name] is None
    assert sums.unknown[rate.name] is None


@every_engine
def test_a_group_that_only_one_measure_sees_is_nan_for_the_other(name, appointments, plan):
    rate, lag = find("appointments_per_1000"), find("same_day_share")
    only_unlisted = pl.read_parquet(plan).filter(pl.col("patients").is_null())
    only_unlisted.write_parquet(plan)
    sums = engine(name).sums([rate, lag], appointments, plan)
    assert np.isnan(sums.numerator[rate.name]).tolist() == [True]
    assert sums.denominator[lag.name].tolist() == [3]
    assert len(engine(name).sums([rate], appointments, plan).target) == 0


@every_engine
def test_a_split_shows_what_is_not_known_first(name, appointments, plan):
    rate = find("appointments_per_1000")
    sums = engine(name).sums([rate], appointments, plan, by=("appt_status",))
    assert list(zip(sums.target, sums.month, sums.by["appt_status"], strict=True)) == [
        ("A81001", 24313, None),
        ("A81001", 24313, "DNA"),
        ("U1", 24301, "Attended"),
        ("U1", 24313, None),
        ("U1", 24313, "DNA"),
    ]
    assert sums.numerator[rate.name].tolist() == [9, 3, 5, 9, 3]


@every_engine
def test_a_plan_that_asks_for_nothing_finds_nothing(name, appointments, plan):
    pl.DataFrame([], schema=PLAN).write_parquet(plan)
    sums = engine(name).sums([find("dna_rate")], appointments, plan)
    assert len(sums.target) == len(sums.month) == len(sums.numerator["dna_rate"]) == 0


@every_engine
def test_whole_areas_cannot_be_split(name, appointments, plan):
    with pytest.raises(Refused, match="cannot be split by appt_status"):
        engine(name).sums([find("implausible_appointment_volume")], appointments, plan, by=("appt_status",))


def test_an_unknown_engine_is_refused_with_the_choices():
    with pytest.raises(Refused, match="Choose duckdb, polars, plain"):
        engine("abacus")
