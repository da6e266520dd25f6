"""One number in words: its value and month, what its variation means, where it stands, how far to trust it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from openpractice.analysis import confidence, wording
from openpractice.analysis.compare import Standing
from openpractice.analysis.groups import Spread
from openpractice.analysis.process import ENOUGH
from openpractice.kinds import Measure, Result, month_no
from openpractice.render import words
from openpractice.render.charts.sparkline import sparkline
from openpractice.render.tables import heading as heading

LONG = 36  # points of a sparkline
VARIATION = {
    "common_cause": "Usual variation",
    "improvement_high": "Improvement: higher than usual",
    "improvement_low": "Improvement: lower than usual",
    "concern_high": "Concern: higher than usual",
    "concern_low": "Concern: lower than usual",
    "neutral_high": "Higher than usual",
    "neutral_low": "Lower than usual",
    "": "Too few months to tell a change",
}
PLURALS = {
    "practice": "practices",
    "pcn": "networks",
    "sub_icb": "sub-ICB locations",
    "icb": "ICBs",
    "region": "regions",
    "nation": "England",
}


@dataclass(frozen=True)
class Card:
    """The latest figure of one measure, ready to be read. Empty words mean that there is nothing to say."""

    measure: Measure
    href: str
    value: str
    unit: str
    period: str
    spark: str
    variation: str  # a key of VARIATION; where it is "" there is no icon
    variation_words: str
    place: str
    decile: int | None
    grade: str
    reasons: tuple[str, ...]


def address(code: str, measure: str = "") -> str:
    """Where an area, or one measure of it, stands on the web."""
    return f"/areas/{code}/measures/{measure}/" if measure else f"/areas/{code}/"


def card(standing: Standing, history: Sequence[Result]) -> Card:
    """A standing and its months as a card."""
    measure, own = standing.measure, standing.own
    value, unit = split(own.value, measure.unit)
    kind = standing.variation
    nearest = standing.spreads.get("alike") or standing.spreads.get("england")
    return Card(
        measure, address(own.area, measure.name), value, unit, words.period(own.period), spark(measure, history, kind),
        kind, VARIATION[kind], place(nearest), decile(nearest), own.confidence, reasons(measure, own),
    )  # fmt: skip


def known(value: float) -> float | None:
    """A number of an array; None where it is not a number."""
    return None if math.isnan(value) else float(value)


def split(value: float | None, unit: str) -> tuple[str, str]:
    """The figure and the words of its unit apart, so that a page can print one large and one small."""
    figure = words.figure(value, unit)
    return figure, words.number(value, unit, full=True).removeprefix(figure).strip()


def said(measure: Measure, value: float | None) -> str:
    """The value behind its measure's title, which may name the unit already: `137.1`, `29.6%`, `12.4 minutes`."""
    return (
        words.figure(value, measure.unit)
        if measure.unit.lower() in measure.title.lower()
        else words.number(value, measure.unit, full=True)
    )


def place(spread: Spread | None) -> str:
    """Where the value stands in a group, from what lies below and above; nothing where there is no group."""
    if spread is None or spread.own_percentile is None or spread.n < 3:
        return ""
    others = spread.n if spread.key == "alike" else spread.n - 1  # the area itself is not among those most alike
    group = {"alike": "practices most alike", "england": f"{PLURALS[spread.level]} in England"}.get(spread.key)
    return sentence(wording.place(spread.below, spread.above, group or lower(spread.label), others))


def lower(title: str) -> str:
    """A title inside a sentence: `Calls missed` → `calls missed`, but `GPs per …` stays."""
    return wording.lower_first(title)


def sentence(text: str) -> str:
    """The text with a capital first letter, the others as they are."""
    return text[:1].upper() + text[1:]


def decile(spread: Spread | None) -> int | None:
    """The tenth of the group that the value falls in, 1 the lowest."""
    if spread is None or spread.own_percentile is None or spread.n < 10:
        return None
    return min(int(spread.own_percentile // 10) + 1, 10)


def reasons(measure: Measure, result: Result) -> tuple[str, ...]:
    """Why the figure is not trusted more, as sentences."""
    said = confidence.reasons(measure, result.coverage, result.unknown, result.denominator)
    return tuple(f"{reason[:1].upper()}{reason[1:]}." for reason in said)


def spark(measure: Measure, history: Sequence[Result], kind: str = "", *, width: int = 140) -> str:
    """The last months as a small line; nothing where one point is all there is."""
    shown = list(history)[-LONG:]
    if len(shown) < 2:
        return ""
    first, last = shown[0], shown[-1]
    label = f"{measure.title}: {words.change(first.value, last.value, measure.unit, first.period, last.period)}"
    values = [result.value for result in shown]
    known = [value for value in values if value is not None]
    mean = sum(known) / len(known) if len(known) >= ENOUGH else None
    return sparkline(values, label=label, mean=mean, point_type=point_type(kind), width=width)


def point_type(variation: str) -> str:
    """The kind of point that a chart draws for an icon's word: `concern_high` → `concern`."""
    return (
        variation.rpartition("_")[0]
        if variation.startswith(("improvement", "concern"))
        else variation or "common_cause"
    )


def trend(history: Sequence[Result], unit: str) -> str:
    """The change against a year before, or failing that against the first month there is."""
    if len(history) < 2:
        return ""
    last, before = history[-1], year_before(history)
    if words.figure(before.value, unit) == words.figure(last.value, unit):
        return f"Unchanged since {words.period(before.period)}"
    if before.value is None or last.value is None:
        return ""
    way = "Up" if last.value > before.value else "Down"
    return f"{way} from {words.figure(before.value, unit)} in {words.period(before.period)}"


def source(measure: Measure, history: Sequence[Result]) -> str:
    """The source line: who published it and up to when."""
    return f"{measure.source}, to {words.period(history[-1].period)}" if history else measure.source


def year_before(history: Sequence[Result]) -> Result:
    """What the last month is set beside: the same month a year earlier, or failing that the first there is."""
    month = month_no(history[-1].period) - 12
    return next((r for r in history if month_no(r.period) == month), history[0])
