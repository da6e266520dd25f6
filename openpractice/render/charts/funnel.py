"""The funnel: is this practice unusual, allowing for its size?

Small practices vary more by chance alone, so the limits open towards the left.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from openpractice.render import colours, words
from openpractice.render.charts import theme
from openpractice.render.charts.theme import Spec

_CELL = 3  # pixels
_OTHER = "#b0bac1"
_ROLES = ("this", "peer", "other")
_MARKS: dict[str, Spec] = {
    "other": {"filled": True, "shape": "diamond", "size": 16, "color": _OTHER, "opacity": 1},
    "peer": {"filled": False, "size": 60, "color": colours.BLUE, "strokeWidth": 1.8, "opacity": 1},
    "this": {
        "filled": True,
        "shape": "diamond",
        "size": 190,
        "color": colours.NAVY,
        "opacity": 1,
        "stroke": colours.WHITE,
    },
}


@dataclass(frozen=True)
class FunnelPoint:
    """One practice: how much was counted (the denominator) and its value."""

    name: str
    denominator: float
    value: float
    role: Literal["other", "peer", "this"] = "other"


@dataclass(frozen=True)
class FunnelLimit:
    """The limits at one denominator: 95% (about two standard errors) and 99.8% (about three)."""

    denominator: float
    lower_95: float
    upper_95: float
    lower_998: float
    upper_998: float


def funnel(
    points: Sequence[FunnelPoint],
    limits: Sequence[FunnelLimit],
    centre: float,
    unit: str,
    *,
    denominator_name: str = "patients",
    names: tuple[str, str, str] = ("This practice", "Most alike practices", "Other practices"),
    width: int = 680,
    height: int = 320,
    title: str = "",
    subtitle: str = "",
) -> Spec:
    """All practices in grey, the most alike as blue rings, this practice as a labelled dark diamond."""
    points = [p for p in points if p.denominator > 0]
    theme.needs(points, "A funnel")
    plot = width - 118
    domain = theme.padded([p.value for p in points] + [centre], share=0.12)
    right = max([p.denominator for p in points], default=1) * 1.03
    across = {
        "field": "denominator",
        "type": "quantitative",
        "scale": {"domain": [0, right], "nice": False},
        "axis": {"title": denominator_name, "format": ",~d", "tickCount": max(3, plot // 90), "titlePadding": 8},
    }
    layers = [
        _others(points, right, domain, plot, height),
        *_limits(limits, right),
        _centre(centre),
        *_emphasised(points, unit, right),
        *_key(points, names, plot),
        _ends(limits, centre, unit, domain, right, height),
    ]
    body = {
        "width": plot,
        "height": height,
        "encoding": {"x": across, "y": theme.axis_y(unit, domain)},
        "layer": layers,
    }
    return theme.chart(body, width=width, title=title, subtitle=subtitle)


def _said(p: FunnelPoint, unit: str) -> str:
    return f"{p.name}: {words.number(p.value, unit)} ({p.denominator:,.0f})"


def _others(points: Sequence[FunnelPoint], right: float, domain: tuple[float, float], plot: int, height: int) -> Spec:
    low, high = domain
    places = [
        (p.denominator / right * plot, (high - p.value) / (high - low) * height) for p in points if p.role == "other"
    ]
    return theme.dots(places, _OTHER, cell=_CELL, radius=1.7)


def _emphasised(points: Sequence[FunnelPoint], unit: str, right: float) -> list[Spec]:
    def data(role: str) -> Spec:
        return theme.rows(
            [
                {
                    "denominator": p.denominator,
                    "value": p.value,
                    "said": _said(p, unit),
                    "name": theme.shortened(p.name, 170),
                }
                for p in points
                if p.role == role
            ]
        )

    ours = [p for p in points if p.role == "this"]
    left = bool(ours) and ours[0].denominator > right * 0.6
    tip = {"field": "said"}
    text = {"type": "text", "align": "right" if left else "left", "dx": -11 if left else 11, "fontWeight": "bold"}
    # A white edge keeps the name readable over the grey points.
    halo = text | {"stroke": colours.WHITE, "strokeWidth": 4, "strokeJoin": "round"}
    up = {"y": {"field": "value"}}
    named = up | {"text": {"field": "name"}}
    return [
        {"data": data("peer"), "mark": {"type": "point", **_MARKS["peer"]}, "encoding": up | {"tooltip": tip}},
        {"data": data("this"), "mark": {"type": "point", **_MARKS["this"]}, "encoding": up | {"tooltip": tip}},
        {"data": data("this"), "mark": halo, "encoding": named},
        {"data": data("this"), "mark": text | {"color": colours.NAVY}, "encoding": named},
    ]


def _key(points: Sequence[FunnelPoint], names: tuple[str, str, str], plot: int) -> list[Spec]:
    shown = [(name, role) for name, role in zip(names, _ROLES, strict=True) if any(p.role == role for p in points)]
    return theme.key(
        [(name, _MARKS[role] | {"size": min(_MARKS[role]["size"] * 2, 110)}) for name, role in shown], plot + 60
    )


def _limits(limits: Sequence[FunnelLimit], right: float) -> list[Spec]:
    data = [vars(limit) for limit in sorted(limits, key=lambda at: at.denominator) if limit.denominator <= right]
    return [
        {
            "data": theme.rows(data),
            "mark": {
                "type": "line",
                "clip": True,
                "color": colours.SECONDARY_TEXT,
                "strokeDash": dash,
                "strokeWidth": 1.3,
            },
            "encoding": {"y": {"field": f"{side}_{level}", "type": "quantitative"}},
        }
        for level, dash in (("95", [3, 3]), ("998", [1, 0]))
        for side in ("lower", "upper")
    ]


def _centre(centre: float) -> Spec:
    mark = {"type": "rule", "color": colours.TEXT, "strokeWidth": 1.2}
    return {"data": theme.rows([{"centre": centre}]), "mark": mark, "encoding": {"x": None, "y": {"field": "centre"}}}


def _ends(
    limits: Sequence[FunnelLimit], centre: float, unit: str, domain: tuple[float, float], right: float, height: int
) -> Spec:
    inside = [limit for limit in limits if limit.denominator <= right]
    named = [(f"Mean {words.figure(centre, unit)}", centre)]
    if inside:
        last = max(inside, key=lambda at: at.denominator)
        named += [("99.8% limit", last.upper_998), ("95% limit", last.upper_95)]
        named += [("95% limit", last.lower_95), ("99.8% limit", last.lower_998)]
    places = theme.spread([value for _, value in named], domain, height)
    data = [{"text": text, "place": place} for (text, _), place in zip(named, places, strict=True)]
    return {
        "data": theme.rows(data),
        "mark": {
            "type": "text",
            "align": "left",
            "dx": 6,
            "baseline": "middle",
            "fontSize": 11,
            "color": colours.SECONDARY_TEXT,
        },
        "encoding": {"x": {"value": "width"}, "y": {"field": "place"}, "text": {"field": "text"}},
    }
