"""Small random tables, with blanks and unknowns, on every engine: they agree, order is nothing, parts sum to wholes."""

from __future__ import annotations

import random
import tempfile
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from openpractice import tables
from openpractice.engines import ENGINES, engine
from openpractice.engines.declare import can_split
from openpractice.kinds import Table
from openpractice.measures import catalogue

MEASURED = sorted({measure.table.name for measure in catalogue().values()})
TYPES = {"text": pl.String, "category": pl.String, "flag": pl.Int32, "day": pl.Int32}
KEYS = {"part_id": pl.Int32, "area_code": pl.String, "level": pl.String, "month_no": pl.Int32}
PLAN = {"part_id": pl.Int32, "area_code": pl.String, "month_no": pl.Int32, "target": pl.String, "patients": pl.Float64}
PARTS, AREAS, MONTHS = (1, 2), ("A81001", "A81002", "B82001"), (24301, 24302, 24313)
OPEN_CATEGORIES = {
    "condition": ("DM", "HYP", "DEM", "AF"),
    "attribute": ("imd_score", "non_white_share", "weighted_patients", "payment_per_weighted_patient", "rural"),
}
# A list is a size, and growth compares two sizes: neither is a sum over areas of what the areas would say alone.
NOT_ADDITIVE = {"list_size", "list_growth_12_months"}

per_table = pytest.mark.parametrize("table", [tables.ALL[name] for name in MEASURED], ids=MEASURED)


def some(examples: int):
    """Each example writes files and asks engines, so a dozen cost what a thousand cost elsewhere."""
    slow = [HealthCheck.too_slow, HealthCheck.data_too_large]
    return settings(max_examples=examples, deadline=None, suppress_health_check=slow)


@dataclass(frozen=True)
class World:
    """Rows of one table, and the plan that says which of them count, and for whom."""

    table: Table
    rows: list[dict]
    plan: list[dict]

    def sums(self, engine_name: str, measures, by=(), *, rows=None, plan=None):
        schema = KEYS | {c.name: TYPES.get(c.kind, pl.Float64) for c in self.table.columns}
        frame = pl.DataFrame(self.rows if rows is None else rows, schema=schema)
        with tempfile.TemporaryDirectory() as folder:
            files = [str(Path(folder) / f"{part}.parquet") for part in PARTS]
            for part, file in zip(PARTS, files, strict=True):
                frame.filter(pl.col("part_id") == part).write_parquet(file)
            planned = str(Path(folder) / "plan.parquet")
            pl.DataFrame(self.plan if plan is None else plan, schema=PLAN).write_parquet(planned)
            return engine(engine_name).sums(measures, files, planned, by)


# Quarters add up exactly in binary, so that a difference is a mistake and never rounding.
_numbers = st.none() | st.integers(0, 400).map(lambda quarters: quarters / 4)
_ages = st.none() | st.sampled_from((0.0, 4.0, 5.0, 15.0, 60.0, 64.0, 65.0, 74.0, 75.0, 84.0, 85.0, 120.0))


def _values(column):
    if column.name in ("age_from", "age_to"):
        return _ages
    if column.kind in ("category", "text"):
        return st.none() | st.sampled_from(column.values or OPEN_CATEGORIES.get(column.name, ("x", "y")))
    if column.kind == "flag":
        return st.none() | st.sampled_from((0, 1))
    return st.none() | st.integers(20000, 20003) if column.kind == "day" else _numbers


def _rows(table: Table):
    return st.lists(
        st.fixed_dictionaries(
            {
                "part_id": st.sampled_from(PARTS),
                "area_code": st.sampled_from(AREAS),
                "level": st.sampled_from(("practice", "practice", "nation")),
                "month_no": st.sampled_from(MONTHS),
            }
            | {column.name: _values(column) for column in table.columns}
        ).map(_upright),
        min_size=3,
        max_size=40,
    )


def _upright(row: dict) -> dict:
    """A band of ages begins before it ends; what a reversed one would mean is nobody's question."""
    if row.get("age_from") is not None and row.get("age_to") is not None:
        row["age_from"], row["age_to"] = sorted((row["age_from"], row["age_to"]))
    return row


@st.composite
def worlds(draw, table: Table):
    places = list(product(PARTS, AREAS, MONTHS))
    lists = {place[1:]: draw(st.none() | st.sampled_from((1.0, 25.0, 5000.0))) for place in places}
    chosen = draw(st.lists(st.sampled_from(list(product(places, ("U1", "U2")))), unique=True, min_size=6, max_size=36))
    plan = [
        {"part_id": part, "area_code": area, "month_no": month, "target": target, "patients": lists[area, month]}
        for (part, area, month), target in chosen
    ]
    return World(table, draw(_rows(table)), plan)


