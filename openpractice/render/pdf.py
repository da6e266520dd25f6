"""A report as tagged PDF (PDF/UA-1), typeset by Typst from `document.typ`.

The template is a file of ours and the content arrives as JSON, so nothing a person typed is ever read as markup.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

import typst

from openpractice.render.document import Block, Document, Figure, KeyFigures
from openpractice.render.tables import Table, heading, written

_HERE = Path(__file__).parent
_EPOCH = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)


def pdf(document: Document, *, stamped: dt.datetime | None = None) -> bytes:
    """The PDF as bytes: the same document gives the same bytes. `stamped` is the creation date in its metadata."""
    content = json.dumps(_content(document), ensure_ascii=False)
    return typst.compile(
        _HERE / "document.typ",
        root=_HERE,
        font_paths=_fonts(),
        sys_inputs={"content": content},
        format="pdf",
        pdf_standards="ua-1",
        timestamp=stamped or _EPOCH,
    )


@cache
def _fonts() -> typst.Fonts:
    # Only our own fonts, so that a report looks the same on every machine.
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[_HERE / "fonts"])


def _content(document: Document) -> dict[str, Any]:
    sections = [
        {"title": section.title, "blocks": [_block(block) for block in section.blocks]} for section in document.sections
    ]
    head = {name: getattr(document, name) for name in ("title", "subtitle", "author", "date", "attribution")}
    return head | {"sections": sections}


def _block(block: Block) -> dict[str, Any]:
    kind = {"kind": type(block).__name__}
    if isinstance(block, Table):
        return kind | {
            "caption": block.caption,
            "columns": [{"heading": heading(c), "numeric": c.numeric} for c in block.columns],
            "weights": _weights(block),
            "rows": [[written(cell, c) for cell, c in zip(row, block.columns, strict=True)] for row in block.rows],
            "notes": list(block.footnotes),
        }
    if isinstance(block, Figure):
        return kind | asdict(block) | {"svg": _drawing(block.svg)}
    if isinstance(block, KeyFigures):
        figures = [asdict(f) | {"icon": _drawing(f.icon), "icon_alt": f.icon_alt or f.label} for f in block.figures]
        return kind | {"figures": figures}
    content = asdict(block)
    if "kind" in content:
        content["tone"] = content.pop("kind")
    return kind | content


def _weights(table: Table) -> list[float]:
    """Relative widths of columns: text takes its length within reason, numbers share the rest."""
    return [
        1.0
        if column.numeric
        else min(4.0, max(1.2, max((len(written(row[c], column)) for row in table.rows), default=8) / 11))
        for c, column in enumerate(table.columns)
    ]


def _drawing(svg: str) -> str:
    """The picture without the page's own attributes: a width of 100% means nothing on paper."""
    return re.sub(r'(<svg\b[^>]*?) width="100%"', r"\1", svg, count=1)
