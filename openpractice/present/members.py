"""The areas inside an area: a table to sort, with the pictures of the same answer and what has moved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from openpractice.analysis import network
from openpractice.analysis.network import Matrix
from openpractice.kinds import Area, Measure, Refused
from openpractice.measures import catalogue
from openpractice.present import numbers
from openpractice.present.members_pictures import drawn
from openpractice.present.movers import Moved, moved
from openpractice.present.picture import Picture
from openpractice.render import words
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
        moved=moved(store, area, choices.level), measures=tuple(found.measures),
        pictures=drawn(store, area, found, on_page, columns, _measure(choices)),
    )  # fmt: skip


def pictures(store: Store, area: Area, choices: Asked) -> tuple[Picture, ...]:
    """Only the pictures, for their files."""
    found = network.matrix(store, area.code, None, choices.level)
    on_page = _order(found, choices)[(choices.page - 1) * ONE_PAGE :][:ONE_PAGE]
    return drawn(store, area, found, on_page, _columns(found), _measure(choices))


def _measure(choices: Asked) -> Measure | None:
    return catalogue()[choices.measure] if choices.measure else None


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
        Cell(words.figure(numbers.known(found.values[i, c]), found.measures[c].unit), found.confidence[i, c] == "Low")
        for c in columns
    )
    return Row(area.name, area.code, numbers.address(area.code), words.figure(area.patients, "patients"), cells)
