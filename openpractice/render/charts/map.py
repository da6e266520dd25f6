"""Where the practices most alike are: points over England, without tiles and without a connection.

Pale points of every practice draw the country by themselves; a few city names help a reader to find their way.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from openpractice.render import colours
from openpractice.render.charts import theme
from openpractice.render.charts.theme import Spec

WEST, EAST, SOUTH, NORTH = -6.0, 2.0, 49.9, 55.9
_CELL = 4  # pixels
_BADGE_WIDTH = 19  # pixels between the middles of two badges that do not touch
_ROUNDS = 80
_CITIES = (
    ("London", 51.507, -0.128),
    ("Birmingham", 52.483, -1.894),
    ("Manchester", 53.479, -2.245),
    ("Newcastle", 54.978, -1.617),
    ("Bristol", 51.455, -2.588),
    ("Plymouth", 50.371, -4.143),
    ("Norwich", 52.628, 1.297),
    ("Hull", 53.745, -0.336),
)


@dataclass(frozen=True)
class Place:
    """A practice on the map; `this` marks the one whose twins the others are. Without a place it is only listed."""

    name: str
    latitude: float | None
    longitude: float | None
    this: bool = False


def twin_map(
    places: Sequence[Place],
    *,
    others: Sequence[tuple[float, float]] = (),
    width: int = 680,
    title: str = "",
    subtitle: str = "",
) -> Spec:
    """Numbered points in the order given, with their names beside the map, or below it on a narrow page.

    `others` are (latitude, longitude) of practices drawn as the pale ground.
    """
    narrow = width < 500
    plot = width - 16 if narrow else int(width * 0.56)
    # A degree of longitude is shorter than one of latitude: at 52.9° north by its cosine.
    height = round(plot * (NORTH - SOUTH) / ((EAST - WEST) * math.cos(math.radians(52.9))))
    twins, ours = [p for p in places if not p.this], [p for p in places if p.this]
    layers = [
        _ground(others, plot, height),
        *_cities(),
        *_twins(_apart(twins, ours, plot, height)),
        *_ours(ours),
        *_names(twins, ours, plot, height, narrow),
    ]
    body = {
        "width": plot,
        "height": height,
        "view": {"fill": "#f7f9fa", "stroke": None},
        "encoding": {"x": _axis("longitude", WEST, EAST), "y": _axis("latitude", SOUTH, NORTH)},
        "layer": layers,
    }
    return theme.chart(body, width=width, title=title, subtitle=subtitle)


def _axis(field: str, low: float, high: float) -> Spec:
    return {
        "field": field,
        "type": "quantitative",
        "scale": {"domain": [low, high], "nice": False, "zero": False},
        "axis": None,
    }


def _ground(others: Sequence[tuple[float, float]], plot: int, height: int) -> Spec:
    places = [_pixel(lat, lon, plot, height) for lat, lon in others if SOUTH <= lat <= NORTH and WEST <= lon <= EAST]
    return theme.dots(places, "#bcc8d0", cell=_CELL)


def _cities() -> list[Spec]:
    data = theme.rows([{"name": name, "latitude": lat, "longitude": lon} for name, lat, lon in _CITIES])
    text = {"type": "text", "fontSize": 11, "color": colours.SECONDARY_TEXT}
    halo = text | {"stroke": "#f7f9fa", "strokeWidth": 3, "strokeJoin": "round"}
    return [{"data": data, "mark": mark, "encoding": {"text": {"field": "name"}}} for mark in (halo, text)]


def _apart(twins: Sequence[Place], ours: Sequence[Place], plot: int, height: int) -> list[Place]:
    """The twins with their badges pushed off one another, so that each number can be read: a city holds several.

    None goes further than it must; on a map of England the few pixels are less than a county. Ours stays where it is.
    """
    at = [
        None if p.latitude is None or p.longitude is None else _pixel(p.latitude, p.longitude, plot, height)
        for p in (*ours, *twins)
    ]
    for _ in range(_ROUNDS):
        moved = False
        for i, one in enumerate(at):
            for j, two in enumerate(at[:i]):
                if one and two and (near := math.dist(one, two)) < _BADGE_WIDTH:
                    # Two at one place part along a direction of their own, always the same.
                    angle = math.atan2(one[1] - two[1], one[0] - two[0]) if near > 0.5 else 2.4 * i
                    step = (_BADGE_WIDTH - near) / (1 if j < len(ours) else 2) + 0.05
                    across, down = step * math.cos(angle), step * math.sin(angle)
                    one = at[i] = (one[0] + across, one[1] + down)
                    at[j] = two if j < len(ours) else (two[0] - across, two[1] - down)
                    moved = True
        if not moved:
            break
    return [p if xy is None else _moved(p, *xy, plot, height) for p, xy in zip(twins, at[len(ours) :], strict=True)]


def _pixel(latitude: float, longitude: float, plot: int, height: int) -> tuple[float, float]:
    return (longitude - WEST) / (EAST - WEST) * plot, (NORTH - latitude) / (NORTH - SOUTH) * height


def _moved(place: Place, x: float, y: float, plot: int, height: int) -> Place:
    return replace(place, latitude=NORTH - y / height * (NORTH - SOUTH), longitude=WEST + x / plot * (EAST - WEST))


def _numbered(places: Sequence[Place]) -> Spec:
    return theme.rows(
        [
            {"number": str(n), "latitude": p.latitude, "longitude": p.longitude, "said": f"{n}. {p.name}"}
            for n, p in enumerate(places, start=1)
        ]
    )


_BADGE = {
    "type": "point",
    "filled": True,
    "shape": "circle",
    "size": 260,
    "color": colours.BLUE,
    "stroke": colours.WHITE,
    "opacity": 1,
}
_NUMBER = {"type": "text", "fontSize": 11, "fontWeight": "bold", "color": colours.WHITE, "baseline": "middle"}
_OURS = {
    "type": "point",
    "filled": True,
    "shape": "diamond",
    "size": 260,
    "color": colours.NAVY,
    "stroke": colours.WHITE,
    "opacity": 1,
}


def _twins(twins: Sequence[Place]) -> list[Spec]:
    data = _numbered(twins)
    return [
        {"data": data, "mark": _BADGE, "encoding": {"tooltip": {"field": "said"}}},
        {"data": data, "mark": _NUMBER, "encoding": {"text": {"field": "number"}}},
    ]


def _ours(ours: Sequence[Place]) -> list[Spec]:
    return [{"data": _numbered(ours), "mark": _OURS}] if ours else []


def _names(twins: Sequence[Place], ours: Sequence[Place], plot: int, height: int, narrow: bool) -> list[Spec]:
    x = 14 if narrow else plot + 26
    top = height + 22 if narrow else 14
    room = plot - 30 if narrow else plot * 0.7
    listed = [(p.name, "", _OURS) for p in ours] + [(p.name, str(n), _BADGE) for n, p in enumerate(twins, start=1)]
    layers = []
    for i, (name, number, mark) in enumerate(listed):
        y = {"value": top + 24 * i}
        one = theme.rows([{"name": theme.shortened(name, room, 13), "number": number}])
        text = {
            "type": "text",
            "align": "left",
            "baseline": "middle",
            "dx": 14,
            "fontSize": 13,
            "fontWeight": "normal" if number else "bold",
        }
        here = {"x": {"value": x}, "y": y}
        layers += [
            {"data": one, "mark": mark, "encoding": here},
            {"data": one, "mark": _NUMBER, "encoding": here | {"text": {"field": "number"}}},
            {"data": one, "mark": text | {"color": colours.TEXT}, "encoding": here | {"text": {"field": "name"}}},
        ]
    return layers
