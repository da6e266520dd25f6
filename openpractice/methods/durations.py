"""How long do consultations take, when only bands of minutes are published?

A lognormal is fitted to the banded counts by maximum likelihood (Fisher scoring, every series of a batch at once).
Whole minutes are taken as rounded to the nearest, so 6-10 minutes covers 5.5 to 10.5. Durations outside the bands are
not published, so the likelihood is that of a lognormal cut off there, and the mean, median and share given are those
of the consultations within the bands.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtr, ndtri

APPOINTMENT_BANDS = ((1, 5), (6, 10), (11, 15), (16, 20), (21, 30), (31, 60))  # minutes, NHS England's publication
LONG = 15  # minutes; the share of consultations at least this long is reported
_MU, _LOG_SIGMA = (-5.0, 8.0), (np.log(0.02), np.log(5.0))  # a fit that ends on these walls has no maximum inside
_STEPS = 200


@dataclass(frozen=True, eq=False)
class DurationFit:
    """A lognormal a series; NaN where nothing could be fitted. Minutes throughout."""

    mu: NDArray[np.float64]  # of log minutes, before cutting off
    sigma: NDArray[np.float64]
    mean: NDArray[np.float64]  # of consultations within the bands, as are the next two
    median: NDArray[np.float64]
    share_long: NDArray[np.float64]  # 15 minutes or more
    misplaced: NDArray[np.float64]  # share of consultations that the curve puts in the wrong band
    fitted: NDArray[np.float64]  # [..., band] counts the curve expects
    statement: str | tuple[str, ...]


def fit_lognormal(counts: ArrayLike, bands: Sequence[tuple[float, float]] = APPOINTMENT_BANDS) -> DurationFit:
    """Fit counts `[band]` or `[series, band]` of bands (lowest, highest whole minute), which must follow on.

    Two numbers cannot be had from fewer than three bands with anyone in them; such a series is answered with NaN and
    a sentence. Raises ValueError for bands that leave gaps or counts that are negative or do not fit the bands.
    """
    edges = _edges(bands)
    table = np.asarray(counts, dtype=np.float64)
    if table.shape[-1] != len(bands) or table.ndim > 2 or not (table >= 0).all():
        raise ValueError(f"Give {len(bands)} counts of 0 or more a series, one a band.")
    rows = np.atleast_2d(table)
    enough = (rows > 0).sum(axis=1) >= 3
    mu, log_sigma, settled = _maximise(np.where(enough[:, None], rows, 1.0), np.log(edges))
    good = enough & settled
    mu, sigma = np.where(good, mu, np.nan), np.where(good, np.exp(log_sigma), np.nan)
    mean, median, share_long, misplaced, fitted = _described(mu, sigma, rows, edges)
    words = tuple(_sentence(*row) for row in zip(enough, settled, misplaced, strict=True))
    if table.ndim == 1:
        mu, sigma, mean, median, share_long, misplaced, fitted = (
            part[0] for part in (mu, sigma, mean, median, share_long, misplaced, fitted)
        )
    statement = words if table.ndim == 2 else words[0]
    return DurationFit(mu, sigma, mean, median, share_long, misplaced, fitted, statement)


def _edges(bands):
    for (_, high), (low, _) in pairwise(bands):
        if low != high + 1:
            raise ValueError(f"Bands must follow on: one ends at {high} minutes and the next starts at {low}.")
    return np.array([bands[0][0], *(high + 1 for _, high in bands)], dtype=np.float64) - 0.5


def _maximise(counts, log_edges):
    """Fisher scoring on (mu, log sigma) with steps halved until the likelihood does not fall."""
    mu, log_sigma = _start(counts, log_edges)
    best = _log_likelihood(counts, mu, log_sigma, log_edges)
    pace, settled = np.ones(len(counts)), np.zeros(len(counts), dtype=bool)
    for _ in range(_STEPS):
        step_mu, step_sigma = _scoring_step(counts, mu, log_sigma, log_edges)
        reach = pace * np.minimum(1, 1 / np.maximum(np.hypot(step_mu, step_sigma), 1e-300))
        tried = np.clip(mu + reach * step_mu, *_MU), np.clip(log_sigma + reach * step_sigma, *_LOG_SIGMA)
        value = _log_likelihood(counts, *tried, log_edges)
        better = value >= best
        moved = np.hypot(tried[0] - mu, tried[1] - log_sigma)
        mu, log_sigma = np.where(better, tried[0], mu), np.where(better, tried[1], log_sigma)
        best, pace = np.where(better, value, best), np.where(better, np.minimum(1, 2 * pace), pace / 2)
        settled = moved < 1e-9
        if settled.all():
            break
    inside = (mu > _MU[0]) & (mu < _MU[1]) & (log_sigma > _LOG_SIGMA[0]) & (log_sigma < _LOG_SIGMA[1])
    return mu, log_sigma, settled & inside


def _start(counts, log_edges):
    """Mean and spread of log minutes with everyone at the middle of their band."""
    middle = (log_edges[1:] + log_edges[:-1]) / 2
    total = counts.sum(axis=1)
    mu = counts @ middle / total
    return mu, 0.5 * np.log(counts @ middle**2 / total - mu**2 + 0.01)


def _shares(mu, log_sigma, log_edges):
    """Share of each band `[series, band]` within the bands, and its slopes in mu and log sigma."""
    u = (log_edges - mu[:, None]) * np.exp(-log_sigma)[:, None]
    # Differences of the upper tail keep their digits above the median, of the lower tail below it.
    mass = np.where(u[:, :-1] > 0, ndtr(-u[:, :-1]) - ndtr(-u[:, 1:]), ndtr(u[:, 1:]) - ndtr(u[:, :-1]))
    density = np.exp(-(u**2) / 2) / np.sqrt(2 * np.pi)
    by_mu = -np.diff(density, axis=1) * np.exp(-log_sigma)[:, None]
    by_sigma = -np.diff(density * u, axis=1)
    mass = np.maximum(mass, 1e-300)
    total = mass.sum(axis=1, keepdims=True)
    share = mass / total
    slopes = [(slope - share * slope.sum(axis=1, keepdims=True)) / total for slope in (by_mu, by_sigma)]
    return share, *slopes


def _log_likelihood(counts, mu, log_sigma, log_edges):
    return (counts * np.log(_shares(mu, log_sigma, log_edges)[0])).sum(axis=1)


def _scoring_step(counts, mu, log_sigma, log_edges):
    share, by_mu, by_sigma = _shares(mu, log_sigma, log_edges)
    n = counts.sum(axis=1)
    weight = counts / share
    score_mu, score_sigma = (weight * by_mu).sum(axis=1), (weight * by_sigma).sum(axis=1)
    a, b, c = (n * (x * y / share).sum(axis=1) for x, y in ((by_mu, by_mu), (by_mu, by_sigma), (by_sigma, by_sigma)))
    a, c = a * (1 + 1e-9) + 1e-12, c * (1 + 1e-9) + 1e-12  # mu and sigma nearly trade off when bands hold one tail only
    determinant = np.maximum(a * c - b**2, 1e-300)
    return (c * score_mu - b * score_sigma) / determinant, (a * score_sigma - b * score_mu) / determinant


def _described(mu, sigma, counts, edges):
    """Mean, median and long share within the bands, share misplaced, and fitted counts."""
    ends = (np.log(edges[[0, -1]]) - mu[:, None]) / sigma[:, None]
    low, high = ndtr(ends).T
    total = high - low
    tilted = ndtr(ends - sigma[:, None])
    mean = np.exp(mu + sigma**2 / 2) * (tilted[:, 1] - tilted[:, 0]) / total
    median = np.exp(mu + sigma * ndtri((low + high) / 2))
    share_long = (high - ndtr((np.log(LONG) - mu) / sigma)) / total
    share = _shares(np.nan_to_num(mu), np.log(np.nan_to_num(sigma, nan=1.0)), np.log(edges))[0]
    n = counts.sum(axis=1, keepdims=True)
    fitted = np.where(np.isnan(mu)[:, None], np.nan, share * n)
    misplaced = np.abs(fitted - counts).sum(axis=1) / (2 * np.maximum(n[:, 0], 1))
    return mean, median, share_long, misplaced, fitted


def _sentence(enough, settled, misplaced):
    """Judged by size, not by a significance test: with millions of consultations no simple curve would ever pass."""
    if not enough:
        return "No curve can be fitted: fewer than three bands have anyone in them."
    if not settled:
        return "No curve can be fitted: these counts do not rise and fall as durations do."
    quality = "well" if misplaced < 0.03 else "roughly" if misplaced < 0.08 else "poorly"
    return f"The curve fits {quality}: it puts {misplaced:.1%} of consultations in the wrong band."
