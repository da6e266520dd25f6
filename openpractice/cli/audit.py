"""`openpractice audit`: is the record as it was written, and what does it say of one organisation?"""

from __future__ import annotations

import os
import re
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from openpractice.cli import printing
from openpractice.cli.printing import nothing, printed

if TYPE_CHECKING:
    from openpractice.web.audit.chain import Noted, Verdict

NO_RECORD = "There is no record yet: it begins when the first organisation or person is added."


@click.group("audit")
def verb() -> None:
    """Check the record of what was done, or export an organisation's part of it."""


@verb.command("verify")
@click.option("--json", "style", flag_value="json", help="Print JSON.")
@click.option("--expect", metavar="NUMBER:HASH", help="What an earlier check printed and you kept elsewhere.")
@click.pass_context
def verify(ctx: click.Context, style: str | None, expect: str | None) -> None:
    """Follow the chain of the record from its first entry to its last.

    It leaves with 0 when every entry is as it was written. Where one is not, it names the first and leaves with 2.

    Keep the line that it prints elsewhere, on paper for example, and give it back with --expect the next time. Without
    it nobody can see that entries were cut off at the end, or that the whole chain was written anew.
    """
    noted = _noted(expect)
    if not _opened(_home(ctx)):
        if noted is None:
            nothing(NO_RECORD)
        raise click.ClickException(
            "The record is broken at entry 1: there is no record here, and one was noted before."
        )
    from django.db import DatabaseError

    from openpractice.web.audit import record

    try:
        verdict = record.verify(noted)
    except DatabaseError as trouble:
        raise click.ClickException(f"The record cannot be read to its end: {trouble}") from trouble
    _say(verdict, style)
    if verdict.broken:
        ctx.exit(2)


def _noted(expect: str | None) -> Noted | None:
    from openpractice.web.audit.chain import Noted

    if expect is None:
        return None
    if not (found := re.fullmatch(r"(\d{1,18}):([0-9a-fA-F]{64})", expect.strip())):
        raise click.UsageError(
            "--expect takes what 'openpractice audit verify' printed: a number, a colon, 64 characters."
        )
    return Noted(int(found[1]), found[2].lower())


def _say(verdict: Verdict, style: str | None) -> None:
    from openpractice.render.words import plural

    if style == "json":
        printing.as_json({"whole": verdict.broken is None, **asdict(verdict)})
    elif not verdict.entries and not verdict.broken:
        click.echo("The record is empty.")
    elif not verdict.broken:
        counted = plural(verdict.entries, "entry", "entries")
        click.echo(f"{counted}, each as it was written. Keep this line elsewhere for the next check:")
        click.echo(f"{verdict.entries}:{verdict.head}")
    if verdict.broken:
        held = f"{plural(verdict.entries, 'entry', 'entries')} before it held."
        click.echo(
            f"openpractice: The record is broken at entry {verdict.broken.number}: {verdict.broken.why}. {held}",
            err=True,
        )


@verb.command("export")
@click.option("--organisation", required=True, metavar="CODE", help="The organisation's code, such as A81002.")
@printed
@click.pass_context
def export(ctx: click.Context, organisation: str, style: str | None) -> None:
    """Print everything that touched an organisation's data or was done on its behalf, the oldest first.

    That it was exported is itself written into the record.
    """
    if not _opened(_home(ctx)):
        nothing(NO_RECORD, style)
    from openpractice.web.audit import reading

    entries = reading.everything(organisation)
    if not entries.exists():
        nothing(f"The record holds nothing about {organisation}. Is the code right?", style, reading.COLUMNS)
    records = reading.export(entries, code=organisation)
    if style == "json":
        printing.as_json(records)
    elif style == "csv":
        printing.as_csv(records, reading.COLUMNS)
    else:
        for one in records:
            click.echo(f"{one['entry']}  {one['at'][:16].replace('T', ' ')}  {one['in_words']}")


def _home(ctx: click.Context) -> Path:
    return ctx.find_root().obj


def _opened(home: Path) -> bool:
    """Begin Django over a home; whether its database has a record. Makes nothing where nothing is."""
    if not home.is_dir() and not os.environ.get("OPENPRACTICE_DATABASE_URL"):
        return False
    os.environ["OPENPRACTICE_HOME"] = str(home)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "openpractice.web.config.settings")
    import django

    django.setup()
    from django.db import connection

    from openpractice.web.config.seeing import across

    click.get_current_context().call_on_close(connection.close)
    click.get_current_context().with_resource(across())
    name = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite" and not Path(name).exists():
        return False
    from openpractice.web.audit.models import Entry

    return Entry._meta.db_table in connection.introspection.table_names()
