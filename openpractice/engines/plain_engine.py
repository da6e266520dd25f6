"""The reference engine: one row at a time, in Python. Slow and obvious, so that the fast ones can be held to it.

It shares nothing with the portable query. DuckDB is used only to read Parquet into rows, and each measure is counted by
its own function on one row, not by its expressions.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import duckdb
import numpy as np

from openpractice.engines.declare import LISTED, Sums, check_split, needs_list
from openpractice.kinds import Measure

Totals = dict[tuple, list[float]]


class Plain:
    name = "plain"

    def sums(self, measures: Sequence[Measure], facts: Sequence[str], plan: str, by: Sequence[str] = ()) -> Sums:
        check_split(measures, by)
        rows = _planned(_read(list(facts)), _read([plan]))
        totals = {measure.name: _count(measure, rows, by) for measure in measures}
        groups = sorted({key for groups in totals.values() for key in groups}, key=_none_first)
        result = Sums(
            target=_objects([key[0] for key in groups]),
            month=np.array([key[1] for key in groups], dtype=np.int64),
            by={name: _objects([key[2 + i] for key in groups]) for i, name in enumerate(by)},
            numerator={},
            denominator={},
            unknown={},
        )
        for measure in measures:
            summed = np.array([totals[measure.name].get(key, [np.nan] * 3) for key in groups]).reshape(-1, 3)
            result.numerator[measure.name] = summed[:, 0]
            result.denominator[measure.name] = None if needs_list(measure) else summed[:, 1]
            result.unknown[measure.name] = None if measure.unknown_row is None else summed[:, 2]
        return result


def _read(paths: list[str]) -> list[SimpleNamespace]:
    with duckdb.connect() as con:
        found = con.execute("SELECT * FROM read_parquet(?, union_by_name = true)", [paths])
        names = [column[0] for column in found.description]
        return [SimpleNamespace(**dict(zip(names, values, strict=True))) for values in found.fetchall()]


def _planned(facts: list[SimpleNamespace], plan: list[SimpleNamespace]) -> list[SimpleNamespace]:
    """The rows that the plan asks for, once for each target they count towards, with the target and its list."""
    wanted = defaultdict(list)
    for line in plan:
        wanted[line.part_id, line.area_code, line.month_no].append(line)
    return [
        SimpleNamespace(**vars(row), target=line.target, **{LISTED: line.patients})
        for row in facts
        for line in wanted.get((row.part_id, row.area_code, row.month_no), [])
    ]


def _count(measure: Measure, rows: list[SimpleNamespace], by: Sequence[str]) -> Totals:
    """Numerator, denominator and unknown of each group; what is missing adds nothing."""
    if needs_list(measure):
        rows = [row for row in rows if getattr(row, LISTED) is not None]
    if measure.prepare_rows:
        rows = measure.prepare_rows(rows)
    totals: Totals = {}
    for row in rows:
        group = totals.setdefault((row.target, row.month_no, *(getattr(row, name) for name in by)), [0.0, 0.0, 0.0])
        numerator, denominator = measure.row(row)
        group[0] += float(numerator or 0)
        group[1] += 0 if isinstance(denominator, str) else float(denominator or 0)
        group[2] += float(measure.unknown_row(row) or 0) if measure.unknown_row else 0
    return totals


def _none_first(key: tuple) -> list[tuple[bool, Any]]:
    return [(value is not None, value) for value in key]


def _objects(values: list[Any]) -> np.ndarray:
    out = np.empty(len(values), dtype=object)
    out[:] = values
    return out


ENGINE = Plain()
