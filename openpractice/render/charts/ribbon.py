"""The decile ribbon: where this practice stands among others, month by month."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from openpractice.render import colours, words
from openpractice.render.charts import theme
from openpractice.render.charts.theme import Spec

_BANDS = ((0, 8, "#e3edf7"), (1, 7, "#c9dff3"), (2, 6, "#a8cdea"), (3, 5, "#82b5dd"))


@dataclass(frozen=True)
class RibbonPoint:
    """One period: the nine deciles of the group from the lowest, and this practice's own value."""

    period: str
    deciles: tuple[float | None, ...]
    value: float | None


def ribbon(
    points: Sequence[RibbonPoint],
    unit: str,
    *,
    name: str,
    group: str = "practices in England",
    width: int = 680,
    height: int = 260,
    title: str = "",
    subtitle: str = "",
) -> Spec:
    """A line over shaded tenths: eight in ten of the group lie inside the ribbon, and the dashed line is its middle."""
    theme.needs(points, "A ribbon")
    if any(len(p.deciles) != 9 for p in points):
        raise ValueError("Each point of a ribbon needs nine deciles.")
    domain = theme.padded([v for p in points for v in (*p.deciles, p.value)])
    labels = _labels(points, unit, name, domain, height, two_lines=width < 500)
    longest = max((theme.text_width(line, 12.5) for label in labels for line in label["text"].split("\n")), default=0)
    plot = width - 62 - int(longest)
    data = [_row(p, unit, name, group) for p in points]
    body = {
        "width": plot,
        "height": height,
        "data": theme.rows(data),
        "encoding": {
            "x": {"field": "day", **theme.axis_time([row["day"] for row in data], plot)},
            "y": theme.axis_y(unit, domain),
        },
        "layer": [*_bands(), *_lines(), _ends(labels)],
    }
    return theme.chart(body, width=width, title=title, subtitle=subtitle)


def _row(p: RibbonPoint, unit: str, name: str, group: str) -> Spec:
    said = f"{words.period(p.period)}: {name} {words.number(p.value, unit)}; middle of {group} {words.number(p.deciles[4], unit)}"
    return {"day": theme.day(p.period), "value": p.value, "said": said} | {f"d{i}": d for i, d in enumerate(p.deciles)}


def _bands() -> list[Spec]:
    return [
        {
            "mark": {"type": "area", "color": colour},
            "encoding": {"y": {"field": f"d{low}"}, "y2": {"field": f"d{high}"}},
        }
        for low, high, colour in _BANDS
    ]


def _lines() -> list[Spec]:
    dashed = {"type": "line", "color": colours.SECONDARY_TEXT, "strokeDash": [6, 4], "strokeWidth": 1.5}
    point = {"type": "point", "filled": True, "size": 45, "opacity": 1, "color": colours.NAVY}
    return [
        {"mark": dashed, "encoding": {"y": {"field": "d4"}}},
        {"mark": {"type": "line", "color": colours.NAVY, "strokeWidth": 2.5}, "encoding": {"y": {"field": "value"}}},
        {"mark": point, "encoding": {"y": {"field": "value"}, "tooltip": {"field": "said"}}},
    ]


def _labels(
    points: Sequence[RibbonPoint], unit: str, name: str, domain: tuple[float, float], height: int, *, two_lines: bool
) -> list[Spec]:
    last, between = points[-1], "\n" if two_lines else " "
    named: list[tuple[str, float | None, str, str]] = [
        ("1 in 10 above", last.deciles[8], colours.SECONDARY_TEXT, "normal"),
        (f"Middle{between}{words.figure(last.deciles[4], unit)}", last.deciles[4], colours.SECONDARY_TEXT, "normal"),
        ("1 in 10 below", last.deciles[0], colours.SECONDARY_TEXT, "normal"),
        (f"{theme.shortened(name, 120)}{between}{words.figure(last.value, unit)}", last.value, colours.NAVY, "bold"),
    ]
    shown = [(text, value, colour, weight) for text, value, colour, weight in named if value is not None]
    places = theme.spread([value for _, value, _, _ in shown], domain, height, gap=30 if two_lines else 16)
    return [
        {"text": text, "place": place, "colour": colour, "weight": weight}
        for (text, _, colour, weight), place in zip(shown, places, strict=True)
    ]


def _ends(labels: list[Spec]) -> Spec:
    def layer(weight: str) -> Spec:
        return {
            "data": theme.rows([label for label in labels if label["weight"] == weight]),
            "mark": {
                "type": "text",
                "align": "left",
                "dx": 8,
                "baseline": "middle",
                "fontWeight": weight,
                "lineBreak": "\n",
            },
            "encoding": {
                "x": {"value": "width"},
                "y": {"field": "place"},
                "text": {"field": "text"},
                "color": {"field": "colour", "type": "nominal", "scale": None},
            },
        }

    return {"layer": [layer("normal"), layer("bold")]}
