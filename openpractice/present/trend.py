"""England over time and its ICBs side by side: the two pictures of a measure that belong to no one place."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from openpractice.analysis import answers, places
from openpractice.analysis.process import chart, charted
from openpractice.kinds import ENGLAND, Measure, Result
from openpractice.present import process
from openpractice.present.picture import Picture
from openpractice.render import words
from openpractice.render.charts.bars import Bar, bars
from openpractice.render.tables import Column, Link, Table
from openpractice.store import Store


def england(store: Store, measure: Measure) -> Picture | None:
    """England's figure by month, judged as a process. None while there are fewer than two months."""
    history = charted(answers.series(store, measure.name, ENGLAND))
    if len(history) < 2:
        return None
    drawn = process.process(measure, places.area(store, ENGLAND), history, chart(measure, history))
    return replace(drawn, id="england")


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
        subtitle=f"{measure.question} By integrated care board, {words.period(month)}, {words.unit_name(measure.unit)}",
        description=f"One bar for each of {len(results)} integrated care boards.{beside}",
        draw=partial(bars, drawn, measure.unit, compare_name="England" if england is not None else ""),
        table=Table(f"{measure.title} by ICB, {words.period(month)}", columns, body),
        source=measure.source,
        note="A higher or lower figure is a question to ask, not an answer: patients, recording and systems differ.",
    )


def short_name(name: str) -> str:
    """An ICB's name without the words they all share."""
    return name.removeprefix("NHS ").removesuffix(" ICB").removesuffix(" Integrated Care Board")
