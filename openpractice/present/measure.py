"""One measure of one area: is it changing, is it unusual, what is it made of, and what stands behind it?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from openpractice.analysis import answers, loaded, places
from openpractice.analysis.alike import alike
from openpractice.analysis.compare import Comparison, Standing, compare
from openpractice.analysis.evaluate import evaluate
from openpractice.analysis.everyone import atlas
from openpractice.analysis.process import chart, charted, icon
from openpractice.analysis.remembered import remembered
from openpractice.kinds import Area, Measure, Refused, Result, month_no
from openpractice.measures import catalogue, find
from openpractice.methods import spc
from openpractice.present import charts, example, formula, missing, numbers, process
from openpractice.present.numbers import Card
from openpractice.present.picture import Picture
from openpractice.render import words
from openpractice.render.tables import Table
from openpractice.store import Store

STATUS = {
    "official": "Official definition",
    "proposed": "Proposed definition, not settled",
    "ours": "Our own definition",
    "context": "Context: it describes, it does not judge",
}
DIRECTION = {
    "increase": "Higher is better",
    "decrease": "Lower is better",
    "neutral": "Neither higher nor lower is better by itself",
}


@dataclass(frozen=True)
class Asked:
    """What a reader may choose, already checked: the first month, the month of a new start, a dimension."""

    first: str = ""
    rebase: str = ""
    by: str = ""


@dataclass(frozen=True)
class Relation:
    """Another definition of the same idea, with this area's latest figure."""

    title: str
    href: str
    value: str
    period: str
    definition: str
    here: bool


@dataclass(frozen=True)
class Definition:
    """What is counted, as computed and as a reader needs it."""

    above: str
    below: str
    status: str
    direction: str
    example: example.Worked
    family: tuple[Relation, ...]


@dataclass(frozen=True)
class MeasurePage:
    """Everything the page of one measure says. `card` is None where there is no figure; then `lacks` says why."""

    measure: Measure
    area: Area
    path: tuple[Area, ...]
    asked: Asked
    card: Card | None
    change: str
    places: tuple[str, ...]
    target: str
    pictures: tuple[Picture, ...]
    months: Table | None
    dimensions: tuple[tuple[str, str], ...]  # name, meaning
    rebases: tuple[str, ...]  # months from which limits may start afresh
    definition: Definition
    files: tuple[loaded.LoadedFile, ...]
    lacks: missing.Lack | None
    neighbours: tuple[Area, ...]
    notes: tuple[str, ...]


def asked(measure: Measure, first: str = "", rebase: str = "", by: str = "") -> Asked:
    """The reader's choices. Raises Refused for a month that is none, or a dimension the table does not have."""
    for month in (first, rebase):
        if month:
            month_no(month)
    if by and by not in measure.table.dimensions:
        known = words.listed(list(measure.table.dimensions)) or "nothing"
        raise Refused(f"{measure.title} cannot be split by '{by}'. It can be split by {known}.")
    return Asked(first, rebase, by)


def page(store: Store, code: str, name: str, choices: Asked) -> MeasurePage:
    """The page. Raises Refused for an unknown area or measure."""
    measure, area = find(name), places.area(store, code)
    found = compare(store, measure.name, area.code)
    history = _shown(found, choices)
    card = numbers.card(_standing(found, found.own), found.history) if found.own else None
    return MeasurePage(
        measure=measure, area=area, path=tuple(places.path(store, area)), asked=choices, card=card,
        change=_change(measure, history), places=_places(found), target=_target(measure),
        pictures=_pictures(store, found, history, choices),
        months=charts.months(measure, area, found.history) if found.history else None,
        dimensions=_dimensions(measure), rebases=tuple(r.period for r in history[6:-5]),
        definition=_definition(store, measure, area), files=tuple(loaded.lineage(store, measure)),
        lacks=None if found.own else missing.of_measure(store, measure, area),
        neighbours=() if measure.table.own else _neighbours(store, area), notes=found.notes,
    )  # fmt: skip


def pictures(store: Store, code: str, name: str, choices: Asked) -> tuple[Picture, ...]:
    """Only the pictures, for their files."""
    found = compare(store, find(name).name, code)
    return _pictures(store, found, _shown(found, choices), choices)


def _shown(found: Comparison, choices: Asked) -> list[Result]:
    """The months that are charted: from the first that was asked for, or the last three years."""
    if not choices.first:
        return charted(found.history)
    return [r for r in found.history if month_no(r.period) >= month_no(choices.first)]


