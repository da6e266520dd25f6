"""A table once, written many ways: accessible HTML, CSV, and plain values for a workbook.

Numbers stay numbers until the last moment, so a reader's copy holds the figures and not their rounding.
"""

from __future__ import annotations

import csv as csv_format
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup, escape

from openpractice.render import words


@dataclass(frozen=True)
class Column:
    """A column: its heading, and for numbers their unit (a name from `words.UNITS`, or any other word)."""

    heading: str
    unit: str = ""
    numeric: bool = False


@dataclass(frozen=True)
class Missing:
    """A cell without a figure, and why: `mark` is shown, `reason` is read out and written under the table."""

    mark: str
    reason: str


@dataclass(frozen=True)
class Link:
    """A cell that leads somewhere. Only web addresses and paths are followed."""

    text: str
    href: str


@dataclass(frozen=True)
class Drawn:
    """A cell that shows an SVG of ours (an icon, a sparkline) on a page and its words everywhere else."""

    svg: str
    text: str


NO_DATA = Missing("–", "no figure")
SUPPRESSED = Missing("*", "hidden because the number is small enough to point to a person")


@dataclass(frozen=True)
class Table:
    """A caption that says what, where and when; columns; rows of plain values; notes. First cells head their rows."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Any, ...], ...]
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for n, row in enumerate(self.rows, start=1):
            if len(row) != len(self.columns):
                raise ValueError(f"Row {n} of '{self.caption}' has {len(row)} cells for {len(self.columns)} columns.")

    @property
    def footnotes(self) -> tuple[str, ...]:
        """The notes, with one for each kind of missing figure that the table holds."""
        missing = dict.fromkeys(cell for row in self.rows for cell in row if isinstance(cell, Missing))
        return self.notes + tuple(f"{cell.mark} {cell.reason}" for cell in missing)


def html(table: Table, *, caption_size: str = "s") -> str:
    """The table in NHS.UK classes, inside a container that scrolls by itself on a narrow page."""
    head = "".join(_heading(column) for column in table.columns)
    body = "".join(f'<tr class="nhsuk-table__row">{_cells(table, row)}</tr>' for row in table.rows)
    notes = "".join(f'<p class="nhsuk-body-s op-table-note">{escape(note)}</p>' for note in table.footnotes)
    return (
        f'<div class="op-table-scroll" tabindex="0" role="region" aria-label="{escape(table.caption)}">'
        f'<table class="nhsuk-table"><caption class="nhsuk-table__caption nhsuk-table__caption--{escape(caption_size)}">'
        f'{escape(table.caption)}</caption><thead class="nhsuk-table__head"><tr>{head}</tr></thead>'
        f'<tbody class="nhsuk-table__body">{body}</tbody></table></div>{notes}'
    )


def csv(table: Table) -> str:
    """Comma-separated text with unrounded numbers, the unit in each heading. Encode as `utf-8-sig` for Excel."""
    out = io.StringIO()
    writer = csv_format.writer(out, lineterminator="\r\n")
    writer.writerow([_harmless(_bare(column)) for column in table.columns])
    writer.writerows([[_harmless(plain(cell)) for cell in row] for row in table.rows])
    return out.getvalue()


def plain(cell: Any) -> Any:
    """The value behind a cell. A figure that is not known is None; a suppressed one keeps its mark."""
    if isinstance(cell, Missing):
        return None if cell.mark == NO_DATA.mark else cell.mark
    return cell.text if isinstance(cell, Link | Drawn) else cell


def heading(column: Column) -> str:
    """The heading with the unit where neither it nor the cells say it: on a page and on paper these carry % and £."""
    unit = _beside(column)
    return f"{column.heading} ({unit})" if unit else column.heading


def _beside(column: Column) -> str:
    unit = "" if column.unit == "proportion" or column.unit.startswith("£") else column.unit
    return "" if unit.lower() in column.heading.lower() else unit


def _bare(column: Column) -> str:
    """The heading where cells hold bare numbers: 10.8% is 0.108 there, and the heading says which way to read it."""
    unit = "share, 0 to 1" if column.unit == "proportion" else column.unit
    return column.heading if unit.lower() in column.heading.lower() else f"{column.heading} ({unit})"


def written(cell: Any, column: Column) -> str:
    """A cell as a person reads it: numbers rounded in their unit, months in words."""
    if isinstance(cell, Missing):
        return cell.mark
    cell = plain(cell)
    if cell is None:
        return NO_DATA.mark
    if column.numeric and isinstance(cell, int | float) and not isinstance(cell, bool):
        return words.figure(cell, column.unit)
    return words.period(cell) if isinstance(cell, str) else str(cell)


def _heading(column: Column) -> str:
    unit = _beside(column)
    unit = f' <span class="op-table-unit">{escape(unit)}</span>' if unit else ""
    side = " nhsuk-table__header--numeric" if column.numeric else ""
    return f'<th scope="col" class="nhsuk-table__header{side}">{escape(column.heading)}{unit}</th>'


def _cells(table: Table, row: Sequence[Any]) -> str:
    first = f'<th scope="row" class="nhsuk-table__header">{_shown(row[0], table.columns[0])}</th>' if row else ""
    rest = "".join(
        f'<td class="nhsuk-table__cell{" nhsuk-table__cell--numeric" if column.numeric else ""}">{_shown(cell, column)}</td>'
        for cell, column in zip(row[1:], table.columns[1:], strict=True)
    )
    return first + rest


def _shown(cell: Any, column: Column) -> Markup:
    if isinstance(cell, Drawn):
        return Markup(cell.svg)
    if isinstance(cell, Link) and cell.href.startswith(("/", "#", "?", "https://", "http://")):
        return Markup('<a class="nhsuk-link" href="{}">{}</a>').format(cell.href, cell.text)
    if cell is None or isinstance(cell, Missing):
        missing = cell or NO_DATA
        hidden = Markup('<span aria-hidden="true">{}</span><span class="nhsuk-u-visually-hidden">{}</span>')
        return hidden.format(missing.mark, missing.reason)
    return escape(written(cell, column))


def _harmless(value: Any) -> Any:
    # A spreadsheet runs text that starts like a formula; a practice's name must never be able to.
    return f"'{value}" if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r")) else value
