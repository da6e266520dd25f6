"""The areas inside an area: a table to sort, each one's line, where each stands, and what has moved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from openpractice.analysis import network
from openpractice.analysis.network import Matrix, Mover, Series
from openpractice.kinds import Area, Measure, Refused
from openpractice.measures import catalogue
from openpractice.present import numbers
from openpractice.present.picture import Picture
from openpractice.render import words
from openpractice.render.charts.matrix import MatrixCell, matrix
from openpractice.render.charts.multiples import Panel, multiples
from openpractice.render.tables import NO_DATA, Column, Link, Table
from openpractice.store import Store

LEVELS_INSIDE = {
    "pcn": ("practice",),
    "sub_icb": ("practice", "pcn"),
    "icb": ("practice", "pcn", "sub_icb"),
    "region": ("icb", "sub_icb"),
    "nation": ("icb", "region"),
}
ONE_PAGE = 40  # areas of the table and of the heat map
COLUMNS = 6  # measures of the table and of the heat map
PANELS = 12  # small lines: the largest rises and the largest falls
FEWEST = 3
MOVED = 5


@dataclass(frozen=True)
class Asked:
    """What a reader may choose: the level inside, the order, the page, the measure of the small lines."""

    level: str = ""
    sort: str = ""
    down: bool = False
    page: int = 1
    measure: str = ""


@dataclass(frozen=True)
class Heading:
    """A column that can be sorted: its title, what to ask for, and the order it is in now."""

    title: str
    unit: str
    sort: str
    down: bool
    state: str  # ascending, descending or nothing


@dataclass(frozen=True)
class Cell:
    """A figure of the table; `unsure` where its confidence is low."""

    text: str
    unsure: bool


@dataclass(frozen=True)
class Row:
    """One area of the table."""

    name: str
    code: str
    href: str
    patients: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Moved:
    """A change that chance does not explain, as a sentence."""

    sentence: str
    detail: str
    href: str
    meaning: str


@dataclass(frozen=True)
class Members:
    """What a page says of the areas inside."""

    level: str
    plural: str
    levels: tuple[tuple[str, str], ...]
    asked: Asked
    headings: tuple[Heading, ...]
    rows: tuple[Row, ...]
    total: int
    pages: int
    unsure: bool
    moved: tuple[Moved, ...]
    measures: tuple[Measure, ...]
    pictures: tuple[Picture, ...]


def asked(area: Area, level: str = "", sort: str = "", down: bool = False, page: str = "1", measure: str = "") -> Asked:
    """The reader's choices with the defaults filled in. Raises Refused for a level that is not inside."""
    inside = LEVELS_INSIDE[area.level]
    if level and level not in inside:
        raise Refused(f"{area.name} cannot be shown by '{level}'. Choose from: {words.listed(list(inside))}.")
    number = int(page) if page.isascii() and page.isdigit() and len(page) < 5 else 1
    return Asked(level or inside[0], sort, down, max(1, number), measure if measure in catalogue() else "")


