"""Small multiples: the same line for many places, ordered by how much each has changed, never by rank."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from openpractice.render import colours, words
from openpractice.render.charts import theme
from openpractice.render.charts.theme import Spec


@dataclass(frozen=True)
class Panel:
    """One place: its values by period, and the change that orders it (last against first, or as the caller judges)."""

    name: str
    periods: tuple[str, ...]
    values: tuple[float | None, ...]
    change: float | None
    compare: tuple[float | None, ...] = ()  # a grey line behind, such as England's


def multiples(
    panels: Sequence[Panel],
    unit: str,
    *,
    width: int = 680,
    height: int = 84,
    title: str = "",
    subtitle: str = "",
) -> Spec:
    """Panels from the largest rise to the largest fall, all on one scale so that they can be compared."""
    theme.needs(panels, "A set of small multiples")
    ordered = sorted(panels, key=lambda p: (p.change is None, -(p.change or 0.0), p.name))
    columns = 2 if width < 500 else 4 if width < 900 else 5
    domain = theme.padded([v for p in panels for v in (*p.values, *p.compare)])
    plot = (width - 48 - 26 * (columns - 1)) // columns
    body = {
        "columns": columns,
        "spacing": {"row": 22, "column": 26},
        "concat": [_panel(p, unit, domain, plot, height, first=i % columns == 0) for i, p in enumerate(ordered)],
    }
    return theme.chart(body, width=width, title=title, subtitle=subtitle)


def _panel(p: Panel, unit: str, domain: tuple[float, float], plot: int, height: int, *, first: bool) -> Spec:
    days = [theme.day(period) for period in p.periods]
    compare = p.compare or (None,) * len(days)
    data = [
        {"day": d, "value": v, "compare": c, "said": f"{p.name}, {words.period(q)}: {words.number(v, unit)}"}
        for d, v, c, q in zip(days, p.values, compare, p.periods, strict=True)
    ]
    known = [row for row in data if row["value"] is not None][-1:]
    y = theme.axis_y(unit, domain, tickCount=3)
    if not first:  # the scale is shared, so only the first column repeats its numbers
        y["axis"] |= {"labels": False}
    ends = {"labelFontSize": 11, "ticks": False, "domainColor": colours.PALE_GREY, "labelOverlap": False}
    x = theme.axis_time([min(days), max(days)], plot)
    x["axis"] |= {**ends, "labelExpr": "utcFormat(datum.value, '%b %y')", "labelAlign": {"expr": _INWARDS}}
    return {
        "title": _title(p, unit, plot),
        "width": plot,
        "height": height,
        "data": theme.rows(data),
        "encoding": {"x": {"field": "day", **x}, "y": y},
        "layer": [
            {
                "mark": {"type": "line", "color": colours.COMMON_CAUSE, "strokeWidth": 1.2, "strokeDash": [3, 2]},
                "encoding": {"y": {"field": "compare"}},
            },
            {"mark": {"type": "line", "color": colours.NAVY, "strokeWidth": 2}, "encoding": {"y": {"field": "value"}}},
            {
                "data": theme.rows(known),
                "mark": {"type": "point", "filled": True, "size": 40, "opacity": 1, "color": colours.NAVY},
                "encoding": {"y": {"field": "value"}, "tooltip": {"field": "said"}},
            },
        ],
    }


# The first label hangs to the right of its tick and the last to the left, so neighbours' labels never meet.
_INWARDS = "datum.index == 0 ? 'left' : 'right'"


def _title(p: Panel, unit: str, plot: int) -> Spec:
    changed = "change not known" if p.change is None else words.difference(0.0, p.change, unit)
    short = changed.replace("percentage points", "points").replace("percentage point", "point")
    return {
        "text": theme.shortened(p.name, plot, 13),
        "subtitle": theme.shortened(short, plot, 12),
        "fontSize": 13,
        "subtitleFontSize": 12,
        "anchor": "start",
        "frame": "group",
        "offset": 6,
        "subtitlePadding": 2,
    }
