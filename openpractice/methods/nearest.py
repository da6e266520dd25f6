"""Exact nearest neighbours of every row, quickly: single precision proposes, double precision decides.

Squared distances of a block of rows to all rows are one matrix product in float32. From those a few more candidates
than asked for are kept and measured again in float64. A bound on the float32 error proves row by row that no other row
can be nearer; the few rows where it does not (near ties, far outliers) are done again in float64 throughout.
"""

import numpy as np

_ROWS = 64  # rows a block: 64 x 6,200 distances of float32 are 1.6 MB, about a core's cache
_SPARE = 8  # candidates beyond k, so that the bound has room
_ONE_CORE = 2**18  # multiplications up to which OpenBLAS keeps to one thread
_FAN = 4  # columns under each place of a tournament


def exact_nearest(squared, row, k):
    """Indices of the k smallest of `squared` [n] but for `row`, by distance and then by index."""
    squared = squared.copy()
    squared[row] = np.inf
    edge = np.partition(squared, k - 1)[k - 1]
    near = np.flatnonzero(squared <= edge)
    return near[np.argsort(squared[near], kind="stable")[:k]]


def nearest_of_all(points, k):
    """Indices and squared distances `[n, k]` of the k nearest other rows of every row of `points` [n, p]."""
    n = len(points)
    keep = k + _SPARE
    rounds = _rounds(n, keep)
    if rounds == 0:  # too few rows for a tournament to save anything
        return _row_by_row(points, np.arange(n), k)
    indices, squared, unsure = np.empty((n, k), dtype=np.intp), np.empty((n, k)), np.zeros(n, dtype=bool)
    left, right = _single_precision(points, _FAN**rounds)

    product = np.empty((_ROWS, right.shape[1]), dtype=np.float32)
    for first in range(0, n, _ROWS):
        rows = np.arange(first, min(first + _ROWS, n))
        block = _product(left[rows], right, product[: len(rows)])
        candidates, furthest = _candidates(block, rows, keep, rounds)
        found = _measured(points, rows, candidates)
        order = np.lexsort((candidates, found), axis=1)[:, :k]
        indices[rows], squared[rows] = _picked(candidates, order), _picked(found, order)
        unsure[rows] = squared[rows, -1] >= _nearest_left_out(points[rows], furthest)
    again = np.flatnonzero(unsure)
    indices[again], squared[again] = _row_by_row(points, again, k)
    return indices, squared


def _row_by_row(points, rows, k):
    indices, squared = np.empty((len(rows), k), dtype=np.intp), np.empty((len(rows), k))
    for place, row in enumerate(rows):
        total = sum_of(((points - points[row]) ** 2).T)
        indices[place] = exact_nearest(total, row, k)
        squared[place] = total[indices[place]]
    return indices, squared


def _single_precision(points, whole):
    """Factors whose product is the squared distance less the row's own squared norm, `|y|^2 - 2 x.y`, in float32.

    Columns are padded with infinity to a multiple of `whole`.
    """
    n, p = points.shape
    left = np.concatenate([-2 * points, np.ones((n, 1))], axis=1).astype(np.float32)
    right = np.zeros((p + 1, -(-n // whole) * whole), dtype=np.float32)
    right[:p, :n] = points.T
    right[p, :n] = (points**2).sum(axis=1)
    right[p, n:] = np.inf
    return left, right


def _product(left, right, out):
    """Matrix product in pieces small enough that OpenBLAS does each on one core.

    Its threads wait for each other by spinning: on a busy server a block shared between cores took twenty times as
    long as on one.
    """
    width = max(1, _ONE_CORE // left.size)
    for start in range(0, right.shape[1], width):
        piece = slice(start, start + width)
        out[:, piece] = left @ right[:, piece]
    return out


def _rounds(n, keep):
    """Rounds of the tournament: as many as leave twice the places to be kept."""
    rounds = 0
    while n // _FAN ** (rounds + 1) >= 2 * keep:
        rounds += 1
    return rounds


def _candidates(block, rows, keep, rounds):
    """Columns `[row, keep]` of the smallest of a block, and the largest value among them `[row]`.

    A tournament: each round keeps the smallest of every four places. The `keep` smallest values must lie under the
    `keep` smallest places of every round, so the way back down only ever searches four columns for each of those.
    """
    block[np.arange(len(rows)), rows] = np.inf  # a practice is not its own neighbour
    levels = [block]
    for _ in range(rounds):
        levels.append(levels[-1].reshape(len(rows), _FAN, -1).min(axis=1))
    chosen = np.argpartition(levels[-1], keep - 1, axis=1)[:, :keep]
    for above, level in zip(levels[:0:-1], levels[-2::-1], strict=True):
        below = above.shape[1] * np.arange(_FAN)
        columns = (chosen[:, None, :] + below[:, None]).reshape(len(rows), -1)
        values = _picked(level, columns)
        chosen = _picked(columns, np.argpartition(values, keep - 1, axis=1)[:, :keep])
    return chosen, _picked(block, chosen).max(axis=1)


def _picked(table, columns):
    """As `np.take_along_axis(table, columns, axis=1)` of a contiguous table, in a third of the time."""
    starts = table.shape[1] * np.arange(len(table))[:, None]
    return table.ravel().take(columns + starts)


def _measured(points, rows, candidates):
    return sum_of((column[candidates] - column[rows][:, None]) ** 2 for column in points.T)


def sum_of(squares):
    """Squared distances from one array of squares a feature, always added in the order of the features.

    Floating sums depend on their order; one order everywhere makes equal distances equal to the last bit, and so ties
    fall the same way whichever function is asked.
    """
    squares = iter(squares)
    total = np.array(next(squares))
    for column in squares:
        total += column
    return total


def _nearest_left_out(x, furthest):
    """The least squared distance a row left out can have, given the largest float32 value kept.

    A float32 sum of p + 1 products errs by at most e(|x|^2 + |y|^2) with e = (p + 3) 2^-23, and |y|^2 is at most
    2|x|^2 + 2d^2 for a row at distance d, so d^2 (1 + 2e) >= value - 3e|x|^2.
    """
    own = (x**2).sum(axis=1)
    error = (x.shape[1] + 3) * 2.0**-23
    return (furthest + own - 3 * error * own) / (1 + 2 * error)
