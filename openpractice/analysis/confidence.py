"""How far to trust a number: one grade from coverage, unknowns, small counts and the standing of the definition."""

from __future__ import annotations

import numpy as np

from openpractice.kinds import Measure

GRADES = ("High", "Medium", "Low")
_GRADES = np.array(GRADES, dtype=object)  # picked from, since making a text for every figure is slow
COVERED_WELL, COVERED_ENOUGH = 0.9, 0.7  # share of the area's patients that the figure speaks for
UNKNOWN_LITTLE, UNKNOWN_MUCH = 0.05, 0.2  # share that could not be classified


def grade(measure: Measure, coverage: np.ndarray, unknown: np.ndarray, denominator: np.ndarray) -> np.ndarray:
    """ "High", "Medium" or "Low" for arrays of results: the lowest of what coverage, unknowns and counts allow."""
    low = (
        (coverage < COVERED_ENOUGH)
        | (unknown > UNKNOWN_MUCH)
        | ((denominator < measure.few / 3) & (measure.unit == "proportion"))
    )
    medium = (
        (coverage < COVERED_WELL) | np.isnan(coverage) | (unknown > UNKNOWN_LITTLE)
        | ((denominator < measure.few) & (measure.unit == "proportion")) | np.full(len(unknown), measure.status == "proposed")
    )  # fmt: skip
    return _GRADES[np.where(low, 2, medium)]


def reasons(measure: Measure, coverage: float | None, unknown: float | None, denominator: float | None) -> list[str]:
    """The same judgement in words, most serious first; empty when nothing speaks against the number."""
    said = []
    if coverage is None:
        said.append("the registered list behind it is not known")
    elif coverage < COVERED_WELL:
        said.append(f"it covers {coverage:.0%} of the area's patients")
    if unknown and unknown > UNKNOWN_LITTLE:
        said.append(f"{unknown:.0%} of the records could not be classified")
    if denominator is not None and measure.unit == "proportion" and denominator < measure.few:
        said.append(f"it rests on only {denominator:,.0f} records")
    if measure.status == "proposed":
        said.append("its definition is proposed, not settled")
    return said
