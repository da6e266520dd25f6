"""Proportions, rates and means with their intervals, as OHID's Fingertips publishes them.

Every function takes numbers or arrays and answers in the same shape. A zero or missing denominator gives NaN, never
an error, because one practice without a list must not stop a table of six thousand; a negative count is an error.

Formulas: OHID "Technical guide: confidence intervals" (APHO 2008), and the works it cites, named at each function.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

SMALL = 10  # Byar's approximation holds from 10 events; fewer take the exact interval (APHO 2008)


@dataclass(frozen=True, eq=False)
class Estimate:
    """A value with the lower and upper ends of its interval, all in one shape and unit."""

    value: NDArray[np.float64]
    lower: NDArray[np.float64]
    upper: NDArray[np.float64]


def proportion(numerator: ArrayLike, denominator: ArrayLike, *, confidence: float = 0.95, per: float = 1) -> Estimate:
    """Share of the denominator, times `per`, with Wilson's score interval (Wilson 1927; Newcombe & Altman 2000).

    Raises ValueError where a numerator is larger than its denominator.
    """
    count, total = _counts(numerator, denominator)
    if (count > total).any():
        raise ValueError("A proportion's numerator cannot be larger than its denominator.")
    z = special.ndtri(_upper_tail(confidence))
    share = _ratio(count, total)
    spread = z * np.sqrt(z**2 + 4 * count * (1 - share))
    lower = _ratio(2 * count + z**2 - spread, 2 * (total + z**2))
    upper = _ratio(2 * count + z**2 + spread, 2 * (total + z**2))
    # Rounding can leave the ends of 0 and 1 a hair outside what a share can be.
    return Estimate(per * share, per * np.maximum(lower, 0), per * np.minimum(upper, 1))


def rate(
    count: ArrayLike, population: ArrayLike, *, per: float = 1_000, confidence: float = 0.95, method: str = "byar"
) -> Estimate:
    """Events per `per` of population, with Byar's interval (exact below 10 events) or `method="exact"` throughout."""
    count, population = _counts(count, population)
    lower, upper = _interval(method)(count, confidence)
    return _over(count, lower, upper, population, per)


def directly_standardised_rate(
    counts: ArrayLike,
    populations: ArrayLike,
    standard: ArrayLike,
    *,
    per: float = 100_000,
    confidence: float = 0.95,
    method: str = "byar",
) -> Estimate:
    """The rate the standard population would have at these band rates; bands lie along the last axis.

    Interval: Dobson's (1991), from Byar's or the exact interval of the total count. NaN below 10 events, where OHID
    holds the method unreliable, and where any band has no population: merge bands first.
    """
    events, people = _counts(counts, populations)
    weights = np.asarray(standard, dtype=np.float64)
    band_weight = _ratio(weights / weights.sum(), people)
    value = (band_weight * events).sum(axis=-1)
    variance = (band_weight**2 * events).sum(axis=-1)
    total = np.where(events.sum(axis=-1) >= SMALL, events.sum(axis=-1), np.nan)
    lower, upper = _interval(method)(total, confidence)
    scale = np.sqrt(_ratio(variance, total))
    value = np.where(np.isnan(total), np.nan, value)
    return Estimate(per * value, per * (value + scale * (lower - total)), per * (value + scale * (upper - total)))


def expected(populations: ArrayLike, reference_counts: ArrayLike, reference_populations: ArrayLike) -> NDArray:
    """Events these populations would have at the reference's band rates; bands lie along the last axis."""
    reference_counts, reference_populations = _counts(reference_counts, reference_populations)
    band_rates = _ratio(reference_counts, reference_populations)
    return (np.asarray(populations, dtype=np.float64) * band_rates).sum(axis=-1)


def indirectly_standardised_ratio(
    observed: ArrayLike, expected: ArrayLike, *, per: float = 100, confidence: float = 0.95, method: str = "byar"
) -> Estimate:
    """Observed over expected events, times `per`: 100 is "as the reference". Interval as for `rate`."""
    return rate(observed, expected, per=per, confidence=confidence, method=method)


def indirectly_standardised_rate(
    observed: ArrayLike,
    expected: ArrayLike,
    reference_rate: ArrayLike,
    *,
    confidence: float = 0.95,
    method: str = "byar",
) -> Estimate:
    """The reference's crude rate scaled by observed over expected; in the reference rate's own unit."""
    ratio = rate(observed, expected, per=1, confidence=confidence, method=method)
    reference = np.asarray(reference_rate, dtype=np.float64)
    return Estimate(ratio.value * reference, ratio.lower * reference, ratio.upper * reference)


def mean(values: ArrayLike, *, confidence: float = 0.95) -> Estimate:
    """Mean along the last axis, missing values left out, with Student's t interval; one value has no interval."""
    values = np.asarray(values, dtype=np.float64)
    present = ~np.isnan(values)
    n = present.sum(axis=-1)
    centre = _ratio(np.where(present, values, 0).sum(axis=-1), n)
    squares = np.where(present, (values - centre[..., None]) ** 2, 0).sum(axis=-1)
    error = np.sqrt(_ratio(squares, n * (n - 1.0)))
    reach = special.stdtrit(np.where(n > 1, n - 1.0, np.nan), _upper_tail(confidence)) * error
    return Estimate(centre, centre - reach, centre + reach)


def byar(count: ArrayLike, confidence: float = 0.95) -> tuple[NDArray, NDArray]:
    """Ends of the interval of a Poisson count: Byar's approximation (Breslow & Day 1987), exact below 10."""
    count = np.asarray(count, dtype=np.float64)
    z = special.ndtri(_upper_tail(confidence))
    lower, upper = exact_poisson(count, confidence)
    large = np.where(count >= SMALL, count, SMALL)
    cube = large * (1 - 1 / (9 * large) - z / (3 * np.sqrt(large))) ** 3
    more = large + 1
    cube_more = more * (1 - 1 / (9 * more) + z / (3 * np.sqrt(more))) ** 3
    return np.where(count >= SMALL, cube, lower), np.where(count >= SMALL, cube_more, upper)


def exact_poisson(count: ArrayLike, confidence: float = 0.95) -> tuple[NDArray, NDArray]:
    """Ends of the exact interval of a Poisson count (Garwood 1936), from 0 for no events."""
    count = np.asarray(count, dtype=np.float64)
    tail = 1 - _upper_tail(confidence)
    lower = np.where(count > 0, special.gammaincinv(np.where(count > 0, count, 1), tail), count)
    return lower, special.gammainccinv(count + 1, tail)


def _interval(method):
    if method not in ("byar", "exact"):
        raise ValueError(f"Interval method {method!r} is neither 'byar' nor 'exact'.")
    return byar if method == "byar" else exact_poisson


def _over(count, lower, upper, population, per):
    return Estimate(*(per * _ratio(part, population) for part in (count, lower, upper)))


def _upper_tail(confidence):
    if not 0 < confidence < 1:
        raise ValueError(f"Confidence is a share between 0 and 1, not {confidence}.")
    return 0.5 + confidence / 2


def _counts(numerator, denominator):
    numerator, denominator = np.asarray(numerator, dtype=np.float64), np.asarray(denominator, dtype=np.float64)
    if (numerator < 0).any() or (denominator < 0).any():
        raise ValueError("Counts and populations cannot be negative.")
    return numerator, denominator


def _ratio(top, bottom):
    top, bottom = np.broadcast_arrays(np.asarray(top, np.float64), np.asarray(bottom, np.float64))
    return np.divide(top, bottom, out=np.full(top.shape, np.nan), where=bottom > 0)
