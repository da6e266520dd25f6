"""The spine: many measures at once, one row each, this practice against England, its area and the most alike.

Each row has its own scale, centred on England's middle practice, so rows can be read down. Left is lower and right is
higher, nothing more: some measures have no good direction and no row is coloured as praise or reproach.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from openpractice.render import colours, words
from openpractice.render.charts import theme
from openpractice.render.charts.theme import Spec

_EDGE = 1.4  # half the axis, in units of the longer half of the 10-90 bar
_MARKS: dict[str, Spec] = {
    "value": {
        "filled": True,
        "shape": "circle",
        "size": 120,
        "color": colours.NAVY,
        "stroke": colours.WHITE,
        "opacity": 1,
    },
    "alike": {
        "filled": True,
        "shape": "diamond",
        "size": 75,
        "color": "#ffffff",
        "stroke": colours.TEXT,
        "strokeWidth": 1.5,
    },
    "local": {"shape": "M0,-1L0,1", "size": 330, "color": colours.TEXT, "strokeWidth": 2.2},
}
_UNSURE = _MARKS["value"] | {"color": colours.WHITE, "stroke": colours.NAVY, "strokeWidth": 2, "strokeDash": [2, 2]}
_HALF = "#aab7c0"
_GUTTER = 200


@dataclass(frozen=True)
class SpineRow:
    """One measure: this practice, and the spread of England's practices with two medians to compare."""

    measure: str
    unit: str
    value: float | None
    p10: float
    p25: float
    median: float
    p75: float
    p90: float
    local: float | None = None
    alike: float | None = None
    topic: str = ""
    low_confidence: bool = False


def spine(
    rows: Sequence[SpineRow],
    *,
    names: tuple[str, str, str] = ("This practice", "Most alike", "Local middle"),
    group: str = "practices",
    width: int = 680,
    title: str = "",
    subtitle: str = "",
) -> Spec:
    """Bars hold 8 in 10 (pale) and 5 in 10 (darker) of England's practices; the line down is the middle one.

    `group` names what is compared, above practices too. An empty name leaves its mark and its column out.
    """
    theme.needs(rows, "A spine chart")
    narrow = width < 500
    gutter = 8 if narrow else _GUTTER
    data = _laid_out(rows, gutter, narrow)
    measured = [row for row in data if "value_at" in row]
    columns = _columns(measured, names, narrow)
    plot = width - gutter - columns[-1][2] - (16 if narrow else 18)
    scale = {"domain": [-_EDGE, _EDGE], "nice": False}
    across = {"type": "quantitative", "scale": scale, "axis": None}
    layers = [
        *_spread(measured, across, narrow),
        *_points(measured, across),
        *_names(data, narrow),
        *_figures(measured, plot, columns),
        *_key(names, group, width, narrow, any(row["low_confidence"] for row in measured)),
    ]
    body = {
        "width": plot,
        "height": {"step": 50 if narrow else 36},
        "data": theme.rows(data),
        "encoding": {"y": {"field": "order", "type": "ordinal", "axis": None}},
        "layer": [*layers, *([] if narrow else _headings(plot, columns))],
    }
    return theme.chart(body, width=width, title=title, subtitle=subtitle)


def _laid_out(rows: Sequence[SpineRow], gutter: int, narrow: bool) -> list[Spec]:
    """Rows in order, with a heading row wherever the topic changes."""
    data: list[Spec] = []
    topic = ""
    for row in rows:
        if row.topic and row.topic != topic:
            topic = row.topic
            data.append({"order": len(data), "label": topic, "heading": True})
        data.append(_row(row, len(data), gutter, narrow))
    return data


def _row(r: SpineRow, order: int, gutter: int, narrow: bool) -> Spec:
    unit = max(r.p90 - r.median, r.median - r.p10) or 1.0

    def at(value: float | None) -> float | None:
        return None if value is None else max(-_EDGE, min(_EDGE, (value - r.median) / unit))

    label = [theme.shortened(r.measure, 250, 13)] if narrow else theme.wrapped(r.measure, gutter - 10, 13)[:2]
    beyond = None if r.value is None else (r.value - r.median) / unit
    said = f"{r.measure}: {words.number(r.value, r.unit)}; England's middle {words.number(r.median, r.unit)}"
    return {
        "order": order,
        "label": "\n".join(label),
        "heading": False,
        "p10": at(r.p10),
        "p25": at(r.p25),
        "p75": at(r.p75),
        "p90": at(r.p90),
        "value_at": at(r.value),
        "local_at": at(r.local),
        "alike_at": at(r.alike),
        "beyond": "" if beyond is None or abs(beyond) <= _EDGE else "▶" if beyond > 0 else "◀",
        "low_confidence": r.low_confidence,
        "ours": words.figure(r.value, r.unit) if r.value is not None else "–",
        "theirs": words.figure(r.alike, r.unit) if r.alike is not None else "–",
        "england": words.figure(r.median, r.unit),
        "said": said + ("; few counted, so uncertain" if r.low_confidence else ""),
    }


