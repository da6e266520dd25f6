"""What every chart shares: fonts, axes, how numbers are written on them, and how labels keep out of each other's way."""

from __future__ import annotations

import datetime as dt
import itertools
import textwrap
from collections.abc import Sequence
from typing import Any

from openpractice.render import colours

Spec = dict[str, Any]

SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"

_AXIS = {
    "labelColor": colours.SECONDARY_TEXT,
    "labelFontSize": 12,
    "labelPadding": 6,
    "titleColor": colours.SECONDARY_TEXT,
    "titleFontSize": 12,
    "titleFontWeight": "normal",
    "gridColor": colours.PALE_GREY,
    "domainColor": colours.MID_GREY,
    "tickColor": colours.MID_GREY,
}
CONFIG: Spec = {
    "font": colours.FONT,
    "axis": _AXIS,
    "axisX": {"grid": False},
    "axisY": {"ticks": False, "domain": False},
    "view": {"stroke": None},
    "title": {
        "anchor": "start",
        "frame": "bounds",
        "color": colours.TEXT,
        "fontSize": 16,
        "subtitleColor": colours.SECONDARY_TEXT,
        "subtitleFontSize": 13,
        "subtitlePadding": 5,
        "offset": 14,
    },
    "text": {"color": colours.TEXT, "fontSize": 12},
    "legend": {"labelColor": colours.TEXT, "labelFontSize": 12, "symbolStrokeWidth": 1},
}


def chart(body: Spec, *, width: int, title: str = "", subtitle: str = "", config: Spec | None = None) -> Spec:
    """The outer specification around a chart's own marks. The title wraps to the picture's width."""
    spec: Spec = {"$schema": SCHEMA, "background": colours.WHITE, "padding": 6, "config": CONFIG | (config or {})}
    if title or subtitle:
        spec["title"] = {
            "text": wrapped(title, width, 16) if title else "",
            **({"subtitle": wrapped(subtitle, width, 13)} if subtitle else {}),
        }
    return spec | body


def needs(values: Sequence[Any], what: str) -> None:
    """Refuse to draw nothing: the page has an empty state that says how to fill it, a chart has not."""
    if not values:
        raise ValueError(f"{what} needs at least one value to draw.")


def text_width(text: str, size: float = 12) -> float:
    """The rough width of a text in pixels. Liberation Sans averages 0.54 of its size; capitals and digits run wider."""
    wide = sum(1.0 if c in "mwMW@%" else 0.68 if c.isupper() else 0.3 if c in "ijl.,:;'| ()" else 0.56 for c in text)
    return wide * size * 0.96


def wrapped(text: str, width: float, size: float = 12) -> list[str]:
    """A text in lines that fit a width."""
    per_line = max(8, int(width / (size * 0.52)))
    return textwrap.wrap(text, per_line, break_long_words=False) or [""]


def shortened(text: str, width: float, size: float = 12) -> str:
    """A text cut to a width, with an ellipsis where it was cut."""
    if text_width(text, size) <= width:
        return text
    while text and text_width(text + "…", size) > width:
        text = text[:-1]
    return text.rstrip() + "…"


def spread(values: Sequence[float], domain: tuple[float, float], height: float, gap: float = 15) -> list[float]:
    """Move labels apart, in the units of their axis, so that none is nearer than `gap` pixels to the next.

    Order is kept; the stack is pushed up from below and then back inside the axis.
    """
    if not values:
        return []
    low, high = domain
    step = gap * (high - low) / height
    order = sorted(range(len(values)), key=lambda i: values[i])
    placed = [values[i] for i in order]
    for i in range(1, len(placed)):
        placed[i] = max(placed[i], placed[i - 1] + step)
    ceiling = high + step / 2
    for i in reversed(range(len(placed))):
        placed[i] = min(placed[i], ceiling)
        ceiling = placed[i] - step
    moved = [0.0] * len(values)
    for rank, i in enumerate(order):
        moved[i] = placed[rank]
    return moved


def padded(values: Sequence[float | None], *, zero: bool = False, share: float = 0.08) -> tuple[float, float]:
    """An axis that holds every value with a little air. Never below nought unless a value is."""
    known = [v for v in values if v is not None]
    if not known:
        return 0.0, 1.0
    low, high = min(known), max(known)
    air = (high - low or abs(high) or 1) * share
    floor = low - air
    if zero or (floor < 0 <= low):
        floor = min(0.0, low)
    return floor, high + air


def tick_format(unit: str, domain: tuple[float, float]) -> str:
    """How an axis writes its numbers: percentages as percentages, thousands with commas, pounds with a sign."""
    span = domain[1] - domain[0]
    if unit == "proportion":
        return ".0%" if span >= 0.04 else ".1%" if span >= 0.004 else ".2%"
    decimals = 0 if span >= 4 else 1 if span >= 0.4 else 2
    return f"{'$' if unit.startswith('£') else ''},.{decimals}f"


