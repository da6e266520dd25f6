"""`openpractice ingest`: files and folders in, an account of every row out."""

from __future__ import annotations

import re
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import click

from openpractice.cli import printing, progress
from openpractice.cli.printing import printed

if TYPE_CHECKING:
    from openpractice.kinds import Owner


@click.command("ingest")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="PATH…")
@click.option("--practice", metavar="CODE", help="Load a practice's own records, into a store of its own.")
@printed
@click.pass_context
def verb(ctx: click.Context, paths: tuple[Path, ...], practice: str | None, style: str | None) -> None:
    """Load published or exported files and folders.

    Folders are searched to the bottom. A file is known by what is in it, never by its name. Every row is accounted
    for: rows read are rows kept and rows refused, and each reason for refusal comes with its first example.
    Everything is loaded in one change: killed at any moment, nothing of it has happened.

    With --practice the files are that practice's own exports, such as its appointment book. They go into HOME/own/CODE,
    where nothing else lies; NHS numbers and clinicians' names become pseudonyms before anything is written.
    """
    from openpractice.analysis.recompute import ingest

    home, owner = (ctx.obj, None) if practice is None else _own(ctx.obj, practice)
    with progress.bar() as step:
        accounts = ingest(home, list(paths), step, owner=owner)
    show(ctx, accounts, style)


def _own(home: Path, practice: str) -> tuple[Path, Owner]:
    """The practice's own folder, and the practice as its owner, with its key."""
    from openpractice.kinds import Refused
    from openpractice.store.keyring import KeyRing
    from openpractice.store.place import everybodys_own

    code = practice.strip().upper()
    if not re.fullmatch(r"[A-Z][0-9]{5}", code):
        raise Refused(f"'{practice}' is not a practice's ODS code. Write a letter and five digits, for example A81001.")
    folder = everybodys_own(home) / code
    return folder, KeyRing.open_or_make(folder).owner(code, _name(home, code))


def _name(home: Path, code: str) -> str:
    """What the open data call the practice, where some are loaded."""
    from openpractice.store import catalogue

    if not catalogue.path_of(home).exists():
        return ""
    with closing(catalogue.open_reader(home)) as con:
        found = con.execute("SELECT name FROM areas WHERE code = ?", [code]).fetchone()
    return found["name"] if found and found["name"] != code else ""


def show(ctx: click.Context, accounts, style: str | None) -> None:
    """Print the accounts, the reasons of refused files on standard error, and leave with 2 when all were refused."""
    if not accounts:
        printing.nothing("There are no files in what was named.", style)
    records = [account.as_json() for account in accounts]
    if style == "json":
        printing.as_json({"files": records})
    elif style == "csv":
        printing.as_csv([_flat(record) for record in records])
    else:
        for record in records:
            click.echo(in_words(record))
        click.echo(_summary(records))
    for record in records:
        if record["status"] == "refused":
            click.echo(f"{record['path']}: {record['reason']}", err=True)
    if all(record["status"] == "refused" for record in records):
        ctx.exit(2)


def _flat(record: dict) -> dict:
    kept = ("path", "source", "status", "rows_read", "rows_kept", "rows_refused", "periods", "reason")
    reasons = [f"{r['reason']} ({r['count']})" if r["count"] else r["reason"] for r in record["refusals"]]
    return {name: record[name] for name in kept} | {"refusals": reasons}


def in_words(record: dict) -> str:
    """What became of one file, for a person."""
    if record["status"] == "refused":
        return f"refused    {record['path']}"
    if record["status"] == "unchanged":
        return f"unchanged  {record['path']} ({record['source']}): these bytes are in the store already"
    lines = [
        f"loaded     {record['path']} ({record['source']}, {_span(record['periods'])}): "
        f"{record['rows_read']:,} rows read = {record['rows_kept']:,} kept + {record['rows_refused']:,} refused"
    ]
    lines += [f"           {r['count']:,} × {r['reason']}, first {r['example']}" for r in record["refusals"]]
    lines += [f"           {note}" for note in record["notes"]]
    return "\n".join(lines)


def _span(periods: list[str]) -> str:
    if not periods:
        return "no month"
    return periods[0] if len(periods) == 1 else f"{periods[0]} to {periods[-1]}"


def _summary(records: list[dict]) -> str:
    counts = {status: sum(r["status"] == status for r in records) for status in ("loaded", "unchanged", "refused")}
    said = ", ".join(f"{count:,} {status}" for status, count in counts.items() if count)
    return f"{len(records):,} {'file' if len(records) == 1 else 'files'}: {said}."
