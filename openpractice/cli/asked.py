"""Which areas and months a person asks for, and the results that answer: stored ones, or from the records."""

from __future__ import annotations

from collections.abc import Sequence

import click

from openpractice.kinds import ENGLAND, LEVEL_NAMES, LEVELS, Area, Measure, Refused, Result, month_no, months_asked


def span(first: str | None, last: str | None, period: str | None) -> tuple[str | None, str | None]:
    """The first and last month asked for, each checked. A range the wrong way round is refused."""
    if period and (first or last):
        raise click.UsageError("Give --period for one month, or --from and --to for several, not both.")
    for month in (first, last, period):
        if month is not None:
            month_no(month)
    if first and last and month_no(first) > month_no(last):
        raise Refused(f"The first month, {first}, comes after the last, {last}. Exchange them.")
    return (period, period) if period else (first, last)


def areas_asked(store, codes: Sequence[str], within: str | None, level: str | None) -> tuple[list[Area], str | None]:
    """The areas asked for, and the level when every area of a level is meant (no areas)."""
    from openpractice.analysis.places import area

    if codes and within:
        raise click.UsageError("Give --area for named areas, or --within for those inside one, not both.")
    if within:
        place = area(store, within)
        wanted = level or "practice"
        if LEVELS.index(wanted) >= LEVELS.index(place.level):
            raise Refused(
                f"{place.code} ({LEVEL_NAMES[place.level]}) holds nothing of the level {wanted}. Choose a lower level."
            )
        return [], wanted
    if codes:
        areas = [area(store, code) for code in dict.fromkeys(codes)]
        for place in areas:
            if level and place.level != level:
                raise Refused(
                    f"{place.code} is of the level {place.level}, not {level}. For those inside it use "
                    f"--within {place.code} --level {level}."
                )
        return areas, None
    return [], level or "nation"


def stored(store, measure: Measure, areas: list[Area], level: str | None, first, last) -> list[Result]:
    """Results as the last change of the facts left them; what a page shows."""
    from openpractice.analysis import answers

    if areas:
        results = [result for place in areas for result in answers.series(store, measure.name, place.code)]
    elif level is None or level == "nation":
        results = answers.series(store, measure.name, ENGLAND)
    else:
        months = [m for m in answers.months(store, measure.name, level) if _between(m, first, last)]
        results = [result for month in months for result in answers.ranking(store, measure.name, level, month)]
        results.sort(key=lambda result: (result.area, result.period))
    return [result for result in results if _between(result.period, first, last)]


def _between(period: str, first: str | None, last: str | None) -> bool:
    low, high = months_asked(first, last)
    return low <= month_no(period) <= high


def from_records(store, measure, areas, level, first, last, by, engine) -> list[Result]:
    """The same results computed now, by any dimension and on any engine."""
    from openpractice.analysis.evaluate import evaluate

    found: list[Result] = []
    try:
        for its in dict.fromkeys(place.level for place in areas) if areas else (level,):
            codes = [place.code for place in areas if place.level == its] if areas else None
            found += evaluate(store, [measure], level=its, areas=codes, first=first, last=last, by=by, engine=engine)
    finally:
        store.facts().close()
    place = {area.code: i for i, area in enumerate(areas)}
    words = {name: {word: i for i, word in enumerate(measure.table.column(name).values)} for name in by}

    def order(result: Result) -> tuple:
        split = [(words[name].get(word, len(words[name])), word) for name, word in result.by]
        return (place.get(result.area, 0), result.area, result.period, split)

    return sorted(found, key=order)


def inside(store, results: list[Result], within: str) -> list[Result]:
    """Those of the results whose area lies inside another today."""
    from openpractice.analysis.places import area, named

    place = area(store, within)
    if place.level == "nation":
        return results
    known = named(store, sorted({result.area for result in results}))
    return [r for r in results if r.area in known and getattr(known[r.area], place.level) == place.code]
