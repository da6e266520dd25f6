"""The measures of one topic beside others, as a spine that fits a page."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from openpractice.analysis.compare import Standing
from openpractice.kinds import Area
from openpractice.present import numbers
from openpractice.present.picture import Picture
from openpractice.render import words
from openpractice.render.charts.spine import SpineRow, spine
from openpractice.render.tables import Column, Table

FEW_AREAS = 10  # fewer have no tenths to draw


def beside(area: Area, standings: Sequence[Standing]) -> Picture | None:
    """One row a measure against England, the most alike and the local middle; None where too few areas have figures."""
    shown = [s for s in standings if "england" in s.spreads and s.spreads["england"].n >= FEW_AREAS]
    if not shown or area.level == "nation":
        return None
    rows = [_row(s) for s in shown]
    many = numbers.PLURALS[area.level]
    outside = sum(r.value is not None and not r.p10 <= r.value <= r.p90 for r in rows)
    topic = words.listed(list(dict.fromkeys(s.measure.topic for s in shown)))
    columns = (Column("Measure"), Column("Here", numeric=True), Column("England", numeric=True))
    body = tuple((r.measure, words.number(r.value, r.unit), words.number(r.median, r.unit)) for r in rows)
    table = Table(f"{topic}: {area.name} beside England", columns, body)
    return Picture(
        id=f"beside-{topic.lower().replace(' ', '-')}",
        title=f"{topic}: {outside} of {words.plural(len(rows), 'measure')} outside the middle 8 in 10 of {many} in England",
        subtitle="Each row has its own scale, centred on the middle of England; left is lower and right is higher",
        description="; ".join(f"{measure}: {here}, England {there}" for measure, here, there in body),
        draw=partial(spine, rows, names=_names(area, rows), group=many),
        table=table,
        source=words.listed(list(dict.fromkeys(s.measure.source for s in shown))),
    )


def _names(area: Area, rows: Sequence[SpineRow]) -> tuple[str, str, str]:
    this = "This practice" if area.level == "practice" else "This area"
    alike = "Most alike" if any(r.alike is not None for r in rows) else ""
    return this, alike, "Local middle" if any(r.local is not None for r in rows) else ""


def _row(s: Standing) -> SpineRow:
    england = s.spreads["england"]
    return SpineRow(
        s.measure.title, s.measure.unit, s.own.value, england.p10 or 0, england.p25 or 0, england.p50 or 0,
        england.p75 or 0, england.p90 or 0, local=s.spreads["local"].p50 if "local" in s.spreads else None,
        alike=s.spreads["alike"].p50 if "alike" in s.spreads else None, low_confidence=s.own.confidence == "Low",
    )  # fmt: skip
