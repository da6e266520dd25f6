"""A chart before anybody has asked for it in some format: its words, how it is drawn, and the figures behind it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from openpractice.render import svg, tables

_LINK = Markup('<a href="{}">{}</a>')

Draw = Callable[..., dict[str, Any]]  # a chart function of `render.charts` that lacks only width, title and subtitle


@dataclass(frozen=True)
class Picture:
    """`title` states the finding, `subtitle` says what, where, when and unit, `description` is read to the blind."""

    id: str
    title: str
    subtitle: str
    description: str
    draw: Draw | None  # None: a table that can be taken away but has no drawing of its own
    table: tables.Table
    source: str
    note: str = ""
    spoken: tables.Table | None = None  # what the page shows where that differs from the file

    def inline(self) -> str:
        """The wide and the narrow drawing for a page, which writes title and subtitle itself."""
        return svg.responsive(lambda width: self._drawn(width=width), title=self.title, description=self.description)

    def spec(self, *, narrow: bool = False) -> dict[str, Any]:
        """The drawing on its own page, for the browser that redraws it."""
        return self._drawn(width=343 if narrow else 680)

    def whole(self) -> dict[str, Any]:
        """The drawing with its words, to be taken away."""
        return self._drawn(width=680, title=self.title, subtitle=self.subtitle)

    def _drawn(self, **how: Any) -> dict[str, Any]:
        if self.draw is None:
            raise ValueError(f"{self.id} is a table only; it has no drawing.")
        return self.draw(**how)

    def shown(self) -> list[list[str]]:
        """The table's rows as a person reads them."""
        return shown(self.on_page)

    @property
    def on_page(self) -> tables.Table:
        return self.spoken or self.table

    def words(self) -> list[int]:
        """The places of the table's columns that hold words."""
        return [place for place, column in enumerate(self.on_page.columns) if not column.numeric]


def shown(table: tables.Table) -> list[list[str]]:
    """The rows of a table as a person reads them; a link is one, all else is text."""
    return [
        [
            _LINK.format(cell.href, cell.text) if isinstance(cell, tables.Link) else tables.written(cell, column)
            for cell, column in zip(row, table.columns, strict=True)
        ]
        for row in table.rows
    ]


def filename(*parts: str) -> str:
    """A file's name that every system accepts: lower case, words joined by hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", " ".join(parts).lower()).strip("-")
