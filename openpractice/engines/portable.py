"""The one lazy query that Narwhals engines run: facts joined to the plan, grouped, every measure summed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import groupby
from typing import Any

import narwhals as nw
import numpy as np

from openpractice.engines.declare import Sums, aggregations, needs_list
from openpractice.kinds import Measure

KEYS = ("part_id", "area_code", "month_no")


def sums(
    measures: Sequence[Measure],
    facts: nw.LazyFrame,
    plan: nw.LazyFrame,
    by: Sequence[str],
    collect: Callable[[nw.LazyFrame], dict[str, Any]],
) -> Sums:
    """Sum measures of one table. Measures that share preparation and the need for a list share one scan."""
    joined = facts.join(plan, on=list(KEYS), how="inner")
    scans = []
    order = sorted(measures, key=_scan_key)
    for (prepared, listed), group in groupby(order, key=_scan_key):
        together = list(group)
        frame = joined
        if prepared:
            frame = together[0].prepare(frame)  # type: ignore[misc]
        if listed:
            frame = frame.filter(~nw.col("patients").is_null())
        columns = collect(frame.group_by("target", "month_no", *by).agg(**aggregations(together)))
        scans.append((together, columns))
    return _merge(scans, by)


def _scan_key(measure: Measure) -> tuple[str, bool]:
    return (measure.name if measure.prepare else "", needs_list(measure))


def _merge(scans: list[tuple[list[Measure], dict[str, Any]]], by: Sequence[str]) -> Sums:
    """Several scans' groups side by side: a group that a scan lacks is NaN there."""
    keys = ["target", "month_no", *by]
    rows = [list(zip(*(columns[k].tolist() for k in keys), strict=True)) for _, columns in scans]
    index = {key: i for i, key in enumerate(sorted({key for scan in rows for key in scan}, key=str))}
    groups = list(index)
    empty = len(groups)

    def spread(values: np.ndarray, at: list[int]) -> np.ndarray:
        out = np.full(empty, np.nan)
        out[at] = np.asarray(values, dtype=float)
        return out

    result = Sums(
        target=np.array([g[0] for g in groups], dtype=object),
        month=np.array([g[1] for g in groups], dtype=np.int64),
        by={name: np.array([g[2 + i] for g in groups], dtype=object) for i, name in enumerate(by)},
        numerator={},
        denominator={},
        unknown={},
    )
    for (together, columns), scan in zip(scans, rows, strict=True):
        at = [index[key] for key in scan]
        for i, measure in enumerate(together):
            result.numerator[measure.name] = spread(columns[f"n{i}"], at)
            result.denominator[measure.name] = spread(columns[f"d{i}"], at) if f"d{i}" in columns else None
            result.unknown[measure.name] = spread(columns[f"u{i}"], at) if f"u{i}" in columns else None
    return result
