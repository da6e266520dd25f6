"""Every measure of one area at once, beside the groups it can fairly be set beside: the spine and its table."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from openpractice.analysis.compare import Standing
from openpractice.kinds import Area, month_no
from openpractice.present.picture import Picture
from openpractice.render import words
from openpractice.render.charts.spine import SpineRow
from openpractice.render.charts.spine import spine as draw_spine
from openpractice.render.tables import Column, Link, Table

OLD = 12  # months behind the newest figure after which a row says its year
SHORT = {"alike": "Most alike", "network": "Network", "local": "Local", "england": "England"}
_ONE = {"practice": "practice", "pcn": "PCN", "sub_icb": "sub-ICB location", "icb": "ICB", "region": "region"}


def spine(area: Area, standings: Sequence[Standing]) -> Picture | None:
    """The spine chart; None where there is nothing to be compared with."""
    shown = [s for s in standings if "england" in s.spreads and s.spreads["england"].n >= 3 and s.own.value is not None]
    if not shown:
        return None
    newest = max(month_no(s.own.period) for s in shown)
    rows = [_row(s, newest) for s in shown]
    this, many = f"This {_ONE[area.level]}", f"{_ONE[area.level]}s"
    fair = "alike" if any("alike" in s.spreads for s in shown) else "england"
    return Picture(
        id="spine",
        title=_finding(rows, many),
        subtitle=f"{area.name}, each measure in its latest month. Left is lower and right is higher, nothing more",
        description=f"One row for each of {len(rows)} measures; the table below holds every figure.",
        draw=partial(draw_spine, rows, names=(this, "Most alike" if fair == "alike" else "", "Local middle"),
                     group=many),
        table=_table(area, shown, spoken=False),
        spoken=_table(area, shown, spoken=True),
        source=words.listed(list(dict.fromkeys(s.measure.source.split(",")[0].split(" (")[0] for s in shown))),
        note="Each row has its own scale, centred on the middle of England. Each figure is in its own latest month.",
    )  # fmt: skip


def _row(s: Standing, newest: int) -> SpineRow:
    england = s.spreads["england"]
    year = f" ({s.own.period[:4]})" if newest - month_no(s.own.period) > OLD else ""
    return SpineRow(
        measure=f"{s.measure.title}{year}", unit=s.measure.unit, value=s.own.value,
        p10=england.p10 or 0, p25=england.p25 or 0, median=england.p50 or 0, p75=england.p75 or 0, p90=england.p90 or 0,
        local=s.spreads["local"].p50 if "local" in s.spreads else None,
        alike=s.spreads["alike"].p50 if "alike" in s.spreads else None,
        topic=s.measure.topic, low_confidence=s.own.confidence == "Low",
    )  # fmt: skip


def _finding(rows: Sequence[SpineRow], many: str) -> str:
    """How many dots lie off their bars: the sentence counts what the picture shows."""
    outside = sum(row.value is not None and not row.p10 <= row.value <= row.p90 for row in rows)
    where = f"the middle 8 in 10 of {many} in England"
    if not outside:
        return f"All {len(rows)} measures lie within {where}"
    return f"{outside} of {len(rows)} measures {'lies' if outside == 1 else 'lie'} outside {where}"


def _table(area: Area, shown: Sequence[Standing], *, spoken: bool) -> Table:
    """Every figure: for a page in words with its unit, for a file as numbers with the unit in a column of its own."""
    keys = [key for key in SHORT if any(key in s.spreads for s in shown)]
    middles = tuple(Column(f"{SHORT[key]}, middle", numeric=True) for key in keys)
    place = keys[0]
    columns = (
        Column("Measure"), *(() if spoken else (Column("Name"), Column("Unit"))), Column("Month"),
        Column(area.name, numeric=True), *middles,
        Column(f"Place among {'the most alike' if place == 'alike' else SHORT[place]}"), Column("Confidence"),
    )  # fmt: skip
    return Table(
        f"{area.name} beside others, latest month of each measure",
        columns,
        tuple(_line(area, s, keys, spoken) for s in shown),
    )


def _line(area: Area, s: Standing, keys: Sequence[str], spoken: bool) -> tuple:
    name = s.measure.name
    middles = [s.spreads[key].p50 if key in s.spreads else None for key in keys]
    where = among(s, keys[0])
    if spoken:
        first = Link(s.measure.title, f"/areas/{area.code}/measures/{name}/")
        figures = [words.figure(v, s.measure.unit) if v is not None else "–" for v in (s.own.value, *middles)]
        return (first, s.own.period, *figures, where, s.own.confidence)
    return (s.measure.title, name, s.measure.unit, s.own.period, s.own.value, *middles, where, s.own.confidence)


def among(s: Standing, key: str) -> str:
    """Where the figure stands in a group, in words."""
    spread = s.spreads.get(key)
    if spread is None or spread.own_percentile is None:
        return "not compared"
    others = max(spread.n, 1)
    return words.place(spread.below / others, "of them", share_above=spread.above / others).removesuffix(" of them")
