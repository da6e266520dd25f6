"""The catalogue of measures: what can be asked, in which words, and for which places and months there is an answer."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from openpractice.analysis import answers, loaded
from openpractice.kinds import LEVEL_NAMES, LEVELS, Measure, Source
from openpractice.measures import TOPICS, catalogue, find
from openpractice.present import example, formula
from openpractice.render import words
from openpractice.sources import catalogue as sources
from openpractice.store import Store

STATUSES = {
    "official": ("Official", "Counted as its publisher defines it."),
    "proposed": ("Proposed", "The definition is proposed, not settled. Read it beside its other versions."),
    "ours": ("Ours", "Our own definition. Nobody else publishes it in this form."),
    "context": ("Context", "Describes patients and place. It says nothing of how well anybody works."),
}
DIRECTIONS = {
    "increase": "Higher is better.",
    "decrease": "Lower is better.",
    "neutral": "Neither higher nor lower is better by itself.",
}
_PLURALS = {
    "practice": "practices", "pcn": "PCNs", "sub_icb": "sub-ICB locations", "icb": "ICBs", "region": "regions",
}  # fmt: skip


@dataclass(frozen=True)
class Reach:
    """A level for which a measure has answers: its name, how many areas, the first and the latest month in words."""

    level: str
    name: str
    areas: int
    first: str
    latest: str


@dataclass(frozen=True)
class Entry:
    """One measure in the list."""

    name: str
    title: str
    question: str
    unit: str
    status: str
    status_name: str
    reach: str
    available: bool


@dataclass(frozen=True)
class Catalogue:
    """What was asked for and what was found, by topic."""

    asked: str
    topic: str
    topics: tuple[tuple[str, int], ...]
    groups: tuple[tuple[str, tuple[Entry, ...]], ...]
    found: int
    total: int
    with_data: int


@dataclass(frozen=True)
class Definition:
    """Everything there is to say about one measure, without any place."""

    measure: Measure
    unit: str
    status_name: str
    status_meaning: str
    direction: str
    above: str
    below: str
    scale: str
    terms: tuple[tuple[str, str], ...]  # the columns its formula names, and what they mean
    example: example.Worked
    reach: tuple[Reach, ...]
    family: tuple[Relative, ...]
    files: tuple[loaded.LoadedFile, ...]
    sources: tuple[Source, ...]
    reviewed: str
    why_none: str  # why there are no figures, and what to do; empty when there are some


@dataclass(frozen=True)
class Relative:
    """A measure of the same family: another definition of one idea, or another part of one whole."""

    name: str
    title: str
    above: str
    below: str
    status_name: str
    version: str
    england: str
    here: bool


def listing(store: Store, asked: str = "", topic: str = "") -> Catalogue:
    """The measures whose words hold every word asked for, within a topic if one is named."""
    reach = answers.available(store)
    asked = " ".join(asked.split())[:100]
    topic = topic if topic in TOPICS else ""
    fits = [m for m in catalogue().values() if _fits(m, asked)]
    chosen = [m for m in fits if topic in ("", m.topic)]
    groups = tuple((t, tuple(_entry(m, reach.get(m.name, {})) for m in chosen if m.topic == t)) for t in TOPICS)
    return Catalogue(
        asked=asked,
        topic=topic,
        topics=tuple((t, sum(m.topic == t for m in fits)) for t in TOPICS),
        groups=tuple((t, entries) for t, entries in groups if entries),
        found=len(chosen),
        total=len(catalogue()),
        with_data=sum(name in reach for name in catalogue()),
    )


def _fits(measure: Measure, asked: str) -> bool:
    text = " ".join((measure.name, measure.title, measure.question, measure.why, measure.topic, measure.family)).lower()
    return all(word in text for word in asked.lower().split())


def _entry(measure: Measure, reach: dict[str, tuple[str, str, int]]) -> Entry:
    return Entry(
        name=measure.name,
        title=measure.title,
        question=measure.question,
        unit=words.unit_name(measure.unit),
        status=measure.status,
        status_name=STATUSES[measure.status][0],
        reach=_reach_in_words(reach) if reach or not measure.table.own else "From a practice's own records",
        available=bool(reach),
    )


def _reach_in_words(reach: dict[str, tuple[str, str, int]]) -> str:
    """`England, 42 ICBs and 6,213 practices, to February 2026`; months only once when all levels share theirs."""
    if not reach:
        return "No figures yet"
    known = [level for level in reversed(LEVELS) if level in reach]
    latest = {reach[level][1] for level in known}
    if len(latest) == 1:
        return f"{words.listed([_many(level, reach[level][2]) for level in known])}, to {words.period(latest.pop())}"
    named = [f"{_many(level, reach[level][2])} to {words.period(reach[level][1])}" for level in known]
    return words.listed(named)


def _many(level: str, count: int) -> str:
    if level == "nation":
        return LEVEL_NAMES[level]
    plural = _PLURALS[level]
    return f"{count:,} {plural if count != 1 else plural.removesuffix('s')}"


def definition(store: Store, name: str) -> Definition:
    """One measure in full. Raises Refused with the nearest names when there is none of that name."""
    measure = find(name)
    status_name, meaning = STATUSES[measure.status]
    reach = answers.available(store).get(measure.name, {})
    files = tuple(loaded.lineage(store, measure))
    return Definition(
        measure=measure,
        unit=words.unit_name(measure.unit),
        status_name=status_name,
        status_meaning=meaning,
        direction=DIRECTIONS[measure.direction],
        above=formula.numerator(measure),
        below=formula.denominator(measure),
        scale="" if measure.scale == 1 else f"{measure.scale:,.0f} × ",
        terms=_terms(measure),
        example=example.worked(measure),
        reach=tuple(
            Reach(level, LEVEL_NAMES[level], reach[level][2], words.period(reach[level][0]), words.period(reach[level][1]))
            for level in reversed(LEVELS)
            if level in reach
        ),
        family=_family(store, measure),
        files=files,
        sources=_feeding(measure),
        reviewed=words.period(measure.reviewed),
        why_none="" if reach else _why_none(measure, bool(files)),
    )  # fmt: skip


def _why_none(measure: Measure, loaded_some: bool) -> str:
    if measure.table.own:
        return (
            "No open data exist for this. It is worked out from a practice's own records, which the practice loads for "
            "itself; others see the figure only where that practice agreed to it."
        )
    if not loaded_some:
        return "No file that feeds this measure has been loaded. The publications that could feed it are named below."
    needs = words.listed([measure.table.column(name).meaning.lower() for name in measure.needs])
    return (
        "Files of its kind are loaded, but none of them gives "
        f"{'all it needs together: ' + needs if needs else 'all the figures it needs'}. Fuller publications are named below."
    )


def _terms(measure: Measure) -> tuple[tuple[str, str], ...]:
    said = set(re.findall(r"\w+", f"{formula.numerator(measure)} {formula.denominator(measure)}"))
    return tuple((c.name, c.meaning) for c in measure.table.columns if c.name in said)


def _feeding(measure: Measure) -> tuple[Source, ...]:
    return tuple(s for s in sources().values() if any(t.name == measure.table.name for t in s.tables))


def _family(store: Store, measure: Measure) -> tuple[Relative, ...]:
    if not measure.family:
        return ()
    relatives = [m for m in catalogue().values() if m.family == measure.family]
    return tuple(_relative(store, m, here=m.name == measure.name) for m in relatives) if len(relatives) > 1 else ()


def _relative(store: Store, measure: Measure, *, here: bool) -> Relative:
    results = answers.series(store, measure.name, "ENG")
    england = "no figure"
    if results:
        england = f"{words.number(results[-1].value, measure.unit)} in {words.period(results[-1].period)}"
    return Relative(
        measure.name, measure.title, formula.numerator(measure), formula.denominator(measure),
        STATUSES[measure.status][0], measure.version, england, here,
    )  # fmt: skip


def months_in_words(files: Sequence[loaded.LoadedFile]) -> list[str]:
    """For each file the months it speaks of, in words."""
    return [span(f.first, f.last) for f in files]


def span(first: str, last: str) -> str:
    """Two months as a stretch: `January to March 2026`, `March 2026`, or `no month`."""
    if not first:
        return "no month: it describes places"
    if first == last:
        return words.period(first)
    if first[:4] == last[:4]:
        return f"{words.period(first).split()[0]} to {words.period(last)}"
    return f"{words.period(first)} to {words.period(last)}"
