"""An organisation's own figures as its own people see them: every count as it is, nothing hidden."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from django.utils import timezone
from markupsafe import Markup

from openpractice.analysis import answers
from openpractice.analysis.compare import Standing
from openpractice.analysis.process import chart as process_chart
from openpractice.analysis.process import charted, icon
from openpractice.kinds import Area, Measure, Result
from openpractice.measures import catalogue
from openpractice.present import numbers, process
from openpractice.present.numbers import Card
from openpractice.render.tables import Column, Table
from openpractice.store import Store
from openpractice.web.chart import Chart
from openpractice.web.organisations.models import Organisation


def measures(topic: str = "") -> list[Measure]:
    """The measures of records that organisations hold themselves."""
    found = (m for m in catalogue().values() if m.table.own)
    return [m for m in found if not topic or m.topic == topic]


def topics() -> list[str]:
    return list(dict.fromkeys(m.topic for m in measures()))


def this_month() -> str:
    """The last month that figures are shown for: a book holds appointments that are yet to come, which tell nothing."""
    return f"{timezone.localdate():%Y-%m}"


def series(store: Store, measure: Measure, organisation: Organisation) -> list[Result]:
    """The months of a measure up to this one, oldest first."""
    return [r for r in answers.series(store, measure.name, organisation.code) if r.period <= this_month()]


def cards(store: Store, organisation: Organisation) -> list[tuple[str, list[Card]]]:
    """The latest figure of each measure that has one, by topic."""
    history = answers.history(store, organisation.code)
    now = this_month()
    found: dict[str, list[Card]] = {}
    for measure in measures():
        if months := [r for r in history.get(measure.name, ()) if r.period <= now]:
            found.setdefault(measure.topic, []).append(_card(measure, months))
    return list(found.items())


def _card(measure: Measure, months: Sequence[Result]) -> Card:
    variation = icon(process_chart(measure, charted(months)))
    drawn = numbers.card(Standing(measure, months[-1], {}, variation), months)
    return replace(drawn, href=f"/own/measures/{measure.name}/")


def drawn(measure: Measure, organisation: Organisation, months: Sequence[Result]) -> Chart:
    """The months of a measure, judged as a process."""
    shown = charted(months)
    place = Area(organisation.code, "practice", organisation.name)
    picture = process.process(measure, place, shown, process_chart(measure, shown))
    return Chart(
        id=picture.id, title=picture.title, subtitle=picture.subtitle, svg=Markup(picture.inline()), note=picture.note,
        source=f"{organisation}'s own records",
    )  # fmt: skip


def table(measure: Measure, organisation: Organisation, months: Sequence[Result]) -> Table:
    """Every month with what it is made of, the latest first."""
    columns = (
        Column("Month"), Column("Value", measure.unit, True), Column("Numerator", "", True),
        Column("Denominator", "", True), Column("Could not be classified", "proportion", True),
    )  # fmt: skip
    rows = tuple((r.period, r.value, r.numerator, r.denominator, r.unknown) for r in reversed(months))
    return Table(f"{measure.title}, {organisation}, all months", columns, rows)
