"""England over time and its ICBs side by side: the two pictures of a measure that belong to no one place."""

from __future__ import annotations

import math
from functools import partial

from openpractice.analysis import answers, compare, places
from openpractice.kinds import ENGLAND, Measure, Result
from openpractice.methods import spc
from openpractice.present.picture import Picture
from openpractice.render import words
from openpractice.render.charts.bars import Bar, bars
from openpractice.render.charts.spc import MEANINGS, SpcPoint
from openpractice.render.charts.spc import spc as draw_spc
from openpractice.render.tables import Column, Link, Table
from openpractice.store import Store

ENOUGH_FOR_LIMITS = 6  # months; fewer are drawn as a plain line


def england(store: Store, measure: Measure) -> Picture | None:
    """England's figure by month, judged as a process. None while there are fewer than two months."""
    results = answers.series(store, measure.name, ENGLAND)
    return None if len(results) < 2 else _trend(measure, results)


def _trend(measure: Measure, results: list[Result]) -> Picture:
    points = judged(measure, results)
    first, last = results[0], results[-1]
    said = words.change(first.value, last.value, measure.unit, first.period, last.period)
    columns = (
        Column("Month"), Column("England", measure.unit, numeric=True), Column("Numerator", numeric=True),
        Column("Denominator", numeric=True), Column("Meaning"),
    )  # fmt: skip
    meaning = {p.period: MEANINGS[p.point_type] for p in points}
    body = tuple((r.period, r.value, r.numerator, r.denominator, meaning[r.period]) for r in results)
    return Picture(
        id="england",
        title=f"{measure.title}: {said[:1].lower()}{said[1:]}".removesuffix("."),
        subtitle=f"{measure.question} England by month, {_unit(measure)}",
        description=f"{len(results)} months from {words.period(first.period)} to {words.period(last.period)}. {said}",
        draw=partial(draw_spc, points, measure.unit),
        table=Table(f"{measure.title}, England by month", columns, body),
        source=measure.source,
        note=_note(points),
    )


def judged(measure: Measure, results: list[Result]) -> list[SpcPoint]:
    """The months as points of a process chart; without limits where there are too few of them."""
    chart = compare.chart(measure, results)
    if chart is None or chart.n_points < ENOUGH_FOR_LIMITS:
        return [SpcPoint(r.period, r.value) for r in results]
    return [
        SpcPoint(
            period=r.period, value=r.value, point_type=str(chart.point_type[i]), mean=_known(chart.mean[i]),
            upper=_within(measure, results, chart.upper[i]), lower=_within(measure, results, chart.lower[i]),
            group=sum(start <= i for start in chart.starts) - 1,
        )
        for i, r in enumerate(results)
    ]  # fmt: skip


def _known(value: float) -> float | None:
    return None if math.isnan(value) else float(value)


def _within(measure: Measure, results: list[Result], limit: float) -> float | None:
    """A limit, held to what the measure can be: no share above 1, no count below nought."""
    if math.isnan(limit):
        return None
    values = [r.value for r in results if r.value is not None]
    low = 0.0 if min(values) >= 0 else -math.inf
    high = 1.0 if measure.unit == "proportion" and max(values) <= 1 else math.inf
    return float(min(max(limit, low), high))


def _note(points: list[SpcPoint]) -> str:
    if points[-1].upper is None:
        return "There are too few months to say what variation is usual."
    known = sum(p.value is not None for p in points)
    trial = " Fewer than 13 months make trial limits, which will move." if known < spc.ENOUGH_POINTS else ""
    return f"The shaded band holds the usual month-to-month variation, from {known} months.{trial}"


def by_icb(store: Store, measure: Measure) -> Picture | None:
    """The latest month of every ICB, in order of size of the figure, with England's mark. None when there is none."""
    months = answers.months(store, measure.name, "icb")
    if not months:
        return None
    results = [r for r in answers.ranking(store, measure.name, "icb", months[-1]) if r.value is not None]
    if len(results) < 2:
        return None
    return _spread(store, measure, sorted(results, key=lambda r: -(r.value or 0)), months[-1])


def _spread(store: Store, measure: Measure, results: list[Result], month: str) -> Picture:
    known = places.named(store, [r.area for r in results])
    names = {r.area: short_name(known[r.area].name if r.area in known else r.area) for r in results}
    england = {r.period: r.value for r in answers.series(store, measure.name, ENGLAND)}.get(month)
    drawn = [Bar(names[r.area], r.value, compare=england) for r in results]
    low, high = words.number(results[-1].value, measure.unit), words.number(results[0].value, measure.unit)
    body = tuple(
        (Link(names[r.area], f"/areas/{r.area}/measures/{measure.name}/"), r.value, r.numerator, r.denominator, r.confidence)
        for r in results
    )  # fmt: skip
    columns = (
        Column("ICB"), Column("Value", measure.unit, numeric=True), Column("Numerator", numeric=True),
        Column("Denominator", numeric=True), Column("Confidence"),
    )  # fmt: skip
    beside = f" England: {words.number(england, measure.unit)}." if england is not None else ""
    return Picture(
        id="icbs",
        title=f"{measure.title}: from {low} to {high} across {len(results)} ICBs in {words.period(month)}",
        subtitle=f"{measure.question} By integrated care board, {words.period(month)}, {_unit(measure)}",
        description=f"One bar for each of {len(results)} integrated care boards.{beside}",
        draw=partial(bars, drawn, measure.unit, compare_name="England" if england is not None else ""),
        table=Table(f"{measure.title} by ICB, {words.period(month)}", columns, body),
        source=measure.source,
        note="A higher or lower figure is a question to ask, not an answer: patients, recording and systems differ.",
    )


def short_name(name: str) -> str:
    """An ICB's name without the words they all share."""
    return name.removeprefix("NHS ").removesuffix(" ICB").removesuffix(" Integrated Care Board")


def _unit(measure: Measure) -> str:
    return {"proportion": "%"}.get(measure.unit, measure.unit)
