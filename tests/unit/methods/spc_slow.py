"""The slow, obvious twin of `openpractice.methods.spc`: pandas, one group at a time, one point at a time.

Written to be read against the rules, not to be quick. `judge` takes long rows (series, point, value) and returns them
with limits and the special cause of every point.
"""

import math
from itertools import pairwise

import pandas as pd


def judge(rows, *, rebase=(), fix_after=None, screen_outliers=False):
    """Rows of `series`, `point` and `value`, judged group by group; values may be missing."""
    rows = rows.sort_values(["series", "point"]).reset_index(drop=True)
    rows["group"] = [sum(point >= start for start in set(rebase) - {0}) for point in rows["point"]]
    judged = [_judge_group(group, fix_after, screen_outliers) for _, group in rows.groupby(["series", "group"])]
    return pd.concat(judged).sort_index()


def _judge_group(group, fix_after, screen_outliers):
    values = group["value"].tolist()
    base = values[:fix_after]
    mean, spread = _average(base), _average_range(base, screen_outliers)
    limits = {
        "mean": mean,
        "lower": mean - 2.66 * spread,
        "upper": mean + 2.66 * spread,
        "near_lower": mean - 2.66 * 2 / 3 * spread,
        "near_upper": mean + 2.66 * 2 / 3 * spread,
    }
    slack = 1e-12 * max(abs(mean), 0 if math.isnan(spread) else spread) if not math.isnan(mean) else 0
    names = [_name(i, values, limits, slack) for i in range(len(values))]
    return group.assign(**limits, special_cause=names)


def _average(values):
    present = [v for v in values if not math.isnan(v)]
    return math.fsum(present) / len(present) if present else math.nan


def _average_range(base, screen_outliers):
    ranges = [abs(later - earlier) for earlier, later in pairwise(base)]
    average = _average(ranges)
    if screen_outliers and average > 0:
        average = _average([r for r in ranges if r < 3.267 * average])
    return average


def _name(i, values, limits, slack):
    """Outside a limit, then trend, then two of three, then shift."""
    if values[i] > limits["upper"] + slack:
        return "above_upper_limit"
    if values[i] < limits["lower"] - slack:
        return "below_lower_limit"
    trends = [direction for window in _windows(i, values, 7) if (direction := _trend(window))]
    if trends:
        return trends[-1]  # the later window: the direction to the right
    for side in ("above", "below"):
        if _close(values[i], limits, side, slack) and any(
            sum(_close(v, limits, side, slack) for v in window) >= 2
            and all(_beyond_mean(v, limits, side, slack) for v in window)
            for window in _windows(i, values, 3)
        ):
            return f"two_of_three_{side}"
    for side in ("above", "below"):
        if any(all(_beyond_mean(v, limits, side, slack) for v in window) for window in _windows(i, values, 7)):
            return f"shift_{side}"
    return "common_cause"


def _windows(i, values, width):
    """Every run of `width` neighbouring values that holds point i, earliest first."""
    return [values[s : s + width] for s in range(max(0, i - width + 1), min(i, len(values) - width) + 1)]


def _trend(window):
    steps = list(pairwise(window))
    if all(later > earlier for earlier, later in steps):
        return "trend_increasing"
    if all(later < earlier for earlier, later in steps):
        return "trend_decreasing"
    return None


def _beyond_mean(value, limits, side, slack):
    return value > limits["mean"] + slack if side == "above" else value < limits["mean"] - slack


def _close(value, limits, side, slack):
    if side == "above":
        return limits["near_upper"] + slack < value <= limits["upper"] + slack
    return limits["lower"] - slack <= value < limits["near_lower"] - slack
