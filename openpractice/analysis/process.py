"""Has it changed? The control chart of a history: what it covers, where it starts afresh, what its icon may say."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from openpractice.analysis.everyone import value_of
from openpractice.kinds import Measure, Result, month_no
from openpractice.methods import spc

NEW_START = 12  # months without a figure after which a chart starts afresh
CHARTED = 36  # months; Making Data Count keeps charts to two or three years, so that limits describe today's process


def charted(history: Sequence[Result]) -> list[Result]:
    """The part of a history that a chart shows: its last three years."""
    if not history:
        return []
    first = month_no(history[-1].period) - CHARTED + 1
    return [result for result in history if month_no(result.period) >= first]


def chart(measure: Measure, history: Sequence[Result]) -> spc.Chart | None:
    """The control chart of a history, point for point. It starts afresh after a gap of more than a year."""
    values = [value_of(r) for r in history]
    if len(values) < 2:
        return None
    return spc.xmr(values, rebase=_starts(history), direction=measure.direction)


def _starts(history: Sequence[Result]) -> list[int]:
    months = [month_no(r.period) for r in history]
    return [i for i in range(1, len(months)) if months[i] - months[i - 1] > NEW_START]


def since_new_start(history: Sequence[Result]) -> list[Result]:
    """The part of a history on which its latest limits rest."""
    return list(history[_starts(history)[-1] :]) if _starts(history) else list(history)


def variations(found: Sequence[tuple[Measure, Sequence[Result]]]) -> list[str]:
    """The icon of each history's latest point, as `chart` would give it, but all judged at once."""
    recent = [charted(history) for _, history in found]
    width = max(map(len, recent), default=0)
    if width < 2:
        return [""] * len(recent)
    table = np.full((len(recent), width), np.nan)  # points missing at the start change nothing
    for row, history in zip(table, recent, strict=True):
        row[width - len(history) :] = [value_of(r) for r in history]
    icons = spc.xmr(table, direction=[measure.direction for measure, _ in found]).variation
    return [_icon(m, h, str(icon)) for (m, _), h, icon in zip(found, recent, icons, strict=True)]


def _icon(measure: Measure, history: Sequence[Result], icon: str) -> str:
    if len(history) < 2:
        return ""
    drawn = chart(measure, history) if _starts(history) else None
    return str(drawn.variation) if drawn else icon
