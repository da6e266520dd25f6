"""The process chart: is this changing, or is it the usual month-to-month variation?

Colours and rules are those of NHS England's "Making Data Count"; each kind of point has its own shape as well, so
the chart says the same on a grey printer. Limits break where the process was rebased.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from openpractice.render import colours, words
from openpractice.render.charts import theme
from openpractice.render.charts.annotations import Event, event_layers
from openpractice.render.charts.theme import Spec

SHAPES = {
    "common_cause": "circle",
    "improvement": "diamond",
    "concern": "square",
    "neutral_high": "triangle-up",
    "neutral_low": "triangle-down",
}
MEANINGS = {
    "common_cause": "Usual variation",
    "improvement": "Improvement",
    "concern": "Concern",
    "neutral_high": "Higher than usual",
    "neutral_low": "Lower than usual",
}


@dataclass(frozen=True)
class SpcPoint:
    """One period: its value and the process it is judged against. `group` counts the rebased stretches from 0."""

    period: str
    value: float | None
    point_type: str = "common_cause"
    mean: float | None = None
    upper: float | None = None
    lower: float | None = None
    near_upper: float | None = None
    near_lower: float | None = None
    group: int = 0
    note: str = ""  # which rule was met, for the tooltip


def spc(
    points: Sequence[SpcPoint],
    unit: str,
    *,
    target: float | None = None,
    events: Sequence[Event] = (),
    near_limits: bool = False,
    width: int = 680,
    height: int = 280,
    title: str = "",
    subtitle: str = "",
) -> Spec:
    """A line with its mean, its process limits (shaded) and, if given, a target and numbered events."""
    theme.needs(points, "A process chart")
    last = points[-1]
    bounds = [v for p in points for v in (p.value, p.upper, p.lower, p.mean)] + [target]
    domain = theme.padded(bounds)
    labels = _labels(last, unit, target, domain, height, two_lines=width < 500)
    longest = max((theme.text_width(line) for label in labels for line in label["text"].split("\n")), default=0)
    plot = width - 58 - int(longest)
    x = {"field": "day", **theme.axis_time([theme.day(p.period) for p in points], plot)}
    kinds = [kind for kind in MEANINGS if any(p.point_type == kind for p in points)]
    band, *process = _process(near_limits)
    layers = [*process, *_target(target), *_line(kinds, width), *_end_labels(labels)]
    notes = event_layers(events, [theme.day(p.period) for p in points], plot)
    body = {
        "width": plot,
        "height": height,
        "data": theme.rows([_row(p, unit) for p in points]),
        "encoding": {"x": x, "y": theme.axis_y(unit, domain)},
        "layer": [band, *notes, *layers],
    }
    return theme.chart(body, width=width, title=title, subtitle=subtitle)


def _row(p: SpcPoint, unit: str) -> Spec:
    kind = MEANINGS[p.point_type]
    said = f"{words.period(p.period)}: {words.number(p.value, unit)}. {p.note or kind}."
    return {
        "day": theme.day(p.period),
        "value": p.value,
        "mean": p.mean,
        "upper": p.upper,
        "lower": p.lower,
        "near_upper": p.near_upper,
        "near_lower": p.near_lower,
        "group": p.group,
        "kind": kind,
        "said": said,
    }


def _process(near: bool) -> list[Spec]:
    def line(field: str, **mark: object) -> Spec:
        return {
            "mark": {"type": "line", **mark},
            "encoding": {"y": {"field": field}, "detail": {"field": "group"}},
        }

    limit = {"color": colours.MID_GREY, "strokeDash": [5, 4], "strokeWidth": 1.2}
    band = {
        "mark": {"type": "area", "color": colours.PALEST_GREY},
        "encoding": {"y": {"field": "lower"}, "y2": {"field": "upper"}, "detail": {"field": "group"}},
    }
    nearer = [line(f, color=colours.MID_GREY, strokeDash=[1, 4], strokeWidth=1.2) for f in ("near_upper", "near_lower")]
    return [
        band,
        line("upper", **limit),
        line("lower", **limit),
        *(nearer if near else []),
        line("mean", color=colours.TEXT, strokeWidth=1.2),
    ]


def _line(kinds: list[str], width: int) -> list[Spec]:
    said = [MEANINGS[k] for k in kinds]
    scale = {"domain": said, "range": [colours.POINT_COLOURS[k] for k in kinds]}
    shape = {"domain": said, "range": [SHAPES[k] for k in kinds]}
    columns = 2 if width < 500 else len(kinds)
    size = 50 if width < 500 else 80
    legend = {"title": None, "orient": "bottom", "symbolSize": 90, "offset": 10, "columns": columns}
    return [
        {
            "mark": {"type": "line", "color": colours.MID_GREY, "strokeWidth": 1.6},
            "encoding": {"y": {"field": "value"}, "detail": {"field": "group"}},
        },
        {
            "mark": {
                "type": "point",
                "filled": True,
                "size": size,
                "opacity": 1,
                "stroke": colours.TEXT,
                "strokeWidth": 0.8,
            },
            "encoding": {
                "y": {"field": "value"},
                "color": {"field": "kind", "type": "nominal", "scale": scale, "legend": legend},
                "shape": {"field": "kind", "type": "nominal", "scale": shape, "legend": legend},
                "tooltip": {"field": "said"},
            },
        },
    ]


def _target(target: float | None) -> list[Spec]:
    if target is None:
        return []
    mark = {"type": "rule", "color": colours.TARGET, "strokeDash": [10, 4], "strokeWidth": 1.5}
    return [{"data": theme.rows([{"target": target}]), "mark": mark, "encoding": {"x": None, "y": {"field": "target"}}}]


def _labels(
    last: SpcPoint, unit: str, target: float | None, domain: tuple[float, float], height: int, *, two_lines: bool
) -> list[Spec]:
    named = [
        ("Upper limit", last.upper, colours.SECONDARY_TEXT),
        ("Mean", last.mean, colours.TEXT),
        ("Lower limit", last.lower, colours.SECONDARY_TEXT),
        ("Target", target, colours.TARGET),
    ]
    shown = [(name, value, colour) for name, value, colour in named if value is not None]
    places = theme.spread([value for _, value, _ in shown], domain, height, gap=30 if two_lines else 16)
    between = "\n" if two_lines else " "
    return [
        {"text": f"{name}{between}{words.figure(value, unit)}", "place": place, "colour": colour}
        for (name, value, colour), place in zip(shown, places, strict=True)
    ]


def _end_labels(labels: list[Spec]) -> list[Spec]:
    if not labels:
        return []
    return [
        {
            "data": theme.rows(labels),
            "mark": {"type": "text", "align": "left", "dx": 6, "baseline": "middle", "lineBreak": "\n"},
            "encoding": {
                "x": {"value": "width"},
                "y": {"field": "place"},
                "text": {"field": "text"},
                "color": {"field": "colour", "type": "nominal", "scale": None},
            },
        }
    ]
