"""Why loaded facts of an area give no figure of it: they cover too few of its patients, or no list is near enough."""

from __future__ import annotations

from dataclasses import dataclass

from openpractice.analysis.evaluate import LEAST_COVERAGE
from openpractice.analysis.remembered import remembered
from openpractice.kinds import Measure, months_asked, period_of
from openpractice.store import Store


@dataclass(frozen=True)
class Unsaid:
    """A month of which facts are loaded and no figure is given. `coverage` is None where a list is what lacks."""

    period: str
    coverage: float | None


def unsaid(
    store: Store, measure: Measure, area: str, level: str, first: str | None = None, last: str | None = None
) -> Unsaid | None:
    """The last such month of a measure without figures; None where nothing of the area is loaded, or the facts are empty."""
    over_a_list = bool(measure.example.patients)  # its definition takes a list to work out
    if level == "practice" and not over_a_list:
        return None  # a practice is covered whole or not at all
    covered = remembered(store, ("covered", measure.name, level), lambda: store.facts().covered(measure, (level,)))
    months = covered.months(area) if covered else []
    low, high = months_asked(first, last)
    for month, behind, everyone, listed in reversed(months):
        if not low <= month <= high:
            continue
        period = period_of(month)
        if everyone > 0 and 0 < behind / everyone < LEAST_COVERAGE:
            return Unsaid(period, behind / everyone)
        if over_a_list and not listed > 0:
            return Unsaid(period, None)
    return None
