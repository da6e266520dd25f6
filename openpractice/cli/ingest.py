"""`openpractice ingest`: files and folders in, an account of every row out."""

from __future__ import annotations

from pathlib import Path

import click

from openpractice.cli import printing, progress
from openpractice.cli.printing import printed


@click.command("ingest")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="PATH…")
@printed
@click.pass_context
def verb(ctx: click.Context, paths: tuple[Path, ...], style: str | None) -> None:
    """Load published or exported files and folders.

    Folders are searched to the bottom. A file is known by what is in it, never by its name. Every row is accounted
    for: rows read are rows kept and rows refused, and each reason for refusal comes with its first example.
    Everything is loaded in one change: killed at any moment, nothing of it has happened.
    """
    from openpractice.analysis.recompute import ingest

    with progress.bar() as step:
        accounts = ingest(ctx.obj, list(paths), step)
    show(ctx, accounts, style)


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
    return "\n".join(lines)


def _span(periods: list[str]) -> str:
    if not periods:
        return "no month"
    return periods[0] if len(periods) == 1 else f"{periods[0]} to {periods[-1]}"


def _summary(records: list[dict]) -> str:
    counts = {status: sum(r["status"] == status for r in records) for status in ("loaded", "unchanged", "refused")}
    said = ", ".join(f"{count:,} {status}" for status, count in counts.items() if count)
    return f"{len(records):,} {'file' if len(records) == 1 else 'files'}: {said}."
