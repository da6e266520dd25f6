"""Practice by measure: each value printed, shaded by its place among the practices, uncertain ones hatched and pale."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from openpractice.render import colours, words
from openpractice.render.charts import theme
from openpractice.render.charts.heatmap import shade
from openpractice.render.charts.theme import Spec

_HATCH = "M-1,-0.4L-0.4,-1M-1,0.2L0.2,-1M-1,0.8L0.8,-1M-0.8,1L1,-0.8M-0.2,1L1,-0.2M0.4,1L1,0.4"
_ROW = 30
_COLUMN = 76


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
    theme.needs(cells, "A matrix")
    gutter = int(min(width * 0.34, max(theme.text_width(p, 12) for p in practices) + 14))
    # Below this width a heading no longer fits its column, so the picture grows wider than asked instead.
    column = max(_COLUMN, int((width - gutter - 14) / max(len(measures), 1)))
    data = [_cell(c, group) for c in cells if c.measure in measures and c.practice in practices]
    doubtful = [row for row in data if row["hatched"]]
    headings = [theme.wrapped(m, column - 4, 12)[:4] for m in measures]
    above = max(map(len, headings)) * 14 + 20
    body = {
        "width": column * len(measures),
        "height": {"step": _ROW},
        "data": theme.rows(data),
        "encoding": {"x": _nominal("measure", measures, None), "y": _nominal("practice", practices, _down(gutter))},
        "layer": [
            _fill(),
            *_hatch(doubtful, column),
            _numbers(),
            *_headings(headings, column),
            *_key(bool(doubtful), gutter, column * len(measures), above),
        ],
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


def _nominal(field: str, order: Sequence[str], axis: Spec | None) -> Spec:
    return {"field": field, "type": "nominal", "scale": {"domain": list(order)}, "sort": None, "axis": axis}


def _down(gutter: int) -> Spec:
    axis = {"title": None, "ticks": False, "domain": False, "grid": False}
    return axis | {"labelLimit": gutter - 8, "labelColor": colours.TEXT}


def _headings(headings: list[list[str]], column: int) -> list[Spec]:
    """Measure names above their columns, each wrapped and standing on the same line: a rotated label goes unread."""
    return [
        {
            "data": theme.rows([{"text": "\n".join(lines)}]),
            "mark": {"type": "text", "baseline": "middle", "lineBreak": "\n", "lineHeight": 14, "color": colours.TEXT},
            "encoding": {
                "x": {"value": column * (i + 0.5)},
                "y": {"value": -14 * len(lines) + 3},
                "text": {"field": "text"},
            },
        }
        for i, lines in enumerate(headings)
    ]


def _fill() -> Spec:
    return {
        "mark": {"type": "rect", "stroke": colours.WHITE, "strokeWidth": 2},
        "encoding": {
            "color": {"field": "fill", "type": "nominal", "scale": None},
            "tooltip": {"field": "said"},
        },
    }


def _hatch(doubtful: list[Spec], column: float) -> list[Spec]:
    if not doubtful:
        return []
    # A symbol is square, so a wide cell takes several side by side.
    many = max(1, round(column / _ROW))
    offsets = [(i + 0.5) / many - 0.5 for i in range(many)]
    mark = {
        "type": "point",
        "shape": _HATCH,
        "size": (_ROW - 3) ** 2,
        "strokeWidth": 0.8,
        "color": "#b4c0c8",
        "opacity": 1,
    }
    return [
        {"data": theme.rows(doubtful), "mark": mark | {"xOffset": offset * (column - 3)}, "encoding": {}}
        for offset in offsets
    ]


def _numbers() -> Spec:
    return {
        "mark": {"type": "text", "baseline": "middle", "fontSize": 12},
        "encoding": {"text": {"field": "figure"}, "color": {"field": "ink", "type": "nominal", "scale": None}},
    }


def _key(doubtful: bool, gutter: int, plot: int, above: int) -> list[Spec]:
    square = {"shape": "square", "filled": True, "size": 170, "stroke": colours.MID_GREY, "strokeWidth": 0.5}
    steps = (("Lower", 0), ("Middle", 3), ("Higher", 6))
    items = [(name, square | {"color": colours.SEQUENCE[step]}) for name, step in steps]
    if doubtful:
        hatch = {"shape": _HATCH, "size": 190, "strokeWidth": 0.8, "color": colours.MID_GREY}
        items.append(("Uncertain: few counted", hatch))
    return theme.key(items, gutter + plot, above=above, left=-gutter)
