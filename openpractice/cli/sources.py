"""`openpractice sources`: the file formats that are read, and what each gives."""

from __future__ import annotations

import click

from openpractice.cli import printing
from openpractice.cli.printing import Column, printed


@click.command("sources")
@click.argument("name", required=False)
@printed
def verb(name: str | None, style: str | None) -> None:
    """List the file formats that are read.

    With a NAME, what that format is, where it is published, and the tables and columns it gives. A file is known by
    what is in it, so it may be called anything.
    """
    from openpractice.sources import catalogue

    known = catalogue()
    if name is None:
        _list([source for source in known.values() if source.tables], style)
        return
    if name not in known:
        from openpractice.kinds import Refused

        raise Refused(f"There is no file format called '{name}'. 'openpractice sources' lists them all.")
    record = _record(known[name]) | {"fields": _fields(known[name]), "columns": _columns(known[name])}
    if style == "json":
        printing.as_json(record)
    elif style == "csv":
        printing.as_csv(record["columns"])
    else:
        _details(record)


_FIELDS = (
    Column("Says", "meaning"),
    Column("Needed", "needed", lambda needed: "yes" if needed else ""),
    Column("Kept as", "becomes"),
    Column("Any of these headers", "headers", ", ".join),
)


def _record(source) -> dict:
    return {
        "name": source.name,
        "title": source.title,
        "publisher": source.publisher,
        "page": source.page,
        "licence": source.licence,
        "tables": [table.name for table in source.tables],
        "notes": list(source.notes),
        "own": source.own,
    }


def _fields(source) -> list[dict]:
    return [
        {
            "meaning": field.meaning,
            "headers": [header.replace("_", " ") for header in field.headers],
            "needed": field.needed,
            "becomes": f"pseudonym of the {field.person}" if field.person else "",
        }
        for field in source.fields
    ]


def _columns(source) -> list[dict]:
    return [
        {
            "table": table.name,
            "column": column.name,
            "kind": column.kind,
            "unit": column.unit,
            "meaning": column.meaning,
            "values": list(column.values),
        }
        for table in source.tables
        for column in table.columns
    ]


def _list(sources, style) -> None:
    records = [_record(source) for source in sources]
    if style == "json":
        printing.as_json(records)
    elif style == "csv":
        printing.as_csv(records)
    else:
        columns = (Column("Name", "name"), Column("Format", "title"), Column("Publisher", "publisher"))
        notes = ("'openpractice sources NAME' says what each gives and where it is published.",)
        printing.as_table(f"{len(records)} file formats are read", columns, records, notes)


def _details(record: dict) -> None:
    click.echo(f"{record['title']} ({record['name']})")
    click.echo(
        f"Published by {record['publisher']}: {record['page']}" if record["page"] else f"From: {record['publisher']}"
    )
    click.echo(f"Licence: {record['licence']}")
    for note in record["notes"]:
        click.echo(f"Note: {note}")
    if record["fields"]:
        click.echo()
        printing.as_table("Columns that are read, by any of their names", _FIELDS, record["fields"])
    columns = (
        Column("Table", "table"),
        Column("Column", "column"),
        Column("Kind", "kind"),
        Column("Meaning", "meaning"),
    )
    if record["columns"]:
        click.echo()
        printing.as_table("What it gives", columns, record["columns"])
