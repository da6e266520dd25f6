"""Measure × area × period × by: the one place where sums become values."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import groupby

import numpy as np

from openpractice.analysis.confidence import grade
from openpractice.kinds import LEVELS, PATIENT_DAYS, Measure, Result, months_asked, period_of
from openpractice.measures.declare import unknown_share
from openpractice.methods import calendar, durations
from openpractice.store import Facts, Store

LEAST_COVERAGE = 0.25  # share of an area's patients below which its figure would mislead


@dataclass(frozen=True)
class Column:
    """One measure's results as arrays of equal length, one element an area, month (and dimension)."""

    measure: Measure
    target: np.ndarray
    month: np.ndarray
    by: dict[str, np.ndarray]
    numerator: np.ndarray
    denominator: np.ndarray
    value: np.ndarray
    coverage: np.ndarray
    unknown: np.ndarray
    confidence: np.ndarray


def columns(
    facts: Facts,
    measures: Iterable[Measure],
    *,
    levels: Sequence[str] = LEVELS,
    by: Sequence[str] = (),
    engine: str = "duckdb",
) -> list[Column]:
    """Evaluate measures for every area of `levels` and every month; measures that nothing speaks of are left out."""
    ordered = sorted((m for m in measures), key=_group)
    groups = [list(group) for _, group in groupby(ordered, key=_group)]
    with ThreadPoolExecutor(max_workers=2) as pool:  # one group is planned while another is scanned
        found = pool.map(lambda together: _together(facts, together, levels, by, engine), groups)
        return [column for columns_of in found for column in columns_of if len(column.target)]


def _together(facts: Facts, measures: list[Measure], levels: Sequence[str], by: Sequence[str], engine: str):
    """The columns of measures that share a table and needs."""
    dimensions = (*by, measures[0].band_column) if measures[0].bands else tuple(by)
    answer = facts.sums(measures, levels, dimensions, engine)
    if answer is None:
        return []
    sums, covered = answer
    behind = {id(c): c.of(sums.target, sums.month) for c in covered.values()}  # most measures share one
    return [
        _fitted(m, sums, covered[m.name], by) if m.bands else _column(m, sums, behind[id(covered[m.name])], by)
        for m in measures
    ]


def _group(measure: Measure) -> tuple:
    return (measure.table.name, tuple(sorted(measure.needs)), measure.series, measure.name if measure.bands else "")


def _column(measure: Measure, sums, behind, by: Sequence[str]) -> Column:
    patients, everyone, listed = behind
    numerator = sums.numerator[measure.name]
    denominator = sums.denominator[measure.name]
    if denominator is None:
        denominator = listed * (_working_days(sums.month) if measure.denominator == PATIENT_DAYS else 1)
    with np.errstate(divide="ignore", invalid="ignore"):
        value = np.where(denominator > 0, measure.scale * numerator / denominator, np.nan)
        unknown = sums.unknown[measure.name]
        share = np.zeros(len(numerator)) if unknown is None else unknown_share(measure, unknown, denominator)
        coverage = np.minimum(patients / everyone, 1.0)
    share = np.nan_to_num(share)
    keep = ~(np.isnan(numerator) | np.isnan(value)) & (share <= measure.withhold_unknown) & _speaks(coverage)
    column = Column(
        measure,
        sums.target,
        sums.month,
        {b: sums.by[b] for b in by},
        numerator,
        denominator,
        value,
        coverage,
        share,
        np.empty(0),
    )
    return _graded(_take(column, keep))


def _speaks(coverage: np.ndarray) -> np.ndarray:
    """One county is not England: a figure that speaks for too few of an area's patients is not given as the area's."""
    return ~(coverage < LEAST_COVERAGE)


def _take(column: Column, keep: np.ndarray) -> Column:
    fields = {
        name: getattr(column, name)[keep]
        for name in ("target", "month", "numerator", "denominator", "value", "coverage", "unknown")
    }
    return Column(
        measure=column.measure, by={b: v[keep] for b, v in column.by.items()}, confidence=column.confidence, **fields
    )


def _graded(column: Column) -> Column:
    confidence = grade(column.measure, column.coverage, column.unknown, column.denominator)
    return Column(**{**column.__dict__, "confidence": confidence})


