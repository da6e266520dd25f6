"""Which practices are most alike? Comparison is only fair against practices with patients like yours.

Features (list size, age, deprivation, rurality ...) are scaled robustly, weighted, and compared by Euclidean
distance. Every answer carries its reasons: what each feature adds to each distance, and how many of the neighbours
would stay if a feature were left out.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from openpractice.methods.nearest import exact_nearest, nearest_of_all, sum_of

NORMAL_IQR = 1.3489795003921634  # interquartile range of a standard normal, so that a scaled unit is one robust SD


@dataclass(frozen=True, eq=False)
class Space:
    """Practices as points: scaled and weighted so that plain squared distances are weighted squared robust z."""

    points: NDArray[np.float64]  # [practice, feature]; a missing feature sits at the median, 0
    missing: NDArray[np.bool_]  # [practice, feature]
    names: tuple[str, ...]  # of the features used
    centre: NDArray[np.float64]  # [feature] median, after logs
    scale: NDArray[np.float64]  # [feature] robust SD, after logs; 0 for a feature that does not vary


@dataclass(frozen=True, eq=False)
class Neighbours:
    """The k practices most alike one practice, nearest first."""

    indices: NDArray[np.intp]  # [k]
    distances: NDArray[np.float64]  # [k]
    contributions: NDArray[np.float64]  # [k, feature] squared; each row sums to its distance squared
    drivers: NDArray[np.float64]  # [feature] share of all the squared distance to these neighbours
    stability: NDArray[np.float64]  # [feature] share of neighbours kept when this feature is left out
    names: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class AllNeighbours:
    """The k practices most alike every practice, nearest first."""

    indices: NDArray[np.intp]  # [practice, k]
    distances: NDArray[np.float64]  # [practice, k]


def space(
    features: ArrayLike,
    names: Sequence[str],
    *,
    log: Sequence[str] = (),
    weights: Mapping[str, float] | None = None,
    exclude: Sequence[str] = (),
) -> Space:
    """Scale `features` [practice, feature] by median and interquartile range.

    `log` names features to compare by ratio (list size); `weights` multiply a feature's squared distance, 1 unless
    given; `exclude` drops features. A missing value (NaN) counts as the median, so it neither joins nor parts
    practices that are ordinary in it. A feature whose middle half is one value is scaled by its standard deviation.
    Raises ValueError for a name not known, nothing left, a negative weight, infinite values or a value at or below 0 to be logged.
    """
    table, names = np.array(features, dtype=np.float64), list(names)
    _check(table, names, log, weights or {}, exclude)
    for name in log:
        table[:, names.index(name)] = np.log(table[:, names.index(name)])
    used = [i for i, name in enumerate(names) if name not in exclude]
    if not used:
        raise ValueError("Every feature is excluded: leave at least one to compare by.")
    weight = np.array([(weights or {}).get(names[i], 1.0) for i in used])
    table = table[:, used]
    missing = np.isnan(table)
    centre, scale = _centre_and_scale(table, missing)
    z = np.divide(table - centre, scale, out=np.zeros(table.shape), where=(scale > 0) & ~missing)
    return Space(z * np.sqrt(weight), missing, tuple(names[i] for i in used), centre, scale)


def _check(table, names, log, weights, exclude):
    if table.ndim != 2 or table.shape[1] != len(names):
        raise ValueError(f"Features of shape {table.shape} do not fit {len(names)} names.")
    for name in (*log, *weights, *exclude):
        if name not in names:
            raise ValueError(f"There is no feature called {name!r}; there are {', '.join(names)}.")
    if np.isinf(table).any():
        raise ValueError("Features cannot be infinite: leave unknown ones missing (NaN).")
    for name in log:
        if (table[:, names.index(name)] <= 0).any():
            raise ValueError(f"{name!r} cannot be compared by ratio: some values are 0 or below.")
    for name, weight in weights.items():
        if not weight >= 0:
            raise ValueError(f"The weight of {name!r} is {weight}; weights are 0 or above.")


def _centre_and_scale(table, missing):
    centre, scale = np.zeros(table.shape[1]), np.zeros(table.shape[1])
    for j in range(table.shape[1]):  # column by column: a column with nothing in it must not raise a warning
        known = table[~missing[:, j], j]
        if known.size:
            low, centre[j], high = np.quantile(known, [0.25, 0.5, 0.75])
            scale[j] = (high - low) / NORMAL_IQR or known.std()
    return centre, scale


def most_alike(place: Space, row: int, k: int = 10) -> Neighbours:
    """The k nearest of practice `row`, itself left out; equal distances come in the order of the rows."""
    _check_k(place, k)
    squares = (place.points - place.points[row]) ** 2
    total = sum_of(squares.T)
    indices = exact_nearest(total, row, k)
    contributions = squares[indices]
    all_squared = contributions.sum()
    drivers = contributions.sum(axis=0) / all_squared if all_squared > 0 else np.zeros(squares.shape[1])
    stability = np.array([_kept(np.delete(squares, j, axis=1), row, indices) for j in range(squares.shape[1])])
    return Neighbours(indices, np.sqrt(total[indices]), contributions, drivers, stability, place.names)


def _kept(squares, row, indices):
    if squares.shape[1] == 0:
        return 0.0  # the only feature is all there is
    return np.isin(exact_nearest(sum_of(squares.T), row, len(indices)), indices).mean()


def all_most_alike(place: Space, k: int = 10) -> AllNeighbours:
    """The k nearest of every practice at once: the same answers as `most_alike` for each."""
    _check_k(place, k)
    indices, squared = nearest_of_all(place.points, k)
    return AllNeighbours(indices, np.sqrt(squared))


def _check_k(place, k):
    if not 1 <= k < len(place.points):
        raise ValueError(f"Between 1 and {len(place.points) - 1} practices can be most alike, not {k}.")
