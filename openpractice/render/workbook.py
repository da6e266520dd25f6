"""An Excel workbook: a cover that says what this is and where it comes from, then one sheet for each table."""

from __future__ import annotations

import io
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import xlsxwriter

from openpractice.render import colours
from openpractice.render.document import Document
from openpractice.render.tables import Table, heading, plain, written

_HEADER_ROW = 2  # caption, blank, headings
_FORMATS = {
    "proportion": "0.0%",
    "per 1,000 patients": "#,##0.0",
    "per 10,000 patients": "#,##0.0",
    "per 1,000 patients per working day": "#,##0.0",
    "patients": "#,##0",
    "patients per GP": "#,##0",
    "minutes": "#,##0.0",
    "calls": "#,##0",
    "points": "#,##0.0",
    "score": "0.0",
    "£ per patient": "£#,##0.00",
    "index": "0.00",
    "days": "#,##0.0",
}


@dataclass(frozen=True)
class Cover:
    """What a reader must know before using the numbers. `definitions` are (term, meaning)."""

    title: str
    attribution: str
    generated: str
    definitions: tuple[tuple[str, str], ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class NativeChart:
    """A chart that Excel draws from the sheet itself; columns are counted from 0."""

    kind: Literal["line", "bar", "column"]
    category: int
    series: tuple[int, ...]
    title: str = ""


@dataclass(frozen=True)
class Sheet:
    """A table with the name of its sheet and, if wanted, a chart beside it."""

    name: str
    table: Table
    chart: NativeChart | None = None


def workbook(cover: Cover, sheets: Sequence[Sheet | Table]) -> bytes:
    """The .xlsx file as bytes. Numbers are written unrounded and shown in their units; text is never a formula."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "nan_inf_to_errors": False}) as book:
        book.set_properties({"title": cover.title, "author": "OpenPractice", "comments": cover.attribution})
        formats = _Formats(book)
        front = book.add_worksheet("About")
        named = _named(sheets)
        _write_cover(front, cover, named, formats)
        for sheet in named:
            _write_sheet(book, sheet, formats)
    return out.getvalue()


def from_document(document: Document, definitions: tuple[tuple[str, str], ...] = ()) -> bytes:
    """The tables of a report as a workbook, for a reader who wants to reckon with them."""
    cover = Cover(document.title, document.attribution, document.date, definitions, (document.subtitle,))
    return workbook(cover, document.tables)


class _Formats:
    """The cell formats of one workbook, each made once."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        font = {"font_name": "Arial", "font_size": 11, "valign": "top"}
        self.title = book.add_format(font | {"bold": True, "font_size": 16, "font_color": colours.NAVY})
        self.caption = book.add_format(font | {"bold": True, "font_size": 13})
        self.text = book.add_format(font | {"text_wrap": True})
        self.bold = book.add_format(font | {"bold": True, "text_wrap": True})
        self.link = book.add_format(font | {"font_color": colours.BLUE, "underline": True})
        self.head = book.add_format(font | {"bold": True, "text_wrap": True, "bg_color": "#d8dde0", "bottom": 1})
        self.head_right = book.add_format(
            font | {"bold": True, "text_wrap": True, "bg_color": "#d8dde0", "bottom": 1, "align": "right"}
        )
        self.mark = book.add_format(font | {"align": "right"})
        self._book, self._font = book, font
        self._numbers: dict[str, Any] = {}

    def number(self, unit: str, whole: bool) -> Any:
        pattern = _FORMATS.get(unit, "#,##0" if whole else "#,##0.0##")
        if pattern not in self._numbers:
            self._numbers[pattern] = self._book.add_format(self._font | {"num_format": pattern})
        return self._numbers[pattern]


def _named(sheets: Sequence[Sheet | Table]) -> list[Sheet]:
    """Sheet names that Excel accepts: 31 characters, none of []:*?/\\, no two alike, none called History."""
    named: list[Sheet] = []
    taken = {"about", "history"}
    for n, sheet in enumerate(sheets, start=1):
        table, chart = (sheet.table, sheet.chart) if isinstance(sheet, Sheet) else (sheet, None)
        wish = sheet.name if isinstance(sheet, Sheet) else f"Table {n}"
        name = re.sub(r"[\[\]:*?/\\]", " ", wish).strip(" '")[:31] or f"Table {n}"
        if name.lower() in taken:
            name = f"{name[:26].rstrip()} ({n})"
        taken.add(name.lower())
        named.append(Sheet(name, table, chart))
    return named


def _write_cover(front: Any, cover: Cover, sheets: list[Sheet], formats: _Formats) -> None:
    front.hide_gridlines(2)
    front.set_column(0, 0, 30)
    front.set_column(1, 1, 90)
    front.write_string(0, 0, cover.title, formats.title)
    row = 2
    for term, meaning in (("Generated", cover.generated), ("Source and licence", cover.attribution)):
        front.write_string(row, 0, term, formats.bold)
        front.write_string(row, 1, meaning, formats.text)
        row += 1
    for note in cover.notes:
        front.write_string(row, 1, note, formats.text)
        row += 1
    row += 1
    front.write_string(row, 0, "Sheets", formats.caption)
    for sheet in sheets:
        row += 1
        quoted = sheet.name.replace("'", "''")
        front.write_url(row, 0, f"internal:'{quoted}'!A1", formats.link, sheet.name)
        front.write_string(row, 1, sheet.table.caption, formats.text)
    if cover.definitions:
        row += 2
        front.write_string(row, 0, "Definitions", formats.caption)
    for term, meaning in cover.definitions:
        row += 1
        front.write_string(row, 0, term, formats.bold)
        front.write_string(row, 1, meaning, formats.text)


def _write_sheet(book: xlsxwriter.Workbook, sheet: Sheet, formats: _Formats) -> None:
    table, page = sheet.table, book.add_worksheet(sheet.name)
    page.write_string(0, 0, table.caption, formats.caption)
    for c, column in enumerate(table.columns):
        page.write_string(_HEADER_ROW, c, heading(column), formats.head_right if column.numeric else formats.head)
        page.set_column(c, c, _column_width(table, c))
    for r, row in enumerate(table.rows, start=_HEADER_ROW + 1):
        for c, (cell, column) in enumerate(zip(row, table.columns, strict=True)):
            _write_cell(page, r, c, plain(cell), column.unit, formats)
    page.freeze_panes(_HEADER_ROW + 1, 1)
    if table.rows:
        page.autofilter(_HEADER_ROW, 0, _HEADER_ROW + len(table.rows), len(table.columns) - 1)
    for n, note in enumerate(table.footnotes):
        page.write_string(_HEADER_ROW + len(table.rows) + 2 + n, 0, note)
    if sheet.chart and table.rows:
        page.insert_chart(_HEADER_ROW, len(table.columns) + 1, _chart(book, sheet, sheet.chart))


def _write_cell(page: Any, row: int, column: int, value: Any, unit: str, formats: _Formats) -> None:
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        page.write_blank(row, column, None, formats.text)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        page.write_number(row, column, value, formats.number(unit, float(value).is_integer()))
    else:
        page.write_string(row, column, str(value), formats.mark if value == "*" else formats.text)


def _column_width(table: Table, c: int) -> float:
    longest = max((len(written(row[c], table.columns[c])) for row in table.rows), default=0)
    return max(min(longest + 2, 60), min(len(table.columns[c].heading) + 4, 18), 10)


def _chart(book: xlsxwriter.Workbook, sheet: Sheet, wanted: NativeChart) -> Any:
    table = sheet.table
    first, last = _HEADER_ROW + 1, _HEADER_ROW + len(table.rows)
    chart = book.add_chart({"type": wanted.kind})
    for n, c in enumerate(wanted.series):
        colour = (colours.BLUE, colours.MID_GREY, colours.TEAL, colours.PURPLE)[n % 4]
        chart.add_series(
            {
                "name": [sheet.name, _HEADER_ROW, c],
                "categories": [sheet.name, first, wanted.category, last, wanted.category],
                "values": [sheet.name, first, c, last, c],
                "line": {"color": colour, "width": 2},
                **({} if wanted.kind == "line" else {"fill": {"color": colour}}),
            }
        )
    unit = table.columns[wanted.series[0]].unit
    value_axis: dict[str, Any] = {
        "num_format": "0%" if unit == "proportion" else _FORMATS.get(unit, "#,##0"),
        "major_gridlines": {"visible": True},
    }
    # Bars are honest only from nought; a line may start where its values are.
    if wanted.kind != "line":
        value_axis["min"] = 0
    # Excel calls the category axis of a bar chart x although it stands upright.
    chart.set_y_axis(value_axis) if wanted.kind != "bar" else chart.set_x_axis(value_axis)
    if wanted.kind == "bar":
        chart.set_y_axis({"reverse": True})
    chart.set_title({"name": wanted.title or table.caption, "name_font": {"size": 12}})
    chart.set_legend({"none": True} if len(wanted.series) == 1 else {"position": "bottom"})
    chart.set_size({"width": 640, "height": 340})
    return chart
