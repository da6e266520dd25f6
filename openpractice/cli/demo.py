"""`openpractice demo`: the bundled sample, loaded once and served."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import click

from openpractice.cli import progress


@click.command("demo")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option(
    "--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="The port; 0 takes a free one."
)
@click.option("--no-serve", is_flag=True, help="Make the store and stop.")
@click.option("--no-worker", is_flag=True, help="Start no worker beside it: uploads wait for one of your own.")
@click.pass_context
def verb(ctx: click.Context, host: str, port: int, no_serve: bool, no_worker: bool) -> None:
    """Show OpenPractice with sample data, at an address on this machine.

    The first start loads the sample of published data into the folder '.demo' here, or into --home or
    OPENPRACTICE_HOME where one is named; later starts find it there. Its people are made up: at /demo/ one click signs
    in as any of them.
    """
    from openpractice.cli.serve import serve

    given = ctx.parent.params.get("home") if ctx.parent else None
    named = given is not None or bool(os.environ.get("OPENPRACTICE_HOME"))
    home = ctx.obj if named else Path.cwd() / ".demo"
    count = fill(home, own=not named)
    click.echo(f"Using the data in {home}" if count is None else f"Loaded the sample into {home}", err=True)
    if not no_serve:
        serve(home, host, port, worker=not no_worker)


def fill(home: Path, *, own: bool = False) -> int | None:
    """Load the sample where there is nothing yet; returns how many files came in, or None where there was a store.

    The demo's `own` folder holds nothing but the sample, so one that an earlier version filled is filled anew.
    """
    from openpractice.analysis.recompute import ingest_bundle
    from openpractice.kinds import Refused
    from openpractice.store import catalogue
    from openpractice.web.config.demo_mark import mark

    if catalogue.path_of(home).exists():
        try:
            if _version(home):
                return None
        except Refused:  # in another version's format
            if not own:
                raise
            shutil.rmtree(home)
    sample = Path(__file__).parent.parent / "sample"
    if not (sample / "manifest.json").exists():
        raise Refused("This installation has no sample. Install it again, or load files with 'openpractice ingest'.")
    with progress.bar() as step:
        count = ingest_bundle(home, sample, step)
    mark(home)  # from here on the server makes fictional people, whom one can be with one click
    return count


def _version(home: Path) -> int:
    from openpractice.store import catalogue

    con = catalogue.open_reader(home)
    try:
        return catalogue.version(con)
    finally:
        con.close()
