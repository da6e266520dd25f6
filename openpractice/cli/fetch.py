"""`openpractice fetch`: the current publications, from their official pages into the store."""

from __future__ import annotations

import click

from openpractice.cli import ingest as ingest_verb
from openpractice.cli import printing, progress
from openpractice.cli.printing import Column, printed


@click.command("fetch")
@click.argument("sources", nargs=-1, metavar="[SOURCE…]")
@click.option("--list", "listed", is_flag=True, help="List the publications and their pages, and download nothing.")
@click.option("--no-ingest", is_flag=True, help="Download only; load later with 'openpractice ingest'.")
@click.option("--again", is_flag=True, help="Download even what is here already.")
@click.option("--timeout", default=30.0, show_default=True, help="Seconds to wait for an answer.")
@click.option("--largest", default=1024, show_default=True, help="Refuse files larger than so many MB.")
@click.option(
    "--base-url",
    envvar="OPENPRACTICE_FETCH_BASE",
    default="",
    help="A mirror, in place of the official scheme and host.",
)
@printed
@click.pass_context
def verb(ctx, sources, listed, no_ingest, again, timeout, largest, base_url, style) -> None:
    """Download the current publications and load them.

    Without a SOURCE, all that '--list' names. Files are kept in the folder 'downloads' of the store's home. What
    could not be downloaded is said on standard error, and the rest is loaded all the same.
    """
    from openpractice.fetch import chosen

    wanted = chosen(sources)
    if listed:
        _list(wanted, style)
        return
    found, missed = _download_all(ctx.obj / "downloads", wanted, base_url, again, largest * 1024**2, timeout)
    for reason in missed:
        click.echo(f"openpractice: {reason}", err=True)
    accounts = _load(ctx.obj, found) if found and not no_ingest else []
    _show(found, accounts, style)
    if missed or (accounts and all(account.status == "refused" for account in accounts)):
        ctx.exit(2)


def _list(chosen, style) -> None:
    records = [{"name": p.name, "title": p.title, "source": p.source, "page": p.page} for p in chosen]
    if style == "json":
        printing.as_json(records)
    elif style == "csv":
        printing.as_csv(records)
    else:
        columns = (Column("Name", "name"), Column("Publication", "title"), Column("Page", "page"))
        printing.as_table("Publications that can be fetched", columns, records)


def _download_all(folder, chosen, base_url, again, largest, timeout):
    from openpractice.fetch import download
    from openpractice.kinds import Refused

    found, missed = [], []
    with progress.bar() as step:
        for publication in chosen:
            step(f"asking {publication.title}", 0, 1)
            try:
                found.append(
                    download(
                        publication, folder, base=base_url, again=again, largest=largest, timeout=timeout, progress=step
                    )
                )
            except Refused as reason:
                missed.append(str(reason))
    return found, missed


def _load(home, found):
    from openpractice.analysis.recompute import ingest

    with progress.bar() as step:
        accounts = ingest(home, [downloaded.path for downloaded in found], step)
    expected = {str(downloaded.path): downloaded.source for downloaded in found}
    for account in accounts:
        if account.status == "refused":
            click.echo(f"{account.path}: {account.reason}", err=True)
        elif expected.get(account.path) not in (None, account.source):
            click.echo(
                f"{account.path} was expected to be {expected[account.path]} and reads as {account.source}.", err=True
            )
    return accounts


def _show(found, accounts, style) -> None:
    records = [
        {
            "publication": d.publication, "edition": d.edition, "address": d.address, "path": str(d.path),
            "bytes": d.bytes, "downloaded": d.fresh,
        }
        for d in found
    ]  # fmt: skip
    loaded = [account.as_json() for account in accounts]
    if style == "json":
        printing.as_json({"downloads": records, "files": loaded})
    elif style == "csv":
        printing.as_csv(records, ("publication", "edition", "address", "path", "bytes", "downloaded"))
    else:
        for record in records:
            done = "downloaded" if record["downloaded"] else "here already"
            click.echo(f"{done}  {record['path']} ({record['bytes']:,} bytes, {record['edition'] or 'no month'})")
        for record in loaded:
            click.echo(ingest_verb.in_words(record))
