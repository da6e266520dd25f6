"""`openpractice compare`: one area beside its network, its neighbours, those most alike and England."""

from __future__ import annotations

import click

from openpractice.cli import printing
from openpractice.cli.printing import Column, printed

_GROUPS = ("alike", "network", "local", "england")
_FIELDS = ("measure", "title", "area", "area_name", "period", "value", "unit", "group", "label", "n", "percentile", "p10", "p25", "p50", "p75", "p90")  # fmt: skip


@click.command("compare")
@click.argument("code")
@click.argument("measures", nargs=-1, metavar="[MEASURE…]")
@click.option("--period", metavar="YYYY-MM", help="The month compared. [default: the latest of each measure]")
@click.option(
    "--k", default=20, show_default=True, type=click.IntRange(min=1), help="How many practices are most alike."
)
@click.option("--without", multiple=True, metavar="FEATURE", help="Find those most alike without this feature.")
@printed
@click.pass_context
def verb(ctx, code, measures, period, k, without, style) -> None:
    """Compare an area with those most alike.

    Every MEASURE named, or all that the area has, beside the practices most alike, its network, its neighbours and
    England. A place among others is where a value stands, never how good it is.
    """
    from openpractice.analysis.places import area
    from openpractice.store import Store

    store = Store(ctx.obj)
    place = area(store, code)
    records = [record for record in _records(store, place, measures, period, k, without) if record["value"] is not None]
    if not records:
        printing.nothing(f"No loaded file gives a figure of {place.name} for what was asked.", style, _FIELDS)
    if style == "json":
        printing.as_json(records)
    elif style == "csv":
        printing.as_csv([_flat(r, key, g) for r in records for key, g in r["groups"].items()], _FIELDS)
    else:
        _table(place, records)


def _records(store, place, names, period, k, without) -> list[dict]:
    from openpractice.analysis import compare, process

    if not names and period is None:
        standings = compare.profile(store, place.code, k, without)
        return [_record(place, s.measure, s.own, s.spreads, s.variation) for s in standings]
    if not names:
        names = tuple(s.measure.name for s in compare.profile(store, place.code, k, without))
    found = []
    for name in names:
        c = compare.compare(store, name, place.code, period, k, without)
        record = _record(place, c.measure, c.own, c.spreads, process.icon(c.chart))
        record["funnel"] = c.funnel.position if c.funnel else None
        record["notes"] += c.notes
        found.append(record)
    return found


def _record(place, measure, own, spreads, variation: str) -> dict:
    from openpractice.present.numbers import VARIATION

    return {
        "measure": measure.name,
        "title": measure.title,
        "area": place.code,
        "area_name": place.name,
        "period": own.period if own else None,
        "numerator": own.numerator if own else None,
        "denominator": own.denominator if own else None,
        "value": own.value if own else None,
        "unit": measure.unit,
        "confidence": own.confidence if own else None,
        "definition": measure.definition,
        "variation": variation or None,
        "variation_words": VARIATION[variation],
        "groups": {key: _group(spreads[key]) for key in _GROUPS if key in spreads},
        "funnel": None,
        "notes": [measure.england_apart] if measure.england_apart else [],
    }


def _group(spread) -> dict:
    named = {
        name: getattr(spread, name) for name in ("label", "n", "p10", "p25", "p50", "p75", "p90", "below", "above")
    }
    return named | {"percentile": spread.own_percentile}


def _flat(record: dict, key: str, group: dict) -> dict:
    return {**record, **group, "group": key}


def _table(place, records: list[dict]) -> None:
    from openpractice.analysis.closing import when
    from openpractice.measures import find
    from openpractice.present import numbers
    from openpractice.render import words

    rows = [
        {
            "title": record["title"],
            "period": record["period"],
            "value": numbers.said(find(record["measure"]), record["value"]),
            **{key: _middle(words, record, key) for key in _GROUPS},
        }
        for record in records
    ]
    columns = [Column("Measure", "title"), Column("Month", "period"), Column("Value", "value", numeric=True)]
    columns += [Column(heading, key, numeric=True) for key, heading in _headings(records)]
    notes = [f"{closed}."] if (closed := when(place)) else []
    notes += ["Beside each: the middle of the group, and how many in 100 of it lie below. A place is not a judgement."]
    notes += dict.fromkeys(note for record in records for note in record["notes"])
    printing.as_table(f"{place.name} ({place.code}) compared", columns, rows, notes)


def _headings(records: list[dict]) -> list[tuple[str, str]]:
    names = {"alike": "Most alike", "network": "Network", "local": "Local", "england": "England"}
    return [(key, names[key]) for key in _GROUPS if any(key in record["groups"] for record in records)]


def _middle(words, record: dict, key: str) -> str | None:
    group = record["groups"].get(key)
    if group is None or group["p50"] is None:
        return None
    below = "" if group["percentile"] is None else f" ({group['percentile']:.0f})"
    return f"{words.figure(group['p50'], record['unit'])}{below}"
