"""One thing worth a look: its shape, and what every rule that finds one says in the same way."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from openpractice.analysis import confidence
from openpractice.analysis.checks import TOPIC
from openpractice.kinds import Measure, Result

MOST = 6.0  # steadiest units; beyond them more is no more telling
_NOT_FINDINGS = {"List", TOPIC}  # what a practice is like is not a finding; data quality has its own kind
_CERTAIN = {"High": 1.0, "Medium": 0.75, "Low": 0.5}

Kind = Literal["change", "difference", "quality", "missing"]


@dataclass(frozen=True, eq=False)
class Finding:
    """One thing worth a look, in sentences. `variation` names the icon; `meaning` is improvement, concern or neutral."""

    kind: Kind
    measure: Measure | None
    period: str
    title: str
    size: str
    certainty: str  # High, Medium, Low
    why: str  # the reason for that certainty
    next_step: str
    score: float
    own: Result | None
    reference: dict[str, float] = field(default_factory=dict)
    variation: str = "common_cause"
    meaning: str = "neutral"
    topic: str = ""


def worth_a_look(measure: Measure, own: Result) -> bool:
    """Whether a figure can be a finding at all: one that judges, and that can be trusted."""
    return measure.topic not in _NOT_FINDINGS and measure.status != "context" and own.confidence != "Low"


def weighed(size: float, meaning: str, direction: str, certainty: str) -> float:
    """The score of a change or a difference of this size."""
    towards = 0.8 if direction == "neutral" else 1.2 if meaning == "concern" else 1.0
    return min(size, MOST) * towards * _CERTAIN[certainty]


def meaning_of(measure: Measure, high: bool) -> str:
    """What a higher or a lower figure means: improvement, concern or neutral."""
    if measure.direction == "neutral":
        return "neutral"
    return "improvement" if (measure.direction == "increase") == high else "concern"


def certainty_of(measure: Measure, own: Result, doubt: str, otherwise: str) -> tuple[str, str]:
    """How sure a finding is, and why: the figure's own confidence, one step lower at most where there is a doubt."""
    reasons = confidence.reasons(measure, own.coverage, own.unknown, own.denominator)
    level = "Low" if own.confidence == "Low" else "Medium" if doubt or own.confidence == "Medium" else "High"
    words = "; ".join(filter(None, (doubt, *reasons))) or otherwise
    return level, f"{words[:1].upper()}{words[1:]}."
