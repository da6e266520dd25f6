"""Events written above a time chart: what happened, and when, without one label lying on another."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from openpractice.render import colours
from openpractice.render.charts import theme
from openpractice.render.charts.theme import Spec

_LINE = 17


@dataclass(frozen=True)
class Event:
    """Something that happened: a new telephone system, a rebase with its reason, the start of a test."""

    day: str
    label: str


def event_layers(events: Sequence[Event], days: Sequence[str], width: float) -> list[Spec]:
    """Layers that mark the events inside the charted days.

    Labels stand at their lines where they fit side by side; else the lines are numbered and the labels listed above.
    """
    first, last = (dt.date.fromisoformat(end(days)) for end in (min, max))
    shown = sorted((theme.day(e.day), e.label) for e in events)
    shown = [(day, label) for day, label in shown if first <= dt.date.fromisoformat(day) <= last]
    if not shown:
        return []
    span = (last - first).days or 1
    places = [8 + (dt.date.fromisoformat(day) - first).days / span * (width - 16) for day, _ in shown]
    ends = [x + theme.text_width(label) + 10 for x, (_, label) in zip(places, shown, strict=True)]
    if all(end <= start for end, start in zip(ends, [*places[1:], width + 40], strict=True)):
        return _side_by_side(shown, places)
    return _numbered(shown, places, width)


def _side_by_side(shown: list[tuple[str, str]], places: list[float]) -> list[Spec]:
    rows = [
        {"day": day, "label": label, "x": x - 3, "top": -2, "y": -5}
        for (day, label), x in zip(shown, places, strict=True)
    ]
    return [_rules(rows), _text(rows, "label", align="left", baseline="bottom")]


def _numbered(shown: list[tuple[str, str]], places: list[float], width: float) -> list[Spec]:
    rows: list[Spec] = []
    listed: list[Spec] = []
    previous = [-99.0, -99.0]
    for n, ((day, label), x) in enumerate(zip(shown, places, strict=True), start=1):
        level = 0 if x - previous[0] >= 18 else 1  # neighbours nearer than a badge stand one step higher
        previous[level] = x
        rows.append(
            {"day": day, "label": label, "x": x, "number": str(n), "y": -10 - 18 * level, "top": -2 - 18 * level}
        )
        lines = theme.wrapped(f"{dt.date.fromisoformat(day):%b %Y}: {label}", width + 50)
        listed += [{"text": f"{n}  {line}" if i == 0 else f"    {line}"} for i, line in enumerate(lines)]
    above = max(-row["y"] for row in rows) + 16
    for i, row in enumerate(reversed(listed)):
        row |= {"x": 0, "y": -above - _LINE * i}
    badge = {
        "data": theme.rows(rows),
        "mark": {"type": "point", "shape": "circle", "filled": True, "size": 230, "opacity": 1, "color": colours.NAVY},
        "encoding": {"x": _at("x"), "y": _at("y"), "tooltip": {"field": "label"}},
    }
    number = _text(rows, "number", align="center", baseline="middle", color=colours.WHITE, fontWeight="bold")
    return [_rules(rows), badge, number, _text(listed, "text", align="left", baseline="middle")]


def _rules(rows: list[Spec]) -> Spec:
    return {
        "data": theme.rows(rows),
        "mark": {"type": "rule", "color": colours.NAVY, "strokeWidth": 1, "strokeDash": [2, 3]},
        "encoding": {"y": _at("top"), "y2": {"value": "height"}, "tooltip": {"field": "label"}},
    }


def _text(rows: list[Spec], field: str, **mark: object) -> Spec:
    return {
        "data": theme.rows(rows),
        "mark": {"type": "text", "color": colours.NAVY, **mark},
        "encoding": {"x": _at("x"), "y": _at("y"), "text": {"field": field}},
    }


def _at(field: str) -> Spec:
    return {"field": field, "type": "quantitative", "scale": None, "axis": None}
