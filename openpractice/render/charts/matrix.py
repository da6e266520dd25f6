"""Practice by measure: each value printed, shaded by its place among the practices, uncertain ones hatched and pale."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from openpractice.render import colours, words
from openpractice.render.charts import theme
from openpractice.render.charts.heatmap import shade
from openpractice.render.charts.theme import Spec

_HATCH = "M-1,-0.4L-0.4,-1M-1,0.2L0.2,-1M-1,0.8L0.8,-1M-0.8,1L1,-0.8M-0.2,1L1,-0.2M0.4,1L1,0.4"
_ROW = 30


@dataclass(frozen=True)
class MatrixCell:
    """One practice and measure. `place` is the share of the group below this value, 0 to 1."""

    practice: str
    measure: str
    value: float | None
    unit: str
    place: float | None
    low_confidence: bool = False


def matrix(
    cells: Sequence[MatrixCell],
    *,
    practices: Sequence[str],
    measures: Sequence[str],
    group: str = "practices shown",
    width: int = 680,
    title: str = "",
    subtitle: str = "",
) -> Spec:
    """Practices down, measures across, both in the order given. Darker means higher, which is neither good nor ill."""
    gutter = int(min(width * 0.34, max(theme.text_width(p, 12) for p in practices) + 14))
    column = (width - gutter - 14) / max(len(measures), 1)
    data = [_cell(c, group) for c in cells]
    doubtful = [row for row in data if row["hatched"]]
    body = {
        "width": int(column * len(measures)),
        "height": {"step": _ROW},
        "data": theme.rows(data),
        "encoding": {"x": _across(measures, column), "y": _down(practices, gutter)},
        "layer": [_fill(), *_hatch(doubtful, column), _numbers(), *_key(bool(doubtful), width, measures, column)],
    }
    return theme.chart(body, width=width, title=title, subtitle=subtitle)


def _cell(c: MatrixCell, group: str) -> Spec:
    fill, ink = (colours.WHITE, colours.SECONDARY_TEXT) if c.place is None or c.value is None else shade(c.place)
    if c.low_confidence and c.value is not None:
        fill, ink = colours.WHITE, colours.SECONDARY_TEXT
    certainty = "; few counted, so uncertain" if c.low_confidence else ""
    place = f", {words.place(c.place, group)}" if c.value is not None else ""
    return {
        "practice": c.practice,
        "measure": c.measure,
        "fill": fill,
        "ink": ink,
        "figure": "–" if c.value is None else words.figure(c.value, c.unit),
        "hatched": c.low_confidence,
        "said": f"{c.practice}, {c.measure}: {words.number(c.value, c.unit)}{place}{certainty}",
    }


def _across(measures: Sequence[str], column: float) -> Spec:
    # Labels wrap to their column: a rotated label is read by nobody.
    lines = {m: theme.wrapped(m, column - 6, 12)[:4] for m in measures}
    axis = {"title": None, "orient": "top", "ticks": False, "domain": False, "labelAngle": 0, "labelColor": colours.TEXT}
    axis |= {"labelExpr": f"{json.dumps(lines)}[datum.label]", "labelLimit": int(column) + 10, "labelLineHeight": 14, "grid": False}
    axis |= {"labelOverlap": False}
    return {"field": "measure", "type": "nominal", "scale": {"domain": list(measures)}, "sort": None, "axis": axis}


def _down(practices: Sequence[str], gutter: int) -> Spec:
    axis = {"title": None, "ticks": False, "domain": False, "labelLimit": gutter - 8, "labelColor": colours.TEXT, "grid": False}
    return {"field": "practice", "type": "nominal", "scale": {"domain": list(practices)}, "sort": None, "axis": axis}


def _fill() -> Spec:
    return {
        "mark": {"type": "rect", "stroke": colours.WHITE, "strokeWidth": 2},
        "encoding": {
            "color": {"field": "fill", "type": "nominal", "scale": None},
            "tooltip": {"field": "said", "title": " "},
        },
    }


def _hatch(doubtful: list[Spec], column: float) -> list[Spec]:
    if not doubtful:
        return []
    # A symbol is square, so a wide cell takes several side by side.
    many = max(1, round(column / _ROW))
    offsets = [(i + 0.5) / many - 0.5 for i in range(many)]
    mark = {"type": "point", "shape": _HATCH, "size": (_ROW - 3) ** 2, "strokeWidth": 0.8, "color": "#b4c0c8", "opacity": 1}
    return [
        {"data": theme.rows(doubtful), "mark": mark | {"xOffset": offset * (column - 3)}, "encoding": {}}
        for offset in offsets
    ]


def _numbers() -> Spec:
    return {
        "mark": {"type": "text", "baseline": "middle", "fontSize": 12},
        "encoding": {"text": {"field": "figure"}, "color": {"field": "ink", "type": "nominal", "scale": None}},
    }


def _key(doubtful: bool, width: int, measures: Sequence[str], column: float) -> list[Spec]:
    square = {"shape": "square", "filled": True, "size": 170, "stroke": colours.MID_GREY, "strokeWidth": 0.5}
    items = [("Lower", square | {"color": colours.SEQUENCE[0]}), ("Middle", square | {"color": colours.SEQUENCE[3]})]
    items.append(("Higher", square | {"color": colours.SEQUENCE[-1]}))
    if doubtful:
        items.append(("Uncertain: few counted", {"shape": _HATCH, "size": 190, "strokeWidth": 0.8, "color": colours.MID_GREY}))
    tallest = max(len(theme.wrapped(m, column - 6, 12)[:4]) for m in measures)
    return theme.key(items, width * 0.66, above=tallest * 14 + 20)
