"""The words of an agreement: purposes that are kept apart, how fine the data are, and what is shared."""

from __future__ import annotations

from enum import StrEnum


class Purpose(StrEnum):
    """Why data are used. Agreed for one purpose, data may not be used for another."""

    DIRECT_CARE = "direct_care"
    SERVICE_EVALUATION = "service_evaluation"
    COMMISSIONING = "commissioning"
    RISK_STRATIFICATION = "risk_stratification"

    @property
    def label(self) -> str:
        return _PURPOSES[self][0]

    @property
    def meaning(self) -> str:
        return _PURPOSES[self][1]


_PURPOSES = {
    Purpose.DIRECT_CARE: ("Direct care", "Looking after a patient who is known to those who look."),
    Purpose.SERVICE_EVALUATION: (
        "Service evaluation", "Seeing how a service works and whether a change has made it better.",
    ),
    Purpose.COMMISSIONING: ("Commissioning", "Planning and paying for services of a population."),
    Purpose.RISK_STRATIFICATION: (
        # https://www.england.nhs.uk/ig/risk-stratification/
        "Risk stratification", "Finding groups of patients at risk. It is not direct care, and needs its own legal basis.",
    ),
}  # fmt: skip


class Granularity(StrEnum):
    """How fine the shared data are, from the coarsest to the finest."""

    AGGREGATE = "aggregate"
    ROLE = "role"
    RECORD = "record"

    @property
    def label(self) -> str:
        return _GRANULARITIES[self]

    def reaches(self, asked: Granularity) -> bool:
        """Whether an agreement this fine covers what is asked."""
        order = list(Granularity)
        return order.index(asked) <= order.index(self)


_GRANULARITIES = {
    Granularity.AGGREGATE: "Figures of the whole practice, small numbers hidden",
    Granularity.ROLE: "Figures by staff role, never by person, small numbers hidden",
    Granularity.RECORD: "Pseudonymised records",
}
EVERYTHING = "*"