def members(store: Store, area: Area, choices: Asked) -> Members:
    """The members of any area above a practice."""
    found = network.matrix(store, area.code, None, choices.level)
    order = _order(found, choices)
    columns = _columns(found)
    pages = max(1, -(-len(order) // ONE_PAGE))
    page = min(choices.page, pages)
    on_page = order[(page - 1) * ONE_PAGE : page * ONE_PAGE]
    rows = tuple(_row(found, i, columns) for i in on_page)
    shown = Asked(choices.level, choices.sort, choices.down, page, choices.measure)
    return Members(
        level=found.level, plural=numbers.PLURALS[found.level], asked=shown,
        levels=tuple((level, numbers.sentence(numbers.PLURALS[level])) for level in LEVELS_INSIDE[area.level]),
        headings=_headings(found, columns, choices), rows=rows, total=len(order), pages=pages,
        unsure=any(cell.unsure for row in rows for cell in row.cells),
        moved=tuple(_moved(m) for m in _movers(store, area, choices.level)[:MOVED]), measures=tuple(found.measures),
        pictures=_pictures(store, area, found, on_page, choices),
    )  # fmt: skip


def pictures(store: Store, area: Area, choices: Asked) -> tuple[Picture, ...]:
    """Only the pictures, for their files."""
    found = network.matrix(store, area.code, None, choices.level)
    on_page = _order(found, choices)[(choices.page - 1) * ONE_PAGE :][:ONE_PAGE]
    return _pictures(store, area, found, on_page, choices)


def _columns(found: Matrix) -> list[int]:
    return list(range(min(COLUMNS, len(found.measures))))


def _order(found: Matrix, choices: Asked) -> list[int]:
    """Places of the areas in the order asked for; those without a figure last."""
    names = [measure.name for measure in found.measures]
    places = range(len(found.practices))
    if choices.sort == "patients":
        values = [a.patients for a in found.practices]
    elif choices.sort in names:
        values = [None if np.isnan(v) else float(v) for v in found.values[:, names.index(choices.sort)]]
    else:
        return sorted(places, key=lambda i: found.practices[i].name, reverse=choices.down and choices.sort == "name")
    sign = -1 if choices.down else 1
    return sorted(places, key=lambda i: (values[i] is None, sign * (values[i] or 0), found.practices[i].name))


def _headings(found: Matrix, columns: Sequence[int], choices: Asked) -> tuple[Heading, ...]:
    shown = [("Name", "", "name"), ("Registered patients", "", "patients")]
    for c in columns:
        measure = found.measures[c]
        unit = "" if measure.unit == "proportion" or measure.unit in measure.title else measure.unit
        shown.append((measure.title, ", ".join(filter(None, (unit, words.period(found.periods[c])))), measure.name))
    now = choices.sort or "name"
    state = "descending" if choices.down else "ascending"
    return tuple(
        Heading(title, unit, sort, now == sort and not choices.down, state if now == sort else "")
        for title, unit, sort in shown
    )


def _row(found: Matrix, i: int, columns: Sequence[int]) -> Row:
    area = found.practices[i]
    cells = tuple(
        Cell(words.figure(_known(found.values[i, c]), found.measures[c].unit), found.confidence[i, c] == "Low")
        for c in columns
    )
    return Row(area.name, area.code, numbers.address(area.code), words.figure(area.patients, "patients"), cells)


def _known(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def _movers(store: Store, area: Area, level: str) -> list[Mover]:
    """What has moved most, one line for each area so that one place does not fill the list, and nothing doubtful."""
    first: dict[str, Mover] = {}
    for mover in _sure(network.movers(store, area.code, None, level)):
        first.setdefault(mover.area.code, mover)
    return list(first.values())


def _sure(found: Sequence[Mover]) -> list[Mover]:
    return [m for m in found if "Low" not in (m.before.confidence, m.after.confidence)]


def _moved(m: Mover) -> Moved:
    unit = m.measure.unit
    usual = ""
    if m.england_change is not None:
        usual = f" The middle change in England was {words.difference(0.0, m.england_change, unit)}."
    change = words.change(m.before.value, m.after.value, unit, m.before.period, m.after.period)
    verb = "rose" if m.change > 0 else "fell"
    return Moved(
        f"{m.area.name}: {numbers.lower(m.measure.title)} {verb}", change + usual,
        numbers.address(m.area.code, m.measure.name), m.meaning,
    )  # fmt: skip


def _pictures(store: Store, area: Area, found: Matrix, on_page: Sequence[int], choices: Asked) -> tuple[Picture, ...]:
    if not found.measures or not on_page:
        return ()
    drawn = [_lines(store, area, found, choices), _heat(area, found, on_page)]
    return tuple(picture for picture in drawn if picture)


def _heat(area: Area, found: Matrix, on_page: Sequence[int]) -> Picture:
    columns = _columns(found)
    measures = [found.measures[c] for c in columns]
    plural, names = numbers.PLURALS[found.level], _unlike([found.practices[i].name for i in on_page])
    group = f"{plural} in England"
    cells = [
        MatrixCell(
            name, m.title, _known(found.values[i, c]), m.unit,
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
    value = _known(found.values[i, c])
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


def _lines(store: Store, area: Area, found: Matrix, choices: Asked) -> Picture | None:
    measure = catalogue()[choices.measure] if choices.measure else _changing(store, area, found)
    if measure is None:
        return None
    series = network.multiples(store, area.code, measure.name, found.level)
    known = [s for s in series if s.change is not None and len(s.history) > 1]
    shown = known if len(known) <= PANELS else known[: PANELS // 2] + known[-PANELS // 2 :]
    if len(shown) < FEWEST:  # two lines say nothing that the table does not
        return None
    names = _unlike([s.area.name for s in shown])
    panels = [
        Panel(name, tuple(r.period for r in s.history), tuple(r.value for r in s.history), s.change)
        for name, s in zip(names, shown, strict=True)
    ]
    plural, up = numbers.PLURALS[found.level], sum((s.change or 0) > 0 for s in known)
    some = (
        ""
        if len(shown) == len(known)
        else f" The {PANELS // 2} largest rises and the {PANELS // 2} largest falls of {len(known)} are drawn."
    )
    columns = (
        Column("Name"),
        Column("From"),
        Column("To"),
        Column("Then", measure.unit, True),
        Column("Now", measure.unit, True),
    )
    return Picture(
        id="lines",
        title=f"{measure.title} rose at {up} of {len(known)} {plural}",
        subtitle=f"{area.name}, sorted by change since {words.period(known[0].since or '')}, on one scale",
        description=f"From {known[0].area.name}, the largest rise, to {known[-1].area.name}, the largest fall.",
        draw=partial(multiples, panels, measure.unit),
        table=Table(f"{measure.title}: change at each of the {plural} of {area.name}", columns, tuple(_changed(s) for s in known)),
        source=f"{measure.source}, to {words.period(known[0].history[-1].period)}",
        note="They are sorted by change, not by rank." + some,
    )  # fmt: skip


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
