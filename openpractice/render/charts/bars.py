"""Horizontal bars of a breakdown. They start at nought, always, and each ends in its own number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from openpractice.render import colours, words
from openpractice.render.charts import theme
from openpractice.render.charts.theme import Spec


@dataclass(frozen=True)
class Bar:
    """One category. `low` and `high` draw its interval; `compare` a tick, such as England's value."""

    label: str
    value: float | None
    low: float | None = None
    high: float | None = None
    compare: float | None = None
    emphasis: bool = False


def bars(
    rows: Sequence[Bar],
    unit: str,
    *,
    compare_name: str = "",
    width: int = 680,
    title: str = "",
    subtitle: str = "",
) -> Spec:
    """Bars in the order given. On a narrow page the labels stand above their bars instead of beside them."""
    theme.needs(rows, "A bar chart")
    narrow = width < 500
    step = 46 if narrow else 34
    gutter = 0 if narrow else int(min(240, max((theme.text_width(r.label, 13) for r in rows), default=0))) + 8
    plot = width - gutter - 76
    reach = [v for r in rows for v in (r.value, r.high, r.compare) if v is not None]
    low = min(0.0, *reach) if reach else 0.0
    scale = {"domain": [low, max([0.0, *reach]) or 1], "nice": False}
    data = [_row(r, i, unit, gutter, narrow) for i, r in enumerate(rows)]
    across = {"type": "quantitative", "scale": scale, "axis": None}
    layers = [
        *_labels(data, narrow),
        _bars(across, narrow),
        *_intervals(across, data, narrow),
        *_compare(across, data, narrow, compare_name),
        _values(across, narrow),
    ]
    body = {
        "width": plot,
        "height": {"step": step},
        "data": theme.rows(data),
        "encoding": {
            "y": {"field": "order", "type": "ordinal", "axis": None, "scale": {"paddingInner": 0, "paddingOuter": 0}}
        },
        "layer": layers,
    }
    return theme.chart(body, width=width, title=title, subtitle=subtitle)


def _row(r: Bar, order: int, unit: str, gutter: int, narrow: bool) -> Spec:
    said = f"{r.label}: {words.number(r.value, unit)}"
    if r.low is not None and r.high is not None:
        said += f" ({words.figure(r.low, unit)} to {words.figure(r.high, unit)})"
    lines = theme.wrapped(r.label, gutter, 13)[:2] if not narrow else [theme.shortened(r.label, 330, 13)]
    return {
        "order": order,
        "label": "\n".join(lines),
        "value": r.value,
        "low": r.low,
        "high": r.high,
        "compare": r.compare,
        "figure": words.figure(r.value, unit),
        "end": max(v for v in (0, r.value, r.high, r.compare) if v is not None),
        "colour": colours.NAVY if r.emphasis else "#559fd3",
        "weight": "bold" if r.emphasis else "normal",
        "said": said,
    }


def _labels(data: list[Spec], narrow: bool) -> list[Spec]:
    mark = {"type": "text", "baseline": "middle", "fontSize": 13, "lineBreak": "\n"}
    layers = []
    for lines in (0, 1):
        # The middle of a text is the middle of its first line, so a second line lifts it by half a line.
        shift = {"align": "left", "dy": -14} if narrow else {"align": "right", "dx": -8, "dy": -8 * lines}
        chosen = theme.rows([row for row in data if row["label"].count("\n") == lines])
        where = {"x": {"value": 0}, "text": {"field": "label"}}
        layers.append({"data": chosen, "mark": mark | shift, "encoding": where})
    return layers


def _bars(across: Spec, narrow: bool) -> Spec:
    return {
        "mark": {"type": "bar", "height": 18, "yOffset": 6 if narrow else 0},
        "encoding": {
            "x": {"field": "value", **across},
            "color": {"field": "colour", "type": "nominal", "scale": None},
            "tooltip": {"field": "said"},
        },
    }


def _intervals(across: Spec, data: list[Spec], narrow: bool) -> list[Spec]:
    known = [row for row in data if row["low"] is not None and row["high"] is not None]
    if not known:
        return []
    mark = {"type": "rule", "strokeWidth": 1.5, "color": colours.TEXT, "yOffset": 6 if narrow else 0}
    return [
        {
            "data": theme.rows(known),
            "mark": mark,
            "encoding": {"x": {"field": "low", **across}, "x2": {"field": "high"}},
        }
    ]


def _compare(across: Spec, data: list[Spec], narrow: bool, name: str) -> list[Spec]:
    known = [row for row in data if row["compare"] is not None]
    if not known:
        return []
    tick = {"type": "tick", "thickness": 2.5, "size": 26, "color": colours.TEXT, "yOffset": 6 if narrow else 0}
    layers = [{"data": theme.rows(known), "mark": tick, "encoding": {"x": {"field": "compare", **across}}}]
    symbol = {"shape": "M0,-1L0,1", "size": 120, "strokeWidth": 2.5, "color": colours.TEXT}
    return layers + (theme.key([(name, symbol)], 300, above=14 if narrow else 8) if name else [])


def _values(across: Spec, narrow: bool) -> Spec:
    mark = {
        "type": "text",
        "align": "left",
        "baseline": "middle",
        "dx": 7,
        "fontSize": 13,
        "yOffset": 6 if narrow else 0,
    }
    return {"mark": mark, "encoding": {"x": {"field": "end", **across}, "text": {"field": "figure"}}}
