"""Statistical process control the NHS way: has this measure really changed, and will it meet its target?

XmR charts as NHS England's Making Data Count draws them, to the letter of NHSRplotthedots 0.2.2 with four departures:
- outlier screening is off unless asked for, as in NHS England's Excel tool (the R package has it on);
- a point missing (NaN) breaks runs and moving ranges, where the R package stops with an error;
- a point on a line to within rounding error is on the line, and screening never leaves a constant series limitless;
- every point of a rising trend is called rising. The R package takes the step to the next point whenever that point
  is in a trend too, so of two trends end to end it can call the last point of the rising one falling.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from openpractice.methods.spc_rules import NEAR, PROCESS, RULES, broken_rules, centre_and_range

ENOUGH_POINTS = 13  # fewer make "trial limits" (Making Data Count)
_BLOCK = 2048  # series a block: 36 points of float64 are 0.6 MB, which stays in a core's cache
_SIGNS = {"increase": 1, "decrease": -1, "neutral": 0}
_KINDS = ("common_cause", *RULES)
# The first rule broken, in order, names the point: the lowest set bit of its byte.
_FIRST_RULE = np.array([0] + [(bits & -bits).bit_length() for bits in range(1, 256)], dtype=np.uint8)
_IS_HIGH = np.array([0, 1, -1, 1, -1, 1, -1, 1, -1], dtype=np.int8)  # by place in _KINDS


@dataclass(frozen=True, eq=False)
class Chart:
    """The answer of `xmr`: limits, rules broken and their meaning.

    Everything shaped like the values is worked out when first asked for, so judging a hundred thousand series to read
    `variation` costs no more than that. A chart of one series gives 1-D arrays and plain scalars.
    """

    values: NDArray[np.float64]  # [series, point]
    starts: tuple[int, ...]  # index at which each group of limits starts; the first is 0
    group_mean: NDArray[np.float64]  # [series, group]
    group_range: NDArray[np.float64]  # [series, group], average moving range
    group_points: NDArray[np.intp]  # [series, group], values the limits rest on
    bits: NDArray[np.uint8]  # [series, point], every rule broken, bit order as RULES
    sign: NDArray[np.int8]  # [series], +1 up is good, -1 down is good, 0 neither
    target: NDArray[np.float64]  # [series], NaN for none
    single: bool
    notes: tuple[str, ...]

    def _shown(self, array):
        return array[0] if self.single else array

    def _along(self, by_group):
        widths = np.diff((*self.starts, self.values.shape[1]))
        return self._shown(np.repeat(by_group, widths, axis=1))

    @cached_property
    def mean(self) -> NDArray[np.float64]:
        return self._along(self.group_mean)

    @cached_property
    def lower(self) -> NDArray[np.float64]:
        return self._along(self.group_mean - PROCESS * self.group_range)

    @cached_property
    def upper(self) -> NDArray[np.float64]:
        return self._along(self.group_mean + PROCESS * self.group_range)

    @cached_property
    def near_lower(self) -> NDArray[np.float64]:
        return self._along(self.group_mean - NEAR * self.group_range)

    @cached_property
    def near_upper(self) -> NDArray[np.float64]:
        return self._along(self.group_mean + NEAR * self.group_range)

    @cached_property
    def special_cause(self) -> NDArray[np.str_]:
        """The rule that names each point: `common_cause` or one of `spc_rules.RULES`."""
        return self._shown(np.array(_KINDS)[_FIRST_RULE[self.bits]])

    @cached_property
    def point_type(self) -> NDArray[np.str_]:
        """common_cause, improvement, concern, neutral_high or neutral_low."""
        return self._shown(_meaning(self.bits, self.sign[:, None]))

    @cached_property
    def variation(self) -> str | NDArray[np.str_]:
        """The latest point's icon: common_cause, or improvement, concern or neutral with `_high` or `_low`."""
        last = np.take_along_axis(self.bits, self._last[:, None], axis=1)
        kind = _meaning(last, self.sign[:, None])[:, 0]
        high = _IS_HIGH[_FIRST_RULE[last[:, 0]]] > 0
        lettered = np.char.add(kind, np.where(high, "_high", "_low"))
        answer = np.where(np.isin(kind, ("improvement", "concern")), lettered, kind)
        return str(answer[0]) if self.single else answer

    @cached_property
    def assurance(self) -> str | NDArray[np.str_]:
        """Will the process meet its target: consistently_pass, consistently_fail, inconsistent or none.

        Judged by the latest limits; `none` without a target, a direction or limits.
        """
        mean, reach = self.group_mean[:, -1], PROCESS * self.group_range[:, -1]
        above, below = self.target > mean + reach, self.target < mean - reach
        answer = np.where(above | below, np.where(above == (self.sign > 0), *_FAIL_PASS), "inconsistent")
        answer = np.where((self.sign == 0) | np.isnan(self.target + mean + reach), "none", answer)
        return str(answer[0]) if self.single else answer

    @cached_property
    def n_points(self) -> int | NDArray[np.intp]:
        """Points with a value."""
        count = np.count_nonzero(~np.isnan(self.values), axis=1)
        return int(count[0]) if self.single else count

    @cached_property
    def trial_limits(self) -> bool | NDArray[np.bool_]:
        """True where any group's limits rest on fewer than 13 points."""
        trial: NDArray[np.bool_] = np.any(self.group_points < ENOUGH_POINTS, axis=1)
        return bool(trial[0]) if self.single else trial

    @cached_property
    def _last(self):
        present = ~np.isnan(self.values)
        return np.where(present.any(axis=1), self.values.shape[1] - 1 - present[:, ::-1].argmax(axis=1), 0)


