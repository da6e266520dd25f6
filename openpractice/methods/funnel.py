"""Funnel plots: is a practice further from the centre than its size alone explains?

Limits at 95% and 99.8% ("2 and 3 sigma") around a centre, narrower for larger practices, as OHID's Fingertips draws
them: normal on the score scale for proportions, exact Poisson for rates and for ratios of observed to expected.

Practices differ by more than chance (over-dispersion), which would put far too many outside. Spiegelhalter's remedy
(Statistics in Medicine 2005;24:1185-1202): judge on a scale where the variance depends on size only, winsorise the
z scores so that true outliers do not widen their own limits, and then widen every limit by a common factor
(multiplicative) or add a common variance between practices (additive).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

LEVELS = {95: 0.975, 99.8: 0.999}  # limit: probability below its upper end
KINDS = ("proportion", "rate", "ratio")
OVERDISPERSION = ("none", "multiplicative", "additive")


@dataclass(frozen=True, eq=False)
class Limits:
    """Control limits at given sizes, in the unit of the values."""

    lower_95: NDArray[np.float64]
    upper_95: NDArray[np.float64]
    lower_998: NDArray[np.float64]
    upper_998: NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Funnel:
    """Where each practice stands, and all that is needed to draw the curves.

    `position` is within, high_95, high_998, low_95, low_998, or unknown where there is no value. `phi` is the
    winsorised mean of squared z scores (1 is chance alone) and `tau2` the variance between practices on the
    transformed scale; both are worked out whether or not they are used.
    """

    kind: str
    per: float
    centre: float  # in the unit of the values, `per` included
    value: NDArray[np.float64]
    z: NDArray[np.float64]
    position: NDArray[np.str_]
    limits: Limits
    phi: float
    tau2: float
    overdispersion: str

    def limits_at(self, size: ArrayLike) -> Limits:
        """Limits for any denominators (proportion, rate) or expected counts (ratio), to draw the curves."""
        return _limits(self.kind, size, self.centre / self.per, self.per, self.overdispersion, self.phi, self.tau2)


def funnel(
    numerator: ArrayLike,
    denominator: ArrayLike,
    *,
    kind: str = "proportion",
    per: float = 1,
    centre: float | None = None,
    overdispersion: str = "none",
    winsorise: float = 0.1,
) -> Funnel:
    """Compare practices `[practice]`; the denominator of a ratio is its expected count.

    The centre is the pooled value (sum over sum, never a mean of rates) unless one is given, in the unit of `per`.
    `winsorise` is the share of z scores drawn in at either end. Raises ValueError for a kind or method not known.
    """
    if kind not in KINDS or overdispersion not in OVERDISPERSION:
        raise ValueError(f"Funnel kind is one of {KINDS} and overdispersion one of {OVERDISPERSION}.")
    top, size = np.asarray(numerator, dtype=np.float64), np.asarray(denominator, dtype=np.float64)
    known = (size > 0) & ~np.isnan(top)
    if not known.any():
        raise ValueError("A funnel needs at least one practice with a numerator and a denominator above 0.")
    middle = float(top[known].sum() / size[known].sum() if centre is None else centre / per)
    value = np.divide(top, size, out=np.full(top.shape, np.nan), where=known)
    score, error = _scored(kind, value, middle), _error(size)
    z = score / error
    phi, tau2 = dispersion(z[known], error[known], winsorise=winsorise)
    limits = _limits(kind, size, middle, per, overdispersion, phi, tau2)
    position = _position(per * value, limits)
    return Funnel(kind, per, per * middle, per * value, z, position, limits, phi, tau2, overdispersion)


def dispersion(z: ArrayLike, error: ArrayLike, *, winsorise: float = 0.1) -> tuple[float, float]:
    """Phi and tau squared of z scores with their standard errors (Spiegelhalter 2005, sections 5.1 and 5.2).

    Phi is the mean squared winsorised z. Tau squared is the moment estimate of DerSimonian and Laird (1986) with the
    same winsorised z, 0 where there is no more variation than chance gives.
    """
    z, error = np.asarray(z, dtype=np.float64), np.asarray(error, dtype=np.float64)
    low, high = np.quantile(z, [winsorise, 1 - winsorise])
    squares = np.clip(z, low, high) ** 2
    weight = error**-2.0
    room = weight.sum() - (weight**2).sum() / weight.sum()
    tau2 = max(0.0, (squares.sum() - (len(z) - 1)) / room) if room > 0 else 0.0
    return float(squares.mean()), float(tau2)


def _limits(kind, size, middle, per, overdispersion, phi, tau2):
    size = np.asarray(size, dtype=np.float64)
    ends = []
    for probability in LEVELS.values():
        if overdispersion == "none":
            ends += _chance_limits(kind, size, middle, probability)
        else:
            reach = special.ndtri(probability) * _widened(_error(size), overdispersion, phi, tau2)
            ends += [_unscored(kind, -reach, middle), _unscored(kind, reach, middle)]
    return Limits(*(per * end for end in ends))


def _chance_limits(kind, size, middle, probability):
    if kind == "proportion":
        # The share whose Wilson interval just reaches the centre.
        reach = special.ndtri(probability) * np.sqrt(middle * (1 - middle)) / np.sqrt(_positive(size))
        return [np.maximum(middle - reach, 0), np.minimum(middle + reach, 1)]
    # The count whose exact Poisson interval just reaches the expected count, read between whole counts so that the
    # curve is smooth: pdtrik is the inverse of the Poisson distribution in its count.
    expected = _positive(size) * middle
    low, high = special.pdtrik(1 - probability, expected), special.pdtrik(probability, expected) + 1
    # Below -ln(p) expected events not even a count of none is unusual.
    low = np.where(np.exp(-expected) > 1 - probability, 0, low)
    return [low / _positive(size), high / _positive(size)]


def _positive(size):
    return np.where(size > 0, size, np.nan)


def _scored(kind, value, middle):
    """Distance from the centre on the scale where the variance depends on size only."""
    if kind == "proportion":
        return np.arcsin(np.sqrt(value)) - np.arcsin(np.sqrt(middle))
    return np.sqrt(value) - np.sqrt(middle)


def _unscored(kind, score, middle):
    if kind == "proportion":
        return np.sin(np.clip(score + np.arcsin(np.sqrt(middle)), 0, np.pi / 2)) ** 2
    return np.maximum(score + np.sqrt(middle), 0) ** 2


def _error(size):
    """Standard error of the score: both transforms give 1 / (2 sqrt(size)), whatever the centre."""
    return 0.5 / np.sqrt(_positive(size))


def _widened(error, overdispersion, phi, tau2):
    if overdispersion == "multiplicative":
        return error * np.sqrt(max(1.0, phi))  # less spread than chance is no reason to narrow the limits
    return np.sqrt(error**2 + tau2)


def _position(value, limits):
    tests = {
        "unknown": np.isnan(value),
        "low_998": value < limits.lower_998,
        "low_95": value < limits.lower_95,
        "high_998": value > limits.upper_998,
        "high_95": value > limits.upper_95,
    }
    return np.select(list(tests.values()), list(tests), "within")
