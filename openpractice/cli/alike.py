"""`openpractice alike`: the practices most alike, and why."""

from __future__ import annotations

import click

from openpractice.cli import printing
from openpractice.cli.printing import Column, printed


@click.command("alike")
@click.argument("code")
@click.option("--k", default=20, show_default=True, type=click.IntRange(min=1), help="How many.")
@click.option("--without", multiple=True, metavar="FEATURE", help="Leave a feature out; may be given more than once.")
@printed
@click.pass_context
def verb(ctx, code, k, without, style) -> None:
    """Find the practices most alike, with the reasons.

    Alike in size, ages, deprivation, ethnicity and place: in patients, never in performance. The nearest come first;
    the answer says which features set the distances and how much each one matters to who is found.
    """
    from openpractice.analysis.alike import alike
    from openpractice.analysis.places import area
    from openpractice.store import Store

    store = Store(ctx.obj)
    found = alike(store, area(store, code).code, k, without)
    neighbours = [_neighbour(rank, neighbour, found.features) for rank, neighbour in enumerate(found.neighbours, 1)]
    if style == "json":
        printing.as_json(_whole(found) | {"neighbours": neighbours})
    elif style == "csv":
        printing.as_csv(
            [n | n["values"] for n in neighbours], ("rank", "area", "area_name", "distance", *_names(found))
        )
    else:
        _tables(found, neighbours)


def _names(found) -> list[str]:
    return [feature.name for feature in found.features]


def _neighbour(rank: int, neighbour, features) -> dict:
    from openpractice.present.likeness import plainly

    return {
        "rank": rank,
        "area": neighbour.area.code,
        "area_name": neighbour.area.name,
        "distance": neighbour.distance,
        "contributions": neighbour.contributions,
        "values": {f.name: plainly(f, neighbour.values[f.name]) for f in features},
    }


def _whole(found) -> dict:
    from openpractice.present.likeness import plainly

    return {
        "area": found.area.code,
        "area_name": found.area.name,
        "k": found.k,
        "of": found.n,
        "features": [
            {
                "name": f.name, "title": f.title, "unit": f.unit, "origin": f.origin, "own": plainly(f, found.own[f.name]),
                "driver": found.drivers[f.name], "stability": found.stability[f.name],
            }
            for f in found.features
        ],
        "missing": list(found.missing),
        "unused": list(found.unused),
    }  # fmt: skip


def _tables(found, neighbours: list[dict]) -> None:
    from openpractice.present.likeness import gaps, value
    from openpractice.render import words

    reasons = [
        {"title": f.title, "own": value(f, found.own[f.name]), "driver": found.drivers[f.name]}
        | {"stability": found.stability[f.name]}
        for f in found.features
    ]
    columns = (
        Column("Compared by", "title"), Column("Here", "own", numeric=True),
        Column("Share of the distance", "driver", words.percentage, numeric=True),
        Column("Stay without it", "stability", words.percentage, numeric=True),
    )  # fmt: skip
    printing.as_table(f"What {found.area.name} ({found.area.code}) is compared by", columns, reasons)
    click.echo()
    found_columns = (
        Column("", "rank"), Column("Practice", "area"), Column("Name", "area_name"),
        Column("Distance", "distance", lambda d: f"{d:.2f}", numeric=True),
        Column("Differs most in", "contributions", lambda shares: _most(found, shares)),
    )  # fmt: skip
    notes = [f"Of {found.n:,} practices. Distances have no unit: only their order and proportions mean something."]
    if found.missing:
        notes.append(gaps(found))
    printing.as_table(f"The {found.k} practices most alike", found_columns, neighbours, notes)


def _most(found, shares: dict[str, float]) -> str:
    titles = {feature.name: feature.title for feature in found.features}
    name = max(shares, key=lambda name: shares[name], default="")
    return titles.get(name, name).lower()