_FAIL_PASS = ("consistently_fail", "consistently_pass")


def _meaning(bits, sign):
    high = _IS_HIGH[_FIRST_RULE[bits]]
    neutral = np.where(high > 0, "neutral_high", "neutral_low")
    directed = np.where(high == sign, "improvement", "concern")
    return np.where(high == 0, "common_cause", np.where(sign == 0, neutral, directed))


def xmr(
    values: ArrayLike,
    *,
    rebase: Sequence[int] = (),
    fix_after: int | None = None,
    screen_outliers: bool = False,
    direction: str | Sequence[str] = "neutral",
    target: float | ArrayLike | None = None,
) -> Chart:
    """Judge one series `[point]` or a batch `[series, point]`, oldest point first.

    `rebase` holds the indices at which a new group of limits starts, the same for every series of a batch.
    `fix_after` takes each group's limits from its first so many points and judges later ones against them.
    `direction` (increase, decrease or neutral: which way is better) and `target` are one for all or one a series.
    Missing values are NaN. Raises ValueError for infinite values, no points, or arguments that do not fit.
    """
    table = np.asarray(values, dtype=np.float64)
    single = table.ndim == 1
    table = table[None, :] if single else table
    starts = _starts(table, rebase, fix_after)
    sign = _per_series(_signs(direction), len(table), np.int8, "direction")
    aim = _per_series(np.nan if target is None else target, len(table), np.float64, "target")
    gaps = not np.isfinite(table).all()
    if gaps and np.isinf(table).any():
        raise ValueError("A chart cannot hold infinite values: remove them or mark them missing with NaN.")
    mean, average, points, bits = _judged(table, starts, fix_after, screen_outliers)
    notes = _notes(table.shape, starts, points, gaps, screen_outliers, fix_after)
    return Chart(table, starts, mean, average, points, bits, sign, aim, single, notes)


def _starts(table, rebase, fix_after):
    if table.ndim != 2 or table.shape[1] == 0:
        raise ValueError(f"A chart needs one series [point] or a batch [series, point], not shape {table.shape}.")
    if fix_after is not None and fix_after < 2:
        raise ValueError(f"Limits need at least 2 points, so fix_after={fix_after} cannot work.")
    for index in rebase:
        if not 0 <= index < table.shape[1]:
            raise ValueError(f"Rebase at point {index} lies outside the series, which has {table.shape[1]} points.")
    return tuple(sorted({0, *map(int, rebase)}))


def _signs(direction):
    try:
        return _SIGNS[direction] if isinstance(direction, str) else [_SIGNS[word] for word in direction]
    except KeyError as unknown:
        raise ValueError(f"Direction {unknown} is not one of increase, decrease or neutral.") from None


def _per_series(given, n, dtype, name):
    array = np.asarray(given, dtype=dtype)
    if array.shape not in ((), (n,)):
        raise ValueError(f"Give one {name} for all or one a series: {n} series but {array.shape} values.")
    return np.broadcast_to(array, (n,))


def _judged(table, starts, fix_after, screen_outliers):
    """Means, average ranges and points `[series, group]`, and bits `[series, point]`, block by block on both cores."""
    n, length = table.shape
    groups = list(zip(starts, (*starts[1:], length), strict=True))
    mean, average = np.empty((2, len(groups), n))
    points = np.empty((len(groups), n), dtype=np.intp)
    bits = np.empty((length, n), dtype=np.uint8)

    def judge(first):
        block = slice(first, first + _BLOCK)
        x = np.ascontiguousarray(table[block].T)
        for g, (start, end) in enumerate(groups):
            base = x[start : end if fix_after is None else min(end, start + fix_after)]
            centre, spread = centre_and_range(base, screen_outliers)
            mean[g, block], average[g, block] = centre, spread
            points[g, block] = np.count_nonzero(~np.isnan(base), axis=0)
            bits[start:end, block] = broken_rules(x[start:end], centre, spread)

    with ThreadPoolExecutor(max_workers=2) as workers:  # numpy lets go of the interpreter inside long operations
        list(workers.map(judge, range(0, n, _BLOCK)))
    return mean.T, average.T, points.T, bits.T


def _notes(shape, starts, points, gaps, screen_outliers, fix_after):
    """What a reader must know about these limits, in plain sentences."""
    n, length = shape
    notes = []
    for g, (start, end) in enumerate(zip(starts, (*starts[1:], length), strict=True)):
        few = int((points[:, g] < ENOUGH_POINTS).sum())
        if few:
            rests = f"rest on {points[0, g]} points" if n == 1 else f"rest on too few points in {few} of {n} series"
            notes.append(f"Trial limits: those of points {start + 1} to {end} {rests}; {ENOUGH_POINTS} make them firm.")
    if gaps:
        notes.append("Some points are missing; they break runs and are left out of the limits.")
    if screen_outliers:
        notes.append("Moving ranges of 3.267 times their average or more were left out of the limits.")
    if fix_after is not None:
        notes.append(f"Limits come from the first {fix_after} points of each group only.")
    return tuple(notes)
