"""`openpractice serve`: the pages of a store."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from openpractice.cli import progress
from openpractice.kinds import Refused


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option(
    "--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="The port; 0 takes a free one."
)
@click.option(
    "--processes",
    default=1,
    show_default=True,
    type=click.IntRange(1, 64),
    help="Server processes; one a core is plenty.",
)
@click.option("--no-worker", is_flag=True, help="Start no worker beside it: uploads wait for one of your own.")
@click.pass_context
def verb(ctx: click.Context, host: str, port: int, processes: int, no_worker: bool) -> None:
    """Serve the pages of a store.

    It runs until Ctrl+C.

    Only this machine can ask unless --host names an address that others reach; then put a proxy with HTTPS in front.
    """
    serve(ctx.obj, host, port, worker=not no_worker, processes=processes)


def serve(home: Path, host: str, port: int, *, worker: bool = True, processes: int = 1) -> None:
    """Serve a store and say where, until interrupted. Raises Refused when the port cannot be used."""
    from openpractice.analysis.recompute import renew
    from openpractice.cli.worker import keep_beside
    from openpractice.web import serve as server

    def ready(address: str) -> None:
        click.echo(f"OpenPractice is running at {address.rstrip('/')} (stop it with Ctrl+C)")
        if worker:  # only now, so that nobody waits for it
            keep_beside(home.resolve())

    home.mkdir(parents=True, exist_ok=True)
    with progress.bar() as step:
        renew(home, step)
    try:
        server.serve(home.resolve(), host, port, ready=ready, processes=processes)
    except server.ServeError as trouble:
        raise Refused(str(trouble)) from None
    except KeyboardInterrupt:  # a person has seen enough: that is how a server ends, not how it breaks
        click.echo("Stopped.", err=True)
    # Pages may be reading ahead in a thread inside DuckDB. Python would take that thread down in the middle of it and
    # the system would report a crash; nothing is left to do here, so leave at once.
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)
