"""What an engine is: something that sums every measure of a table in one scan."""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import narwhals as nw
import numpy as np

from openpractice.kinds import PATIENT_DAYS, PATIENTS, Measure, Refused

ENGINES = ("duckdb", "polars", "plain")
LISTED = "listed_patients"  # the plan's registered list, as preparations, expressions and plain rows see it


@dataclass(frozen=True)
class Sums:
    """Sums by area and month, and by dimension where asked.

    `target` and each array of `by` hold text, `month` running month numbers (int64), all of length g, the groups.
    `numerator`, `denominator` and `unknown` hold one float64 array of length g for each measure; a denominator that
    is the registered list is not summed here (its array is None), nor is an unknown that a measure does not declare.
    """

    target: np.ndarray
    month: np.ndarray
    by: dict[str, np.ndarray]
    numerator: dict[str, np.ndarray]
    denominator: dict[str, np.ndarray | None]
    unknown: dict[str, np.ndarray | None]


class Engine(Protocol):
    name: str

    def sums(self, measures: Sequence[Measure], facts: Sequence[str], plan: str, by: Sequence[str] = ()) -> Sums:
        """Sum `measures` (of one table) over the Parquet files `facts`.

        `plan` is a Parquet file of (part_id, area_code, month_no, target, patients): which rows speak for which
        area. Rows outside the plan are not counted. Groups come in order of target, month and `by`; a group without
        rows does not exist. Raises Refused when a measure of prepared rows is asked for `by` a category.
        """
        ...


def engine(name: str) -> Engine:
    """The engine of that name. Raises Refused for an unknown one, or one that is not installed."""
    if name not in ENGINES:
        raise Refused(f"There is no engine called '{name}'. Choose {', '.join(ENGINES)}.")
    try:
        return importlib.import_module(f"openpractice.engines.{name}_engine").ENGINE
    except ModuleNotFoundError as missing:
        raise Refused(
            f"The engine '{name}' is not installed. Install it with: pip install 'openpractice[{name}]'."
        ) from missing


def aggregations(measures: Sequence[Measure]) -> dict[str, nw.Expr]:
    """The Narwhals aggregations of these measures under stable names: n0, d0, u0, n1 …"""
    named: dict[str, nw.Expr] = {}
    for i, measure in enumerate(measures):
        named[f"n{i}"] = measure.numerator
        if not isinstance(measure.denominator, str):
            named[f"d{i}"] = measure.denominator
        if measure.unknown is not None:
            named[f"u{i}"] = measure.unknown
    return named


def needs_list(measure: Measure) -> bool:
    """Whether this is a rate over the registered list. It counts only rows of areas whose list is known, so that
    nothing is divided by the wrong patients."""
    return isinstance(measure.denominator, str) and measure.denominator in (PATIENTS, PATIENT_DAYS)


def can_split(measure: Measure) -> bool:
    """Whether a measure can be summed by a category. Prepared rows are totals already, without categories."""
    return measure.prepare is None


def check_split(measures: Sequence[Measure], by: Sequence[str]) -> None:
    whole = [measure.title for measure in measures if by and not can_split(measure)]
    if whole:
        raise Refused(f"'{whole[0]}' is counted for whole areas, so it cannot be split by {', '.join(by)}.")
