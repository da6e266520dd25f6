"""The pictures of the areas inside an area: where each one stands, and each one's line."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np

from openpractice.analysis import network
from openpractice.analysis.network import Matrix, Series
from openpractice.kinds import Area, Measure
from openpractice.present import numbers
from openpractice.present.picture import Picture
from openpractice.render import words
from openpractice.render.charts.matrix import MatrixCell, matrix
from openpractice.render.charts.multiples import Panel, multiples
from openpractice.render.tables import NO_DATA, Column, Link, Table
from openpractice.store import Store

PANELS = 12  # small lines: the largest rises and the largest falls
FEWEST = 3


def drawn(
    store: Store, area: Area, found: Matrix, on_page: Sequence[int], columns: Sequence[int], measure: Measure | None
) -> tuple[Picture, ...]:
    """The areas on this page by the measures of the table, and the lines of one measure, by default one that moved."""
    if not columns or not on_page:
        return ()
    both = [_lines(store, area, found, measure), _heat(area, found, on_page, columns)]
    return tuple(picture for picture in both if picture)


def _heat(area: Area, found: Matrix, on_page: Sequence[int], columns: Sequence[int]) -> Picture:
    measures = [found.measures[c] for c in columns]
    plural, names = numbers.PLURALS[found.level], _unlike([found.practices[i].name for i in on_page])
    group = f"{plural} in England"
    cells = [
        MatrixCell(
            name, m.title, numbers.known(found.values[i, c]), m.unit,
            None if np.isnan(found.percentiles[i, c]) else float(found.percentiles[i, c]) / 100, found.confidence[i, c] == "Low",
        )
        for name, i in zip(names, on_page, strict=True) for c, m in zip(columns, measures, strict=True)
    ]  # fmt: skip
    table = Table(
        f"Where the {plural} of {area.name} stand", (Column("Name"), *(Column(m.title, m.unit, True) for m in measures)),
        tuple(
            (Link(found.practices[i].name, numbers.address(found.practices[i].code)), *(_cell(found, i, c) for c in columns))
            for i in on_page
        ),
    )  # fmt: skip
    spread = _widest(found, columns)
    return Picture(
        id="matrix",
        title=f"These {plural} differ most in {numbers.lower(spread.title)}" if spread else f"Where the {plural} stand",
        subtitle=f"Place among all {group}: darker is higher, which is neither good nor ill. Latest month of each measure",
        description=f"{len(names)} {plural} by {len(measures)} measures. The table beside it holds the same figures.",
        draw=partial(matrix, cells, practices=names, measures=[m.title for m in measures], group=group),
        table=table, source=words.listed(list(dict.fromkeys(m.source for m in measures))),
        note="Hatched figures have low confidence." if any(c.low_confidence for c in cells) else "",
    )  # fmt: skip


def _cell(found: Matrix, i: int, c: int) -> object:
    value = numbers.known(found.values[i, c])
    return NO_DATA if value is None else value


def _unlike(names: Sequence[str]) -> list[str]:
    """The names, numbered where two are the same: a chart would lay them on each other."""
    seen: dict[str, int] = {}
    shown = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        shown.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return shown


def _widest(found: Matrix, columns: Sequence[int]) -> Measure | None:
    """The measure whose places among England's lie furthest apart here."""
    spans = []
    for c in columns:
        known = found.percentiles[:, c][~np.isnan(found.percentiles[:, c])]
        spans.append(float(np.percentile(known, 90) - np.percentile(known, 10)) if len(known) >= 3 else -1.0)
    best = int(np.argmax(spans)) if spans else -1
    return found.measures[columns[best]] if best >= 0 and spans[best] > 0 else None


def _lines(store: Store, area: Area, found: Matrix, measure: Measure | None) -> Picture | None:
    measure = measure or _changing(store, area, found)
    if measure is None:
        return None
    series = network.multiples(store, area.code, measure.name, found.level)
    known = [s for s in series if s.change is not None and len(s.history) > 1]
    shown = known if len(known) <= PANELS else known[: PANELS // 2] + known[-PANELS // 2 :]
    if len(shown) < FEWEST:  # two lines say nothing that the table does not
        return None
    plural, up = numbers.PLURALS[found.level], sum((s.change or 0) > 0 for s in known)
    some = f" The {PANELS // 2} largest rises and the {PANELS // 2} largest falls of {len(known)} are drawn."
    return Picture(
        id="lines",
        title=f"{measure.title} rose at {up} of {len(known)} {plural}",
        subtitle=f"{area.name}, sorted by change since {words.period(known[0].since or '')}, on one scale",
        description=f"From {known[0].area.name}, the largest rise, to {known[-1].area.name}, the largest fall.",
        draw=partial(multiples, _panels(shown), measure.unit),
        table=_changes(f"{measure.title}: change at each of the {plural} of {area.name}", measure, known),
        source=f"{measure.source}, to {words.period(known[0].history[-1].period)}",
        note="They are sorted by change, not by rank." + (some if len(shown) < len(known) else ""),
    )


def _panels(shown: Sequence[Series]) -> list[Panel]:
    names = _unlike([s.area.name for s in shown])
    return [
        Panel(name, tuple(r.period for r in s.history), tuple(r.value for r in s.history), s.change)
        for name, s in zip(names, shown, strict=True)
    ]


def _changes(caption: str, measure: Measure, known: Sequence[Series]) -> Table:
    columns = (
        Column("Name"), Column("From"), Column("To"), Column("Then", measure.unit, True), Column("Now", measure.unit, True),
    )  # fmt: skip
    return Table(caption, columns, tuple(_changed(s) for s in known))


def _changing(store: Store, area: Area, found: Matrix) -> Measure | None:
    """The first usual measure with more than one month here."""
    for measure in found.measures:
        if any(s.change is not None for s in network.multiples(store, area.code, measure.name, found.level)):
            return measure
    return None


def _changed(s: Series) -> tuple:
    before = next(r for r in s.history if r.period == s.since)
    return (
        Link(s.area.name, numbers.address(s.area.code)),
        s.since,
        s.history[-1].period,
        before.value,
        s.history[-1].value,
    )
