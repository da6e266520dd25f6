"""A heat map of weekday by time of day (or any two orders), with the number printed in every cell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from openpractice.render import colours, words
from openpractice.render.charts import theme
from openpractice.render.charts.theme import Spec


@dataclass(frozen=True)
class HeatCell:
    """One cell. A value of None is drawn as a dash on white: nothing is known, which is not nought."""

    row: str
    column: str
    value: float | None


def heatmap(
    cells: Sequence[HeatCell],
    unit: str,
    *,
    rows: Sequence[str],
    columns: Sequence[str],
    width: int = 680,
    title: str = "",
    subtitle: str = "",
) -> Spec:
    """Rows and columns in the order given. Darker is more; a narrow page turns a wide map on its side."""
    theme.needs(cells, "A heat map")
    if width < 500 and len(columns) > len(rows):
        cells = [HeatCell(c.column, c.row, c.value) for c in cells]
        rows, columns = columns, rows
    gutter = int(max(theme.text_width(r, 13) for r in rows)) + 14
    data = [_cell(c, unit, _span(cells)) for c in cells]
    body = {
        "width": width - gutter - 14,
        "height": {"step": 34},
        "data": theme.rows(data),
        "encoding": {"x": _band("column", columns, "top"), "y": _band("row", rows, "left")},
        "layer": [_fill(), _numbers()],
    }
    return theme.chart(body, width=width, title=title, subtitle=subtitle)


def _span(cells: Sequence[HeatCell]) -> tuple[float, float]:
    known = [c.value for c in cells if c.value is not None]
    return (min(0.0, min(known)), max(known)) if known else (0.0, 1.0)


def shade(share: float) -> tuple[str, str]:
    """The fill of a cell and the ink that stays readable on it, for a share of the scale from 0 to 1."""
    step = min(int(share * len(colours.SEQUENCE)), len(colours.SEQUENCE) - 1)
    return colours.SEQUENCE[step], colours.WHITE if step >= 4 else colours.TEXT


def _cell(c: HeatCell, unit: str, span: tuple[float, float]) -> Spec:
    low, high = span
    fill, ink = (
        (colours.WHITE, colours.SECONDARY_TEXT) if c.value is None else shade((c.value - low) / ((high - low) or 1))
    )
    return {
        "row": c.row,
        "column": c.column,
        "fill": fill,
        "ink": ink,
        "figure": "–" if c.value is None else words.figure(c.value, unit),
        "said": f"{c.row}, {c.column}: {words.number(c.value, unit)}",
    }


def _band(field: str, order: Sequence[str], side: str) -> Spec:
    axis = {"title": None, "orient": side, "ticks": False, "domain": False, "labelAngle": 0, "labelFontSize": 13}
    axis |= {"labelColor": colours.TEXT, "labelLimit": 200, "grid": False}
    return {"field": field, "type": "nominal", "sort": list(order), "scale": {"domain": list(order)}, "axis": axis}


def _fill() -> Spec:
    return {
        "mark": {"type": "rect", "stroke": colours.WHITE, "strokeWidth": 2},
        "encoding": {
            "color": {"field": "fill", "type": "nominal", "scale": None},
            "tooltip": {"field": "said"},
        },
    }


def _numbers() -> Spec:
    return {
        "mark": {"type": "text", "baseline": "middle", "fontSize": 13},
        "encoding": {"text": {"field": "figure"}, "color": {"field": "ink", "type": "nominal", "scale": None}},
    }