def _standing(found: Comparison, own: Result) -> Standing:
    return Standing(found.measure, own, found.spreads, icon(chart(found.measure, charted(found.history))))


def _chart(measure: Measure, history: Sequence[Result], choices: Asked) -> spc.Chart | None:
    """The limits of the months shown; where a new start is asked for they begin afresh there and nowhere else."""
    anew = month_no(choices.rebase) if choices.rebase else None
    starts = [i for i, r in enumerate(history) if anew is not None and month_no(r.period) >= anew][:1]
    if len(history) < 2 or not starts:
        return chart(measure, history)
    values = [np.nan if r.value is None else r.value for r in history]
    return spc.xmr(values, rebase=starts, direction=measure.direction)


def _change(measure: Measure, history: Sequence[Result]) -> str:
    if len(history) < 2:
        return ""
    last, before = history[-1], numbers.year_before(history)
    return words.change(before.value, last.value, measure.unit, before.period, last.period)


def _places(found: Comparison) -> tuple[str, ...]:
    order = ("alike", "network", "local", "england")
    said = (numbers.place(found.spreads[key]) for key in order if key in found.spreads)
    return tuple(sentence for sentence in said if sentence)


def _target(measure: Measure) -> str:
    if measure.direction == "neutral":
        return "No assurance icon: this measure has no better direction, so it has no target."
    return "No assurance icon: no target has been set."


def _pictures(store: Store, found: Comparison, history: Sequence[Result], choices: Asked) -> tuple[Picture, ...]:
    measure, area = found.measure, found.area
    if not history:
        return ()
    drawn: list[Picture | None] = [process.process(measure, area, history, _chart(measure, history, choices))]
    if area.level != "nation":
        place = numbers.place(found.spreads.get("england"))
        drawn.append(charts.ribbon_of(measure, area, history, _spread(store, measure, area), place))
    if found.funnel and found.period and area.level != "nation":
        known = atlas(store).areas
        peers = {a.code: a.name for a in _neighbours(store, area)}
        names = {code: known[code].name for code in found.funnel.codes if code in known}
        drawn.append(charts.funnel_of(measure, area, found.funnel, found.period, peers, names))
    if choices.by:
        drawn.append(_breakdown(store, measure, area, history[-1].period, choices.by))
    return tuple(picture for picture in drawn if picture)


def _spread(store: Store, measure: Measure, area: Area) -> dict[str, list[float]]:
    return remembered(
        store, ("spread", measure.name, area.level), partial(answers.spread_over_time, store, measure.name, area.level)
    )


def _breakdown(store: Store, measure: Measure, area: Area, period: str, by: str) -> Picture | None:
    split = partial(
        evaluate, store, [measure], level=area.level, areas=[area.code], first=period, last=period, by=(by,)
    )
    results = remembered(store, ("breakdown", measure.name, area.code, period, by), split)
    order = measure.table.column(by).values
    return charts.breakdown(measure, area, by, results, order) if results else None


def _dimensions(measure: Measure) -> tuple[tuple[str, str], ...]:
    """What the measure can be split by. What it is defined by makes no sense, and neither do single days."""
    columns = (measure.table.column(name) for name in measure.table.dimensions)
    return tuple(
        (c.name, c.meaning)
        for c in columns
        if c.kind == "category" and c.name not in measure.needs and c.name != measure.band_column
    )


def _definition(store: Store, measure: Measure, area: Area) -> Definition:
    family = [m for m in catalogue().values() if measure.family and m.family == measure.family]
    return Definition(
        above=formula.numerator(measure), below=formula.denominator(measure), status=STATUS[measure.status],
        direction=DIRECTION[measure.direction], example=example.worked(measure),
        family=tuple(_relation(store, m, area, m.name == measure.name) for m in family) if len(family) > 1 else (),
    )  # fmt: skip


def _relation(store: Store, measure: Measure, area: Area, here: bool) -> Relation:
    own = answers.series(store, measure.name, area.code)
    value = words.number(own[-1].value, measure.unit, full=True) if own else "no figure"
    period = words.period(own[-1].period) if own else ""
    ratio = f"{formula.numerator(measure)} ÷ {formula.denominator(measure)}"
    return Relation(measure.title, numbers.address(area.code, measure.name), value, period, ratio, here)


def _neighbours(store: Store, area: Area) -> tuple[Area, ...]:
    if area.level != "practice":
        return ()
    try:
        return tuple(neighbour.area for neighbour in alike(store, area.code).neighbours)
    except Refused:
        return ()