def _working_days(months: np.ndarray) -> np.ndarray:
    unique, at = np.unique(months, return_inverse=True)
    return calendar.working_days(unique // 12 * 100 + unique % 12 + 1).astype(float)[at]


def _fitted(measure: Measure, sums, covered, by: Sequence[str]) -> Column:
    """A mean fitted to banded counts: the bands are a dimension of the sums, the fit is one row an area and month."""
    minutes = measure.bands or {}
    keys, counts, unknown = _by_band(measure, sums, list(minutes), by)
    timed = counts.sum(axis=1)
    enough = timed >= 30  # a lognormal through fewer appointments is a guess
    means = np.full(len(keys), np.nan)
    if enough.any():
        whole = [(low + 0.5, high - 0.5) for low, high in minutes.values()]  # the fit rounds to whole minutes
        means[enough] = durations.fit_lognormal(counts[enough], whole).mean
    target = np.array([k[0] for k in keys], dtype=object)
    month = np.array([k[1] for k in keys], dtype=np.int64)
    patients, everyone, _ = covered.of(target, month)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.nan_to_num(unknown_share(measure, unknown, timed))
        coverage = np.minimum(patients / everyone, 1.0)
    column = Column(
        measure, target, month,
        {b: np.array([k[2 + i] for k in keys], dtype=object) for i, b in enumerate(by)},
        means * timed, timed, means, coverage, share, np.empty(0),
    )  # fmt: skip
    return _graded(_take(column, ~np.isnan(means) & (share <= measure.withhold_unknown) & _speaks(coverage)))


def _by_band(measure: Measure, sums, bands: list[str], by: Sequence[str]) -> tuple[list[tuple], np.ndarray, np.ndarray]:
    """The groups without the band, their counts (groups × bands), and what could not be put in a band (groups)."""
    groups: dict[tuple, np.ndarray] = {}
    unknown: dict[tuple, float] = {}
    left_out = sums.unknown[measure.name]
    for i, band in enumerate(sums.by[measure.band_column]):
        key = (sums.target[i], int(sums.month[i]), *(sums.by[b][i] for b in by))
        counts = groups.setdefault(key, np.zeros(len(bands)))
        if left_out is not None:
            unknown[key] = unknown.get(key, 0.0) + float(np.nan_to_num(left_out[i]))
        if band in bands:
            counts[bands.index(band)] = sums.numerator[measure.name][i]
    keys = list(groups)
    counts = np.array(list(groups.values())).reshape(len(keys), len(bands))
    return keys, counts, np.array([unknown.get(key, 0.0) for key in keys])


def evaluate(
    store: Store, measures: Sequence[Measure], *, level: str, areas: Sequence[str] | None = None,
    first: str | None = None, last: str | None = None, by: Sequence[str] = (), engine: str = "duckdb",
) -> list[Result]:  # fmt: skip
    """Results from the records, for questions that stored results do not answer (any dimension, any engine).

    Raises Refused for a dimension that the measure's table does not carry, or an unknown engine.
    """
    wanted = set(areas) if areas is not None else None
    low, high = months_asked(first, last)
    results = []
    for column in columns(store.facts(), measures, levels=(level,), by=by, engine=engine):
        for i, target in enumerate(column.target):
            if (wanted is None or target in wanted) and low <= column.month[i] <= high:
                results.append(_result(column, i, level, by))
    return sorted(results, key=lambda r: (r.measure, r.area, r.period, [str(b) for b in r.by]))


def _result(column: Column, i: int, level: str, by: Sequence[str]) -> Result:
    return Result(
        measure=column.measure.name, area=column.target[i], level=level, period=period_of(int(column.month[i])),
        numerator=float(column.numerator[i]), denominator=float(column.denominator[i]), value=float(column.value[i]),
        coverage=None if np.isnan(column.coverage[i]) else round(float(column.coverage[i]), 4),
        unknown=round(float(column.unknown[i]), 4), confidence=str(column.confidence[i]),
        by=tuple((b, "" if column.by[b][i] is None else str(column.by[b][i])) for b in by),
    )  # fmt: skip