def axis_y(unit: str, domain: tuple[float, float], **more: Any) -> Spec:
    """A quantitative y encoding: explicit domain, few ticks, no title (the subtitle names the unit)."""
    pattern = tick_format(unit, domain)
    axis: Spec = {"title": None, "tickCount": 5, "format": pattern.removeprefix("$"), **more}
    if pattern.startswith("$"):  # d3's own $ is the dollar; the sign is written by hand
        axis["labelExpr"] = "'£' + datum.label"
    return {"type": "quantitative", "scale": {"domain": list(domain), "nice": False, "zero": False}, "axis": axis}


def axis_time(dates: Sequence[str], width: float) -> Spec:
    """A time x encoding in universal time, so that no summer hour moves a month.

    Months are marked by name with the year under January and under the first; other rhythms by day and month.
    """
    ticks = _ticks([dt.date.fromisoformat(d) for d in dates], max(2, int(width // 42)))
    monthly = all(d.endswith("-01") for d in dates)
    top = "utcFormat(datum.value, '%b')" if monthly else "utcFormat(datum.value, '%-d %b')"
    first = _milliseconds(ticks[0]) if ticks else 0
    year_starts = [first] + [_milliseconds(b) for a, b in itertools.pairwise(ticks) if a.year != b.year]
    expr = f"[{top}, indexof({year_starts}, time(datum.value)) >= 0 ? utcFormat(datum.value, '%Y') : '']"
    axis = {"title": None, "values": [_milliseconds(t) for t in ticks], "labelExpr": expr, "labelOverlap": False}
    return {"type": "temporal", "scale": {"type": "utc", "padding": 8}, "axis": axis}


def _ticks(days: list[dt.date], most: int) -> list[dt.date]:
    days = sorted(set(days))
    if all(d.day == 1 for d in days):
        for step in (1, 2, 3, 6, 12, 24, 36, 60):
            chosen = [d for d in days if (d.year * 12 + d.month - 1) % step == 0]
            if len(chosen) <= most:
                return chosen or days[:1]
    every = -(-len(days) // most)
    return list(reversed(days[::-1][::every]))


def _milliseconds(day: dt.date) -> int:
    return int(dt.datetime(day.year, day.month, day.day, tzinfo=dt.UTC).timestamp() * 1000)


def day(period: str) -> str:
    """The first day of a period, as charts need it: `2026-02` → `2026-02-01`."""
    return f"{period}-01" if len(period) == 7 else period


def rows(values: Sequence[Spec]) -> Spec:
    """Inline data."""
    return {"values": list(values)}


def key(items: Sequence[tuple[str, Spec]], width: float, *, above: int = 14, left: float = 0) -> list[Spec]:
    """Symbols with their names in rows above the plot; each item is a name and the point mark that draws it."""
    lines: list[list[tuple[float, str, Spec]]] = [[]]
    start = x = left + 6.0
    for name, mark in items:
        needed = 26 + text_width(name)
        if lines[-1] and x + needed > left + width:
            lines.append([])
            x = start
        lines[-1].append((x, name, mark))
        x += needed
    layers = []
    for up, line in enumerate(reversed(lines)):
        for x, name, mark in line:
            one, here = rows([{"name": name}]), {"x": {"value": x}, "y": {"value": -above - 19 * up}}
            text = {"type": "text", "align": "left", "baseline": "middle", "dx": 10, "color": colours.SECONDARY_TEXT}
            layers.append({"data": one, "mark": {"type": "point", "opacity": 1, **mark}, "encoding": here})
            layers.append({"data": one, "mark": text, "encoding": here | {"text": {"field": "name"}}})
    return layers


def dots(places: Sequence[tuple[float, float]], colour: str, *, cell: int, radius: float = 1.4) -> Spec:
    """Thousands of points in pixels as one symbol, one for each cell: it looks the same and weighs a tenth as much."""
    cells = {(int(x // cell), int(y // cell)): (round(x), round(y)) for x, y in places}
    r = radius
    path = "".join(f"M{x} {y - r}l{r} {r}-{r} {r}-{r}-{r}z" for x, y in sorted(set(cells.values())))
    # A symbol's own path is scaled by half the root of its size: 4 leaves pixels as they are.
    mark = {"type": "point", "shape": path, "filled": True, "size": 4, "color": colour, "opacity": 1}
    encoding = {"x": {"value": 0}, "y": {"value": 0}}
    return {
        "data": rows([{}] if path else []),
        "mark": mark if path else mark | {"shape": "circle"},
        "encoding": encoding,
    }
