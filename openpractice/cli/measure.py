"""`openpractice measure`: one measure, its definition and its values."""

from __future__ import annotations

from collections.abc import Sequence

import click

from openpractice.cli import asked, printing
from openpractice.cli.printing import Column, printed
from openpractice.kinds import ENGLAND, LEVELS, Area, Measure, Result

FIELDS = (
    "measure", "area", "area_name", "level", "period", "numerator", "denominator", "value", "unit", "coverage",
    "unknown", "confidence", "definition",
)  # fmt: skip
_SHOWN_MONTHS = 12
_BETTER = {"increase": "higher", "decrease": "lower", "neutral": "neither higher nor lower"}


@click.command("measure")
@click.argument("name")
@click.option(
    "--area", "codes", multiple=True, metavar="CODE", help="An area; may be given more than once. ENG is England."
)
@click.option("--within", metavar="CODE", help="Every area of a level inside this one.")
@click.option(
    "--level",
    type=click.Choice(LEVELS),
    help="The level of the areas asked for. [default: nation; with --within: practice]",
)
@click.option("--from", "first", metavar="YYYY-MM", help="The first month.")
@click.option("--to", "last", metavar="YYYY-MM", help="The last month.")
@click.option("--period", metavar="YYYY-MM", help="This month only.")
@click.option(
    "--by", multiple=True, metavar="DIM", help="Split by a category of the records; may be given more than once."
)
@click.option("--engine", metavar="NAME", help="Compute from the records with duckdb, polars or plain.")
@printed
@click.pass_context
def verb(ctx, name, codes, within, level, first, last, period, by, engine, style) -> None:
    """Show one measure: its definition, and its values for areas and months.

    Without areas, the definition and England. Stored results are printed unless --by or --engine asks for the
    records; the two are the same numbers.
    """
    from openpractice.measures import find
    from openpractice.store import Store

    measure = find(name)
    first, last = asked.span(first, last, period)
    store = Store(ctx.obj)
    areas, level = asked.areas_asked(store, codes, within, level)
    if by or engine:
        results = asked.from_records(store, measure, areas, level, first, last, by, engine or "duckdb")
    else:
        results = asked.stored(store, measure, areas, level, first, last)
    if within:
        results = asked.inside(store, results, within)
    if style is None and not areas and level == "nation":
        click.echo(definition(measure))
        click.echo()
    if not results:
        printing.nothing(_nothing(store, measure, areas, level, first, last), style, FIELDS)
    show(store, measure, results, style, by, every_month=bool(areas or first or last or level == "nation"))


def _nothing(store, measure: Measure, areas: Sequence[Area], level: str | None, first, last) -> str:
    """Why there is nothing to show: for named areas, and England, as their page says it."""
    from openpractice.analysis.places import area
    from openpractice.present import missing

    asked_about = areas or ([area(store, ENGLAND)] if level == "nation" else [])
    told = {place: missing.why(store, measure, place, first, last) for place in asked_about}
    lines = [f"'{measure.title}' of {place.name}: {why}" for place, why in told.items() if why]
    return "\n".join(lines) or f"No loaded file gives '{measure.title}' for what was asked."


def records(store, measure: Measure, results: Sequence[Result]) -> list[dict]:
    """Results with their area's name and the measure's unit and definition, as every output prints them."""
    from openpractice.analysis.places import named

    known = named(store, sorted({result.area for result in results}))
    return [
        {
            "measure": result.measure,
            "area": result.area,
            "area_name": known[result.area].name if result.area in known else result.area,
            "level": result.level,
            "period": result.period,
            "numerator": result.numerator,
            "denominator": result.denominator,
            "value": result.value,
            "unit": measure.unit,
            "coverage": _rounded(result.coverage),
            "unknown": _rounded(result.unknown),
            "confidence": result.confidence,
            "definition": measure.definition,
            "by": dict(result.by),
        }
        for result in results
    ]


def _rounded(share: float | None) -> float | None:
    return None if share is None else round(share, 4)


def show(
    store, measure: Measure, results: Sequence[Result], style, by: Sequence[str] = (), *, every_month=True
) -> None:
    """Print results. A person sees the latest months; JSON and CSV hold them all."""
    found = records(store, measure, results)
    if style == "json":
        printing.as_json(found)
    elif style == "csv":
        printing.as_csv([record | record["by"] for record in found], (*FIELDS, *by))
    else:
        _table(measure, found, by, every_month)


def _table(measure: Measure, found: list[dict], by: Sequence[str], every_month: bool) -> None:
    from openpractice.render import words

    months = sorted({record["period"] for record in found})
    kept = set(months[-_SHOWN_MONTHS:] if every_month else months[-1:])
    columns = [
        Column("Area", "area"),
        Column("Name", "area_name"),
        Column("Month", "period"),
        *(Column(dimension, dimension) for dimension in by),
        Column("Value", "value", lambda value: words.number(value, measure.unit), numeric=True),
        Column("Numerator", "numerator", lambda value: f"{value:,.0f}", numeric=True),
        Column("Denominator", "denominator", lambda value: f"{value:,.0f}", numeric=True),
        Column("Covers", "coverage", words.percentage, numeric=True),
        Column("Unknown", "unknown", words.percentage, numeric=True),
        Column("Confidence", "confidence"),
    ]
    left = len(months) - len(kept)
    notes = [f"{left} earlier {'month is' if left == 1 else 'months are'} in --json and --csv."] if left else []
    shown = [record | record["by"] for record in found if record["period"] in kept]
    printing.as_table(f"{measure.title} ({measure.definition})", columns, shown, notes)


def definition(measure: Measure) -> str:
    """What a measure is, in words: the question, why it matters, the formula, and what to be careful about."""
    from openpractice.present.formula import formula
    from openpractice.render.words import unit_name

    lines = [
        f"{measure.title} ({measure.definition}, {measure.status}, {measure.topic})",
        measure.question,
        "",
        measure.why,
        "",
        f"Formula   {formula(measure)}",
        f"Unit      {unit_name(measure.unit)}",
        f"Better    {_BETTER[measure.direction]}",
        f"Source    {measure.source}",
        f"Reviewed  {measure.reviewed}",
        *(f"Careful   {caveat}" for caveat in measure.caveats),
    ]
    return "\n".join(lines)
