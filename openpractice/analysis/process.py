"""Has it changed? The control chart of a history: what it covers, where it starts afresh, what its icon may say."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from openpractice.analysis.everyone import value_of
from openpractice.analysis.wording import listed, month
from openpractice.kinds import Measure, Result, month_no, period_of
from openpractice.methods import spc

ENOUGH = 6  # points; Making Data Count: limits are of some use from 5 or 6 points
NEW_START = 12  # months without a figure after which a chart starts afresh
NAMED = 3  # missing months that are named; more are counted
_JOINED = "The rules count points, not months."
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


def spacing(periods: Sequence[str]) -> str:
    """What a reader must know where the months of a chart do not follow each other; empty where they do.

    The rules are of successive measurements, so points are joined over months without a figure, and that is said.
    """
    months = [month_no(period) for period in periods]
    apart = {later - earlier for earlier, later in pairwise(months)}
    missing = [n for earlier, later in pairwise(months) for n in range(earlier + 1, later)]
    if not missing:
        return ""
    if len(missing) <= NAMED:
        names = listed([month(period_of(n)) for n in missing])
        return (
            f"These points are not successive months: {names} {'is' if len(missing) == 1 else 'are'} missing. {_JOINED}"
        )
    if apart == {12}:
        return f"There is one figure a year. {_JOINED}"
    if len(apart) == 1:
        return f"There is a figure every {apart.pop()} months, not every month. {_JOINED}"
    between = f"{len(missing)} months between {month(periods[0])} and {month(periods[-1])}"
    return f"These points are not successive months: {between} have no figure. {_JOINED}"


def since_new_start(history: Sequence[Result]) -> list[Result]:
    """The part of a history on which its latest limits rest."""
    return list(history[_starts(history)[-1] :]) if _starts(history) else list(history)


def icon(drawn: spc.Chart | None) -> str:
    """What the latest point means, as an icon is named; "" where its limits rest on too few points to tell."""
    if drawn is None or drawn.group_points[0, -1] < ENOUGH:
        return ""
    return str(drawn.variation)


def icons(found: Sequence[tuple[Measure, Sequence[Result]]]) -> list[str]:
    """The `icon` of each history's `chart`, but all judged at once."""
    recent = [charted(history) for _, history in found]
    width = max(map(len, recent), default=0)
    if width < ENOUGH:
        return [""] * len(recent)
    table = np.full((len(recent), width), np.nan)  # points missing at the start change nothing
    for row, history in zip(table, recent, strict=True):
        row[width - len(history) :] = [value_of(r) for r in history]
    drawn = spc.xmr(table, direction=[measure.direction for measure, _ in found])
    together = np.where(drawn.group_points[:, -1] >= ENOUGH, drawn.variation, "")
    judged = zip(found, recent, together, strict=True)
    return [icon(chart(m, h)) if _starts(h) else str(alone) for (m, _), h, alone in judged]
