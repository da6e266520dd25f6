"""One area on one page: who it is, what needs attention, every measure by topic."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from openpractice.analysis import answers, closing, places
from openpractice.analysis.compare import profile
from openpractice.analysis.explain import stands_out
from openpractice.analysis.finding import Finding
from openpractice.kinds import Area, Result
from openpractice.measures import TOPICS, catalogue
from openpractice.present import missing, numbers
from openpractice.present.numbers import Card
from openpractice.present.particulars import Head, head
from openpractice.store import Store

FIRST = 6  # cards of a topic that are open at once


@dataclass(frozen=True)
class Attention:
    """A finding with its picture and where it leads."""

    finding: Finding
    spark: str
    links: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Topic:
    """The measures of one topic: those to see first, the rest, and those without a figure here."""

    name: str
    id: str
    cards: tuple[Card, ...]
    more: tuple[Card, ...]
    lacks: tuple[missing.Lack, ...]


@dataclass(frozen=True)
class Overview:
    """What an area's page says."""

    head: Head
    attention: tuple[Attention, ...]
    topics: tuple[Topic, ...]
    figures: int  # measures that have one

    @property
    def area(self) -> Area:
        return self.head.area


def overview(store: Store, code: str) -> Overview:
    """The overview of any area. Raises Refused when there is none of that code."""
    area = places.area(store, code)
    past = answers.history(store, area.code)
    cards = {s.measure.name: numbers.card(s, past[s.measure.name]) for s in profile(store, area.code)}
    return Overview(
        head(store, area), tuple(_attention(area, f, past) for f in stands_out(store, area.code)),
        tuple(_topics(store, area, cards)), len(cards),
    )  # fmt: skip


def read_ahead(store: Store) -> None:
    """Everything that the first overview of a practice would otherwise wait for: one of them, of the largest practice."""
    row = store.catalogue.execute(
        "SELECT code FROM areas WHERE level = 'practice' AND status = 'active' ORDER BY patients DESC LIMIT 1"
    ).fetchone()
    if row:
        overview(store, row[0])
        missing.available(store)


def _attention(area: Area, finding: Finding, past: dict[str, list[Result]]) -> Attention:
    if finding.measure is None:
        return Attention(finding, "", (("See what is loaded", "/data/"),))
    name = finding.measure.name
    spark = numbers.spark(finding.measure, past.get(name, ()), finding.variation, width=260)
    links = [("See the measure", numbers.address(area.code, name))]
    if area.level == "practice" and finding.kind == "difference":
        links.append(("Compare with those most alike", f"/compare/{area.code}/"))
    return Attention(finding, spark, tuple(links))


def _topics(store: Store, area: Area, cards: dict[str, Card]) -> list[Topic]:
    """Every topic that there is something to say of; of what is closed only those it had figures of."""
    found = [_topic(store, area, name, cards) for name in TOPICS]
    return [topic for topic in found if topic.cards or topic.lacks]


def _topic(store: Store, area: Area, name: str, cards: dict[str, Card]) -> Topic:
    measures = [m for m in catalogue().values() if m.topic == name]
    shown = _first_of_families([cards[m.name] for m in measures if m.name in cards])
    lacking = [m for m in measures if m.name not in cards and (area.level == "practice" or not m.table.own)]
    slug = name.lower().replace(" ", "-")
    lacks = () if closing.gone(area) else missing.lacks(store, area, lacking)
    return Topic(name, slug, tuple(shown[:FIRST]), tuple(shown[FIRST:]), lacks)


def _first_of_families(cards: Sequence[Card]) -> list[Card]:
    """One card of each idea first, then its other definitions, so that the open cards differ."""
    seen: set[str] = set()
    leading: list[Card] = []
    following: list[Card] = []
    for card in cards:
        family = card.measure.family
        (following if family and family in seen else leading).append(card)
        seen.add(family)
    return leading + following