def _spread(data: list[Spec], across: Spec, narrow: bool) -> list[Spec]:
    def bar(low: str, high: str, colour: str) -> Spec:
        mark = {"type": "bar", "height": 16, "color": colour}
        return {
            "data": theme.rows(data),
            "mark": mark,
            "encoding": {"x": {"field": low, **across}, "x2": {"field": high}},
        }

    # One line down the page; on a narrow one it would run through the names, so each row has its own piece.
    piece = {"type": "tick", "size": 24, "thickness": 1, "color": colours.SECONDARY_TEXT}
    line = {"type": "rule", "strokeWidth": 1, "color": colours.SECONDARY_TEXT}
    middle = {
        "data": theme.rows([row | {"middle": 0} for row in data] if narrow else [{"middle": 0}]),
        "mark": piece if narrow else line,
        "encoding": {"x": {"field": "middle", **across}, **({} if narrow else {"y": None})},
    }
    return [bar("p10", "p90", colours.PALE_GREY), bar("p25", "p75", _HALF), middle]


def _points(data: list[Spec], across: Spec) -> list[Spec]:
    def points(field: str, mark: Spec, chosen: list[Spec]) -> Spec:
        return {
            "data": theme.rows([row for row in chosen if row[field] is not None]),
            "mark": {"type": "point", "opacity": 1, **mark},
            "encoding": {"x": {"field": field, **across}, "tooltip": {"field": "said"}},
        }

    inside = [row for row in data if not row["beyond"]]
    sure = [row for row in inside if not row["low_confidence"]]
    unsure = [row for row in inside if row["low_confidence"]]
    arrow = {"type": "text", "fontSize": 15, "color": colours.NAVY, "baseline": "middle"}
    beyond = {
        "data": theme.rows([row for row in data if row["beyond"]]),
        "mark": arrow,
        "encoding": {"x": {"field": "value_at", **across}, "text": {"field": "beyond"}},
    }
    return [
        points("local_at", _MARKS["local"], data),
        points("alike_at", _MARKS["alike"], data),
        points("value_at", _MARKS["value"], sure),
        points("value_at", _UNSURE, unsure),
        beyond,
    ]


def _names(data: list[Spec], narrow: bool) -> list[Spec]:
    layers = []
    for heading in (True, False):
        for lines in (0, 1):
            chosen = [row for row in data if row["heading"] is heading and row["label"].count("\n") == lines]
            mark = {"type": "text", "align": "left", "baseline": "middle", "fontSize": 13, "lineBreak": "\n"}
            mark |= {
                "fontWeight": "bold" if heading else "normal",
                "dy": -8 * lines - (18 if narrow and not heading else 0),
            }
            where = {"x": {"value": 0 if narrow else -_GUTTER}, "text": {"field": "label"}}
            layers.append({"data": theme.rows(chosen), "mark": mark, "encoding": where})
    return layers


def _columns(data: list[Spec], names: tuple[str, str, str], narrow: bool) -> list[tuple[str, str, int]]:
    """Field, heading and right edge of each column of figures, as wide as its longest figure."""
    shown = [("ours", names[0]), ("theirs", names[1]), ("england", "England middle")]
    columns, edge = [], 0
    for field, name in shown[:1] if narrow else shown:
        if name:
            edge += int(max(46, *(theme.text_width(row[field], 12.5) + 12 for row in data)))
            columns.append((field, name, edge))
    return columns


def _figures(data: list[Spec], plot: int, columns: list[tuple[str, str, int]]) -> list[Spec]:
    return [
        {
            "data": theme.rows(data),
            "mark": {
                "type": "text",
                "align": "right",
                "baseline": "middle",
                "fontWeight": "bold" if field == "ours" else "normal",
            },
            "encoding": {"x": {"value": plot + x}, "text": {"field": field}},
        }
        for field, _, x in columns
    ]


def _headings(plot: int, columns: list[tuple[str, str, int]]) -> list[Spec]:
    mark = {"type": "text", "align": "right", "baseline": "bottom", "fontSize": 11, "lineBreak": " "}
    mark |= {"color": colours.SECONDARY_TEXT}
    return [
        {
            "data": theme.rows([{"name": name}]),
            "mark": mark,
            "encoding": {"x": {"value": plot + x}, "y": {"value": -14}, "text": {"field": "name"}},
        }
        for _, name, x in columns
    ]


def _key(names: tuple[str, str, str], group: str, width: int, narrow: bool, unsure: bool) -> list[Spec]:
    square = {"shape": "square", "filled": True, "size": 150}
    marks = (_MARKS[m] | {"size": 90 if m != "local" else 160} for m in _MARKS)
    items = [(name, mark) for name, mark in zip(names, marks, strict=True) if name]
    items += [
        (f"5 in 10 {group}", square | {"color": _HALF}),
        (f"8 in 10 {group}", square | {"color": colours.PALE_GREY}),
    ]
    if unsure:
        items.append(("Uncertain: few counted", _UNSURE | {"size": 80}))
    return theme.key(items, width - 16, above=12 if narrow else 44, left=0 if narrow else -_GUTTER)
