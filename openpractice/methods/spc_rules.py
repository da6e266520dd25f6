"""Limits and rules of an XmR chart, for many series at once.

Blocks are time-major: `x[t, s]` is point t of series s. Neighbouring points of one series then lie whole rows apart,
so every rule is a handful of operations on long contiguous rows, and no window is ever cut out series by series.

Source: NHS England Making Data Count, as implemented by NHSRplotthedots 0.2.2 (nhs-r-community, MIT): individuals
and moving range chart, four rules.
"""

import numpy as np

PROCESS = 2.66  # 3 / d2 with d2 = 1.128: three sigma, estimated from moving ranges of two points
NEAR = PROCESS * 2 / 3
SCREEN = 3.267  # D4 for moving ranges of two points: a range this many times the average is an outlier
RUN = 7  # points on one side of the mean, or in one direction

# One bit a rule, lowest bit first in the order NHSRplotthedots decides: outside, trend, two of three, shift.
RULES = (
    "above_upper_limit",
    "below_lower_limit",
    "trend_increasing",
    "trend_decreasing",
    "two_of_three_above",
    "two_of_three_below",
    "shift_above",
    "shift_below",
)


def centre_and_range(x, screen_outliers):
    """Mean and average moving range of each series of a block `x[t, s]`; NaN where there is nothing to average."""
    mean = _mean(x, x.shape[0])
    ranges = np.abs(np.diff(x, axis=0))
    average = _mean(ranges, x.shape[0] - 1)
    if screen_outliers:
        # A constant series has an average range of 0, which no range is below; without this it would lose its limits.
        ranges[~((ranges < SCREEN * average) | (average == 0))] = np.nan
        average = _mean(ranges, x.shape[0] - 1)
    return mean, average


def _mean(x, n):
    if n < 1:
        return np.full(x.shape[1], np.nan)
    mean = np.add.reduce(x, axis=0) / n
    if np.isfinite(mean).all():
        return mean
    # Only blocks with missing values pay for counting them.
    present = ~np.isnan(x)
    count = present.sum(axis=0)
    return np.divide(np.where(present, x, 0.0).sum(axis=0), count, out=np.full(x.shape[1], np.nan), where=count > 0)


def broken_rules(x, mean, average):
    """Which rules each point of a block breaks, as bits of a uint8 `[t, s]` in the order of `RULES`.

    A point within rounding error (1e-12 of the mean or the average range) of a line counts as on the line: a constant
    series of 0.1 must not turn into a shift because its mean came out as 0.09999999999999999.
    """
    slack = 1e-12 * np.fmax(np.abs(mean), average)
    above, below = x > mean + slack, x < mean - slack
    outside_above, outside_below = x > mean + PROCESS * average + slack, x < mean - PROCESS * average - slack
    near_above = x > mean + NEAR * average + slack
    near_below = x < mean - NEAR * average - slack
    rising, falling = _trends(x)
    flags = (
        outside_above,
        outside_below,
        rising,
        falling,
        _two_of_three(near_above & ~outside_above, above),
        _two_of_three(near_below & ~outside_below, below),
        _members_of_runs(above, RUN),
        _members_of_runs(below, RUN),
    )
    bits = flags[0].view(np.uint8).copy()
    for place, flag in enumerate(flags[1:], start=1):
        bits |= flag.view(np.uint8) << np.uint8(place)
    return bits


def _trends(x):
    """Points in seven that only rise, and in seven that only fall; a point in both belongs to the later one."""
    up, down = x[1:] > x[:-1], x[1:] < x[:-1]
    rising, falling = np.zeros(x.shape, bool), np.zeros(x.shape, bool)
    for steps, member in ((up, rising), (down, falling)):
        in_run = _members_of_runs(steps, RUN - 1)
        member[1:] |= in_run
        member[:-1] |= in_run
    both = rising[:-1] & falling[:-1]
    rising[:-1] &= ~(both & down)
    falling[:-1] &= ~(both & up)
    return rising, falling


def _members_of_runs(flag, length):
    """True for every point of every unbroken run of at least `length` True down the first axis.

    Windows are joined by doubling: runs of 2 are pairs of 1, runs of 4 pairs of 2, and the rest overlap.
    """
    member = np.zeros(flag.shape, bool)
    if flag.shape[0] < length:
        return member
    windows, width = flag, 1
    while width < length:
        step = min(width, length - width)
        windows, width = windows[step:] & windows[: windows.shape[0] - step], width + step
    spread = np.zeros(flag.shape, bool)
    spread[length - 1 :] = windows
    width = 1
    while width < length:
        step = min(width, length - width)
        spread[: spread.shape[0] - step] |= spread[step:].copy()
        width += step
    return spread


def _two_of_three(near, same_side):
    """Near-limit points in a window of three, all on one side of the mean, that holds at least two of them."""
    member = np.zeros(near.shape, bool)
    if near.shape[0] < 3:
        return member
    a, b, c = near[:-2], near[1:-1], near[2:]
    windows = ((a & b) | (a & c) | (b & c)) & same_side[:-2] & same_side[1:-1] & same_side[2:]
    member[:-2] |= windows
    member[1:-1] |= windows
    member[2:] |= windows
    return member & near
