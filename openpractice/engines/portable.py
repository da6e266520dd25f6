"""The one lazy query that Narwhals engines run: facts joined to the plan, grouped, every measure summed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import groupby
from typing import Any

import narwhals as nw
import numpy as np

from openpractice.engines.declare import LISTED, Sums, aggregations, check_split, needs_list
from openpractice.kinds import Measure

KEYS = ("part_id", "area_code", "month_no")
Scan = tuple[list[Measure], dict[str, np.ndarray]]


def sums(
    measures: Sequence[Measure],
    facts: nw.LazyFrame,
    plan: nw.LazyFrame,
    by: Sequence[str],
    collect: Callable[[nw.LazyFrame], dict[str, np.ndarray]],
) -> Sums:
    """Sum measures of one table. Those that need no preparation share one scan, or two where some need a list."""
    check_split(measures, by)
    # Tables of lists and workforce have a `patients` of their own, so the plan's goes by another name here.
    joined = facts.join(plan.rename({"patients": LISTED}), on=list(KEYS), how="inner")
    scans: list[Scan] = []
    for (_, listed), group in groupby(sorted(measures, key=_scan_key), key=_scan_key):
        together = list(group)
        frame = joined.filter(~nw.col(LISTED).is_null()) if listed else joined
        prepare = together[0].prepare
        frame = prepare(frame) if prepare else frame
        scans.append((together, collect(frame.group_by("target", "month_no", *by).agg(**aggregations(together)))))
    return _merge(scans, by)


def _scan_key(measure: Measure) -> tuple[str, bool]:
    return (measure.name if measure.prepare else "", needs_list(measure))


def _merge(scans: list[Scan], by: Sequence[str]) -> Sums:
    """Several scans' groups side by side, in order of their keys: a group that a scan lacks is NaN there."""
    keys = ("target", "month_no", *by)
    values, codes = zip(*(_codes([columns[key].tolist() for _, columns in scans]) for key in keys), strict=True)
    shape = tuple(max(len(v), 1) for v in values)
    packed = [np.ravel_multi_index(scan, shape) for scan in zip(*codes, strict=True)]
    groups = np.unique(np.concatenate(packed))
    at = [np.searchsorted(groups, scan) for scan in packed]
    target, month, *split = (_pick(v, c) for v, c in zip(values, np.unravel_index(groups, shape), strict=True))
    result = Sums(target, month.astype(np.int64), dict(zip(by, split, strict=True)), {}, {}, {})
    for (together, columns), rows in zip(scans, at, strict=True):
        for i, measure in enumerate(together):
            result.numerator[measure.name] = _spread(columns[f"n{i}"], rows, len(groups))
            for letter, into in (("d", result.denominator), ("u", result.unknown)):
                summed = columns.get(f"{letter}{i}")
                into[measure.name] = None if summed is None else _spread(summed, rows, len(groups))
    return result


def _codes(scans: list[list[Any]]) -> tuple[list[Any], list[np.ndarray]]:
    """The distinct values in order, a missing one first, and each scan's values as places in that order.

    A dictionary, because sorting a million and a half texts takes numpy many seconds.
    """
    values = sorted({value for scan in scans for value in scan}, key=lambda value: (value is not None, value))
    place = {value: i for i, value in enumerate(values)}
    return values, [np.fromiter(map(place.__getitem__, scan), np.int64, len(scan)) for scan in scans]


def _pick(values: list[Any], codes: np.ndarray) -> np.ndarray:
    picked = np.empty(max(len(values), 1), dtype=object)
    picked[: len(values)] = values
    return picked[codes]


def _spread(values: np.ndarray, rows: np.ndarray, groups: int) -> np.ndarray:
    out = np.full(groups, np.nan)
    out[rows] = np.ma.filled(np.ma.asarray(values, dtype=float), np.nan)
    return out
