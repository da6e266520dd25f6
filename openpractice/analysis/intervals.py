"""The 95% interval of a stored figure: what chance alone could have made of it."""

from __future__ import annotations

from openpractice.kinds import Measure, Result
from openpractice.methods import rates


def interval(measure: Measure, result: Result) -> tuple[float, float] | None:
    """Wilson's interval of a proportion, Byar's of a rate; None where neither fits (means, money, scores, sizes).

    Full-time equivalents are treated as if they were counted heads: cautious, since a small team's interval is wide.
    """
    top, size = result.numerator, result.denominator
    if top is None or size is None or top < 0 or not size > 0 or measure.bands:
        return None
    if measure.unit == "proportion":
        if top > size:
            return None
        estimate = rates.proportion(top, size)
    elif measure.unit.startswith("per "):
        estimate = rates.rate(top, size, per=measure.scale)
    else:
        return None
    return float(estimate.lower), float(estimate.upper)