def _measures(table: Table, by=()):
    return [m for m in catalogue().values() if m.table is table and (not by or can_split(m))]


def _by_group(sums):
    """Each group's figures by its key."""
    keys = list(zip(sums.target, sums.month.tolist(), *sums.by.values(), strict=True))
    figures = [
        {
            (name, what): values[i]
            for what in ("numerator", "denominator", "unknown")
            for name, values in _arrays(sums, what)
        }
        for i in range(len(keys))
    ]
    return dict(zip(keys, figures, strict=True))


def _arrays(sums, what):
    return [(name, values) for name, values in getattr(sums, what).items() if values is not None]


def _same(left, right):
    assert list(left) == list(right)
    for key, figures in left.items():
        assert figures.keys() == right[key].keys()
        for name, value in figures.items():
            assert value == pytest.approx(right[key][name], rel=1e-9, abs=1e-9, nan_ok=True), (key, name)


@per_table
def test_engines_agree(table):
    @some(15)
    @given(worlds(table), st.lists(st.sampled_from((*table.dimensions, "level")), unique=True, max_size=2))
    def check(world, by):
        measures = _measures(table, by)
        if measures:
            plain, *fast = (_by_group(world.sums(name, measures, by)) for name in reversed(ENGINES))
            for other in fast:
                _same(plain, other)

    check()


@per_table
def test_order_of_rows_never_matters(table):
    @some(6)
    @given(worlds(table), st.randoms(use_true_random=False))
    def check(world, chance: random.Random):
        rows, plan = list(world.rows), list(world.plan)
        chance.shuffle(rows)
        chance.shuffle(plan)
        measures = _measures(table)
        _same(
            _by_group(world.sums("duckdb", measures)),
            _by_group(world.sums("duckdb", measures, rows=rows, plan=plan)),
        )

    check()


@pytest.mark.parametrize(
    "table",
    [tables.ALL[name] for name in MEASURED if tables.ALL[name].dimensions],
    ids=lambda table: table.name,
)
def test_parts_sum_to_wholes(table):
    @some(6)
    @given(worlds(table), st.sampled_from(table.dimensions))
    def check(world, dimension):
        measures = _measures(table, (dimension,))
        whole = _by_group(world.sums("duckdb", measures))
        parts = _by_group(world.sums("duckdb", measures, (dimension,)))
        for key, figures in whole.items():
            for name, value in figures.items():
                shares = [part[name] for (*place, _), part in parts.items() if tuple(place) == key]
                # A part without a known list is not counted; a whole of such parts is not counted either.
                assert np.isnan(value) == all(np.isnan(shares))
                assert np.nansum(shares) == pytest.approx(np.nan_to_num(value), rel=1e-9, abs=1e-9)

    check()


@per_table
def test_two_areas_together_are_their_sum(table):
    @some(6)
    @given(worlds(table))
    def check(world):
        measures = [m for m in _measures(table) if m.name not in NOT_ADDITIVE]
        if not measures:
            return
        apart = [{**line, "target": "north" if line["area_code"] < "B" else "south"} for line in _once(world.plan)]
        together = [{**line, "target": "both"} for line in apart]
        alone = _by_group(world.sums("duckdb", measures, plan=apart))
        for (_, month), figures in _by_group(world.sums("duckdb", measures, plan=together)).items():
            for name, value in figures.items():
                areas = [alone[area, month][name] for area in ("north", "south") if (area, month) in alone]
                assert np.nansum(areas) == pytest.approx(np.nan_to_num(value), rel=1e-9, abs=1e-9)

    check()


def _once(plan):
    """One line for each part, area and month, whichever target it was for."""
    return list({(line["part_id"], line["area_code"], line["month_no"]): line for line in plan}.values())


@per_table
def test_rows_outside_the_plan_count_for_nothing(table):
    @some(4)
    @given(worlds(table))
    def check(world):
        planned = {(line["part_id"], line["area_code"], line["month_no"]) for line in world.plan}
        inside = [row for row in world.rows if (row["part_id"], row["area_code"], row["month_no"]) in planned]
        measures = _measures(table)
        for name in ENGINES:
            _same(_by_group(world.sums(name, measures)), _by_group(world.sums(name, measures, rows=inside)))

    check()
