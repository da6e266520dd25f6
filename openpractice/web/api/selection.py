"""Which figures a program asks for: measures × areas × months, as blocks that are read only when their page is asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Literal

from ninja import Field, Schema

from openpractice.analysis import answers, places
from openpractice.analysis.evaluate import evaluate
from openpractice.analysis.remembered import remembered
from openpractice.kinds import ENGLAND, LEVELS, Area, Measure, Result, month_no, months_asked
from openpractice.store import Store
from openpractice.web.api.measures import named
from openpractice.web.api.problems import Trouble

Block = Callable[[], Sequence[Result]]
MONTH = "^[0-9]{4}-(0[1-9]|1[0-2])$"
MOST_MEASURES, MOST_AREAS, MOST_SPLITS = 20, 200, 2
MOST_CELLS = 200_000


class Figures(Schema):
    """What every question about figures may say."""

    measure: list[str] = Field(
        min_length=1,
        max_length=MOST_MEASURES,
        description="Names of measures.",
        json_schema_extra={"example": ["calls_missed"]},
    )
    first: str | None = Field(None, alias="from", pattern=MONTH, description="The first month.")
    last: str | None = Field(None, alias="to", pattern=MONTH, description="The last month.")
    by: list[str] = Field([], max_length=MOST_SPLITS, description="Split by a dimension of the measure.")
    limit: int = Field(1000, ge=1, le=10_000, description="How many figures at a time.")
    cursor: str | None = Field(
        None, pattern="^[0-9]{1,9}-[0-9]{1,9}-[0-9]{1,9}$", description="Where to go on; taken from `next`."
    )
    format: Literal["json", "csv"] | None = Field(None, description="csv, or json; or say it in the header Accept.")


class Asked(Figures):
    """Of the open data: of which areas, too."""

    area: list[str] = Field(
        [], max_length=MOST_AREAS, description="Codes of areas.", json_schema_extra={"example": ["A81002"]}
    )
    within: str | None = Field(None, max_length=20, description="Every area of `level` inside this one.")
    level: Literal["practice", "pcn", "sub_icb", "icb", "region", "nation"] | None = Field(
        None, description="Every area of this level; with `within`, practice unless you say. Without areas: nation."
    )


@dataclass(frozen=True)
class Chosen:
    """What was asked, looked up: named areas, or else every area of a level."""

    measures: tuple[Measure, ...]
    areas: tuple[Area, ...]
    level: str
    by: tuple[str, ...]
    first: str | None
    last: str | None

    def keeps(self, result: Result) -> bool:
        low, high = months_asked(self.first, self.last)
        return low <= month_no(result.period) <= high


def measures(asked: Figures) -> tuple[Measure, ...]:
    """The measures asked for, each once. Raises Trouble for a name, a split or a span that cannot be."""
    found = tuple(named(name, 422) for name in dict.fromkeys(asked.measure))
    for measure in found:
        for name in asked.by:
            if name not in measure.table.dimensions:
                known = ", ".join(measure.table.dimensions) or "nothing"
                raise Trouble(422, f"{measure.name} cannot be split by “{name}”.", f"It can be split by: {known}.")
    if asked.first and asked.last and month_no(asked.first) > month_no(asked.last):
        raise Trouble(422, f"The first month, {asked.first}, comes after the last, {asked.last}.", "Exchange them.")
    return found


def chosen(store: Store, asked: Asked) -> Chosen:
    """Look up what was asked for. Raises Trouble or Refused."""
    found, areas = measures(asked), tuple(places.area(store, code) for code in dict.fromkeys(asked.area))
    if areas and (asked.within or asked.level):
        raise Trouble(422, "Give “area” for named areas, or “within” and “level” for many, not both.")
    level = asked.level or "nation"
    if asked.within:
        place, level = places.area(store, asked.within), asked.level or "practice"
        if LEVELS.index(level) >= LEVELS.index(place.level):
            raise Trouble(422, f"{place.code} is of the level {place.level} and holds nothing of the level {level}.")
        areas = tuple(places.members(store, place, level))
    elif level == "nation" and not areas:
        areas = (places.area(store, ENGLAND),)
    return Chosen(found, areas, level, tuple(dict.fromkeys(asked.by)), asked.first, asked.last)


def blocks(store: Store, wanted: Chosen) -> list[Block]:
    """The answer in order: by measure, then area by area through the months, or month by month through a level."""
    if wanted.by:
        return [_split(store, wanted, measure) for measure in wanted.measures]
    if wanted.areas:
        return [_series(store, wanted, m, area) for m in wanted.measures for area in wanted.areas]
    low, high = months_asked(wanted.first, wanted.last)
    return [
        _ranking(store, measure, wanted.level, month)
        for measure in wanted.measures
        for month in answers.months(store, measure.name, wanted.level)
        if low <= month_no(month) <= high
    ]


def _series(store: Store, wanted: Chosen, measure: Measure, area: Area) -> Block:
    return lambda: [r for r in answers.series(store, measure.name, area.code) if wanted.keeps(r)]


def _ranking(store: Store, measure: Measure, level: str, month: str) -> Block:
    return lambda: answers.ranking(store, measure.name, level, month)


def _split(store: Store, wanted: Chosen, measure: Measure) -> Block:
    """From the records: no stored result is split. Remembered, so that the next page costs nothing."""
    key = ("api split", measure.name, wanted.by, wanted.areas, wanted.level, wanted.first, wanted.last)
    return lambda: remembered(store, key, lambda: _from_records(store, wanted, measure), room=20)


def _from_records(store: Store, wanted: Chosen, measure: Measure) -> tuple[Result, ...]:
    found: list[Result] = []
    for level in dict.fromkeys(area.level for area in wanted.areas) if wanted.areas else (wanted.level,):
        codes = [area.code for area in wanted.areas if area.level == level] if wanted.areas else None
        found += evaluate(
            store, [measure], level=level, areas=codes, first=wanted.first, last=wanted.last, by=wanted.by
        )
    if len(found) > MOST_CELLS:
        raise Trouble(422, "That would be too many figures at once.", "Ask for fewer months, or name areas.")
    place = {area.code: at for at, area in enumerate(wanted.areas)}
    order = {name: {w: i for i, w in enumerate(measure.table.column(name).values)} for name in wanted.by}
    key = lambda r: (place.get(r.area, 0), r.area, r.period, [(order[n].get(w, 99), w) for n, w in r.by])  # noqa: E731
    return tuple(sorted(found, key=key))


def piece(parts: Sequence[Block], start: tuple[int, int], limit: int) -> tuple[list[Result], tuple[int, int] | None]:
    """Results from a place on, at most so many, and the place after them; blocks before and after it are not read."""
    found: list[Result] = []
    first, skip = start
    for at in range(first, len(parts)):
        rows = parts[at]()
        taken = rows[skip : skip + limit - len(found)]
        found += taken
        if skip + len(taken) < len(rows):
            return found, (at, skip + len(taken))
        skip = 0
        if len(found) == limit:
            return found, ((at + 1, 0) if _any(islice(parts, at + 1, None)) else None)
    return found, None


def _any(parts: Iterable[Block]) -> bool:
    return any(part() for part in parts)
