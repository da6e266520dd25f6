"""Variation and assurance icons in the manner of "Making Data Count", drawn by ourselves.

Colour is never alone: improvement carries a tick, concern an exclamation mark, a neutral change an arrow, and each
icon has its meaning in words.
"""

from __future__ import annotations

from markupsafe import escape

from openpractice.render import colours

VARIATION = {
    "common_cause": "Common cause: no significant change",
    "improvement_high": "Improvement: values are significantly higher, and higher is better",
    "improvement_low": "Improvement: values are significantly lower, and lower is better",
    "concern_high": "Concern: values are significantly higher, and lower is better",
    "concern_low": "Concern: values are significantly lower, and higher is better",
    "neutral_high": "Higher than usual: neither better nor worrying by itself",
    "neutral_low": "Lower than usual: neither better nor worrying by itself",
}
ASSURANCE = {
    "consistently_pass": "Consistently meets the target",
    "consistently_fail": "Consistently short of the target: it will not be met without a change",
    "inconsistent": "Hit and miss: the target is met in some periods and not in others",
}
_COLOURS = {"improvement": colours.IMPROVEMENT, "concern": colours.CONCERN, "neutral": colours.NEUTRAL}
_RISING = ((11, 30), (17, 27), (23, 28), (29, 22), (35, 15))


def variation_icon(kind: str, *, size: int = 44, label: str = "") -> str:
    """The icon of the latest point: one of the keys of `VARIATION`. `label` replaces the standing words."""
    if kind == "common_cause":
        wave = f'<path d="M9 24c3-9 6-9 9-2s6 7 9 0 6-7 9-1" fill="none" stroke="{colours.SECONDARY_TEXT}" stroke-width="2.6"/>'
        return _icon(wave, colours.COMMON_CAUSE, label or VARIATION[kind], size)
    meaning, side = kind.split("_")
    colour = _COLOURS[meaning]
    points = _RISING if side == "high" else tuple((x, 44 - y) for x, y in _RISING)
    line = (
        f'<path d="M{"L".join(f"{x} {y}" for x, y in points)}" fill="none" stroke="{colours.TEXT}" stroke-width="1.2"/>'
    )
    dots = "".join(
        f'<circle cx="{x}" cy="{y}" r="2.6" fill="{colour if i >= 3 else colours.WHITE}" stroke="{colours.TEXT}"/>'
        for i, (x, y) in enumerate(points)
    )
    letter = _letter("H", 14, 20) if side == "high" else _letter("L", 14, 35)
    if meaning == "neutral":
        letter = _arrow(side, colour)
    return _icon(line + dots + letter + _badge(meaning, side, colour), colour, label or VARIATION[kind], size)


def assurance_icon(kind: str, *, size: int = 44, label: str = "") -> str:
    """Whether a target will be met by the process as it is: one of the keys of `ASSURANCE`. "none" draws nothing."""
    if kind == "none":
        return ""
    text, colour, wave, line = {
        "consistently_pass": ("P", colours.IMPROVEMENT, "M9 25c4-5 6-5 9 0s6 5 9 0 6-4 8-1", 34),
        "consistently_fail": ("F", colours.CONCERN, "M10 31c4-5 6-5 8 0s5 5 8 0 5-4 7-1", 23),
        "inconsistent": ("?", colours.COMMON_CAUSE, "M8 29c4-9 7-9 10 0s7 9 10 0 6-8 8-4", 29),
    }[kind]
    target = f'<path d="M5 {line}H39" stroke="{colours.TEXT}" stroke-width="1.6" stroke-dasharray="4 2.5"/>'
    curve = f'<path d="{wave}" fill="none" stroke="{colour}" stroke-width="2.8" stroke-linecap="round"/>'
    return _icon(target + curve + _letter(text, 22, 18), colour, label or ASSURANCE[kind], size)


def _icon(body: str, colour: str, label: str, size: int) -> str:
    name = escape(label)
    ring = f'<circle cx="22" cy="22" r="19.5" fill="{colours.WHITE}" stroke="{colour}" stroke-width="3"/>'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="op-icon" role="img" aria-label="{name}" focusable="false" '
        f'width="{size}" height="{size}" viewBox="0 0 44 44"><title>{name}</title>{ring}{body}</svg>'
    )


def _letter(text: str, x: int, y: int) -> str:
    return (
        f'<text x="{x}" y="{y}" text-anchor="middle" font-family="{colours.FONT}" font-size="13" font-weight="bold" '
        f'fill="{colours.TEXT}">{text}</text>'
    )


def _arrow(side: str, colour: str) -> str:
    shape = "M14 8l5 7h-3v6h-4v-6h-3z" if side == "high" else "M14 37l5-7h-3v-6h-4v6h-3z"
    return f'<path d="{shape}" fill="{colour}"/>'


def _badge(meaning: str, side: str, colour: str) -> str:
    if meaning == "neutral":
        return ""
    mark = "M-3-0.2l2.2 2.4 4-4.8" if meaning == "improvement" else "M0-3.6v4.2M0 2.2v1.6"
    y = 36.4 if side == "high" else 7.6  # the corner that the line does not run into
    return (
        f'<g transform="translate(36.2 {y})"><circle r="6.2" fill="{colours.WHITE}" stroke="{colour}" stroke-width="1.8"/>'
        f'<path d="{mark}" fill="none" stroke="{colours.TEXT}" stroke-width="1.9"/></g>'
    )
