"""One area's report: what stands out, each topic, the most alike, the data, and the definitions behind every figure."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass

from openpractice.analysis import answers, closing, places
from openpractice.analysis.compare import Standing, profile
from openpractice.analysis.explain import stands_out
from openpractice.analysis.groups import Spread
from openpractice.analysis.process import chart, charted
from openpractice.kinds import Area, Measure, Refused, Result, month_no
from openpractice.measures import catalogue
from openpractice.present import evidence, missing, numbers, process, twins
from openpractice.present.beside import beside
from openpractice.present.particulars import head
from openpractice.present.picture import Picture
from openpractice.render import icons, svg, words
from openpractice.render.document import (
    Block,
    Bullets,
    Callout,
    Document,
    Figure,
    Heading,
    KeyFigure,
    KeyFigures,
    Paragraph,
    Section,
)  # fmt: skip
from openpractice.render.tables import NO_DATA, Column, Table
from openpractice.store import Store

# Title of a section → the topics in it, in the order of a conversation about access.
SECTIONS = {
    "Access": ("Access",),
    "Demand and telephony": ("Activity", "Telephony", "Online requests"),
    "Staff": ("Workforce",),
    "The list, and the quality of care": ("List", "Quality and context"),
}
DESCRIBED = "Quality and context"  # what a practice is like needs no picture
KEY = (
    "list_size",
    "calls_answered",
    "online_requests_per_1000",
    "appointments_per_1000",
    "same_day_share",
    "patients_per_gp",
)
KEYS_SHOWN = 4
WIDTH, HEIGHT = 720, 210  # of a picture, which fills the width of a page; only a process chart has a height to choose
_ON_PAPER = str.maketrans(
    "▶◀", "►◄"
)  # the report's own font has only the second pair, and PDF/UA forbids a missing glyph


@dataclass(frozen=True)
class Subject:
    """What every section draws on."""

    store: Store
    area: Area
    standings: tuple[Standing, ...]
    past: dict[str, list[Result]]


def build(store: Store, code: str, today: dt.date | None = None) -> Document:
    """The report of an area. Raises Refused for an unknown code, or an area that no loaded file gives a figure of."""
    area = places.area(store, code)
    standings = tuple(profile(store, area.code))
    if not standings:
        raise Refused(
            f"No loaded file gives a figure of {area.name}, so there is nothing to report. Load its files first."
        )
    subject = Subject(store, area, standings, answers.history(store, area.code))
    newest = max((s.own.period for s in standings), key=month_no)
    return Document(
        title=area.name,
        subtitle=f"{head(store, area).level} {area.code}: access, demand, staff and data, to {words.period(newest)}",
        author="OpenPractice",
        date=words.period(today or dt.date.today()),
        sections=(
            _first(subject), *(s for told in SECTIONS.items() if (s := _topics(subject, *told)).blocks), twins.section(store, area),
            evidence.checks(store, area), evidence.definitions(standings), evidence.sources(store, standings),
        ),
        attribution="Public sector information under the Open Government Licence v3.0; sources on the last page",
    )  # fmt: skip


def _first(subject: Subject) -> Section:
    """What a reader with one minute reads."""
    facts = [f"{f.name}: {f.value}" for f in head(subject.store, subject.area).facts if f.name != "Code"]
    blocks: list[Block] = [Paragraph(". ".join(facts) + "."), *_key_figures(subject)]
    findings = stands_out(subject.store, subject.area.code)
    if closed := head(subject.store, subject.area).closed:
        blocks.insert(0, Paragraph(closed))
    elif not findings:
        blocks.append(Paragraph("Nothing stands out: no figure has changed or differs by more than is usual."))
    for finding in findings:
        blocks += [
            Heading(finding.title),
            Paragraph(f"{finding.size} Certainty: {finding.certainty.lower()}. {finding.why}"),
            Callout("for the next huddle", finding.next_step, "action"),
        ]
    return Section("What stands out", tuple(blocks))


def _key_figures(subject: Subject) -> list[Block]:
    by_name = {s.measure.name: s for s in subject.standings}
    shown = [by_name[name] for name in KEY if name in by_name][:KEYS_SHOWN]
    return [KeyFigures(tuple(map(_key_figure, shown)))] if shown else []


def _key_figure(standing: Standing) -> KeyFigure:
    value, unit = numbers.split(standing.own.value, standing.measure.unit)
    icon = icons.variation_icon(standing.variation) if standing.variation else ""
    said, when = numbers.VARIATION[standing.variation], words.period(standing.own.period)
    label = (
        standing.measure.title if not unit or unit in standing.measure.title else f"{standing.measure.title}, {unit}"
    )
    return KeyFigure(value, label, when if icon else f"{when}. {said}", icon, said if icon else "")


def _topics(subject: Subject, title: str, topics: Sequence[str]) -> Section:
    """Each topic with a table of its figures and the most telling picture there is of one."""
    blocks: list[Block] = []
    for topic in topics:
        shown = [s for s in subject.standings if s.measure.topic == topic]
        if not shown and closing.gone(subject.area):
            continue
        if len(topics) > 1:
            blocks.append(Heading(topic))
        if shown:
            drawn = _picture(subject, shown) if topic != DESCRIBED else []
            blocks += [*drawn, _table(subject.area, topic, shown)]
        blocks += _lacking(subject, topic, {s.measure.name for s in shown})
    return Section(title, tuple(blocks))


def _picture(subject: Subject, shown: Sequence[Standing]) -> list[Block]:
    """The process of the first measure with enough months; failing that, where every measure of the topic stands."""
    for standing in shown:
        history = charted(subject.past[standing.measure.name])
        if standing.variation:
            drawn = process.process(standing.measure, subject.area, history, chart(standing.measure, history))
            return [_figure(drawn, height=HEIGHT)]
    spine = beside(subject.area, shown)
    return [_figure(spine)] if spine else []


def _figure(picture: Picture, **size: int) -> Figure:
    """A picture for paper: its finding as the caption, with what it shows, and its words for those who cannot see it."""
    title = picture.title
    if picture.draw is None:
        raise ValueError(f"{picture.id} is a table only; it has no drawing.")
    drawing = svg.svg(picture.draw(width=WIDTH, **size), title=title, description=picture.description, key=picture.id)
    drawing = drawing.translate(_ON_PAPER)
    caption = ". ".join(part.rstrip(".") for part in (title, picture.subtitle, picture.note) if part)
    return Figure(drawing, f"{title}. {picture.description}", f"{caption}.")


def _table(area: Area, topic: str, shown: Sequence[Standing]) -> Table:
    fair = "alike" if any("alike" in s.spreads for s in shown) else "local"
    columns = (
        Column("Measure"), Column("Month"), Column("Here", numeric=True),
        Column("Most alike" if fair == "alike" else "Local", numeric=True), Column("England", numeric=True),
        Column("Place"), Column("Trust"),
    )  # fmt: skip
    rows = tuple(
        (
            _named(s.measure), _short(s.own.period), words.figure(s.own.value, s.measure.unit), _middle(s, fair),
            _middle(s, "england"), _place(s.spreads.get(fair) or s.spreads.get("england")), s.own.confidence,
        )
        for s in shown
    )  # fmt: skip
    group = "the most alike" if fair == "alike" else "local areas"
    note = f"Beside it the middle of {group} and of England. Place: where among {group}, not how good."
    return Table(f"{topic}: {area.name}, latest month of each measure", columns, rows, (note,))


def _place(spread: Spread | None):
    """Where the figure stands in a group, as short as a cell: `above 9 in 10`, never overstated."""
    if spread is None or spread.own_percentile is None or not spread.n:
        return NO_DATA
    below, above = spread.below / spread.n, spread.above / spread.n
    share = max(below, above)
    if share < 0.6:
        return "middle fifth"
    side = "above" if below >= above else "below"
    return f"{side} all" if share == 1 else f"{side} {math.floor(round(share * 10, 9))} in 10"


def _named(measure: Measure) -> str:
    """The title with its unit, where neither the title nor the figure says it."""
    unit = "" if measure.unit in ("proportion", "score", "index") or measure.unit.startswith("£") else measure.unit
    return measure.title if not unit or unit.split()[0] in measure.title.lower() else f"{measure.title} ({unit})"


def _short(period: str) -> str:
    return f"{words.period(period)[:3]} {period[:4]}"


def _middle(standing: Standing, key: str):
    spread = standing.spreads.get(key)
    return NO_DATA if spread is None or spread.p50 is None else words.figure(spread.p50, standing.measure.unit)


def _lacking(subject: Subject, topic: str, known: set[str]) -> list[Block]:
    """What there is no figure for, said, with the nearest larger area's figure where there is one."""
    if closing.gone(subject.area):
        return []
    absent = [m for m in catalogue().values() if m.topic == topic and m.name not in known and not m.table.own]
    said = []
    for lack in missing.lacks(subject.store, subject.area, absent):
        above = [f"{a.measure.title}: {a.value} in {a.period} in {a.area.name}" for a in lack.above[:1]]
        beyond = f" Known of a larger area: {'; '.join(above)}." if above else ""
        said.append(f"{numbers.sentence(lack.names)}. {lack.remedy}{beyond}")
    return [Paragraph("No figure here:"), Bullets(tuple(said))] if said else []
