"""The smallest chart: a line in a sentence or a table cell.

It is written straight as SVG, because dozens stand on one page and a charting engine would take a second for them.
"""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import escape

from openpractice.render import colours

_EDGE = 5.0


def sparkline(
    values: Sequence[float | None],
    *,
    label: str,
    mean: float | None = None,
    point_type: str = "common_cause",
    width: int = 120,
    height: int = 32,
) -> str:
    """The line of a series with its last point marked. `label` says in words what it shows, for screen readers.

    The last point has the colour and the shape that it has on the process chart; gaps stay gaps.
    """
    known = [v for v in values if v is not None] + ([] if mean is None else [mean])
    body = ""
    if known:
        low, high = min(known), max(known)
        x = [_EDGE + i * (width - 2 * _EDGE) / max(len(values) - 1, 1) for i in range(len(values))]
        y = [None if v is None else _up(v, low, high, height) for v in values]
        body = _mean(mean, low, high, width, height) + _path(x, y) + _last(x, y, point_type)
    name = escape(label)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="op-sparkline" role="img" aria-label="{name}" focusable="false" '
        f'width="{width}" height="{height}" viewBox="0 0 {width} {height}">{body}</svg>'
    )


def _up(value: float, low: float, high: float, height: int) -> float:
    # A series that never moves is drawn through the middle.
    return height / 2 if high == low else height - _EDGE - (value - low) / (high - low) * (height - 2 * _EDGE)


def _mean(mean: float | None, low: float, high: float, width: int, height: int) -> str:
    if mean is None:
        return ""
    y = _up(mean, low, high, height)
    return f'<path d="M{_EDGE} {y:.1f}H{width - _EDGE}" stroke="{colours.MID_GREY}" stroke-dasharray="2 2"/>'


def _path(x: list[float], y: list[float | None]) -> str:
    parts, down = [], False
    for across, up in zip(x, y, strict=True):
        if up is not None:
            parts.append(f"{'L' if down else 'M'}{across:.1f} {up:.1f}")
        down = up is not None
    line = f'fill="none" stroke="{colours.SECONDARY_TEXT}" stroke-width="1.5" stroke-linejoin="round" stroke-linecap="round"'
    return f'<path d="{"".join(parts)}" {line}/>' if parts else ""


def _last(x: list[float], y: list[float | None], point_type: str) -> str:
    drawn = [(a, b) for a, b in zip(x, y, strict=True) if b is not None]
    if not drawn:
        return ""
    a, b = drawn[-1]
    paint = f'fill="{colours.POINT_COLOURS[point_type]}" stroke="{colours.TEXT}" stroke-width="0.8"'
    if point_type == "concern":
        return f'<rect x="{a - 3.2:.1f}" y="{b - 3.2:.1f}" width="6.4" height="6.4" {paint}/>'
    if point_type == "common_cause":
        return f'<circle cx="{a:.1f}" cy="{b:.1f}" r="3.2" {paint}/>'
    shapes = {
        "improvement": "m0-4.4l4.4 4.4-4.4 4.4-4.4-4.4z",
        "neutral_high": "m0-4.2l4 7h-8z",
        "neutral_low": "m0 4.2l4-7h-8z",
    }
    return f'<path d="M{a:.1f} {b:.1f}{shapes[point_type]}" {paint}/>'
