"""`openpractice worker`: reads uploaded files as they come; and how a server keeps one beside itself."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import click

AGAIN_AFTER = 1.0  # seconds until one that died is started again


@click.command("worker")
@click.option("--beside", is_flag=True, hidden=True, help="End when standard input is closed.")
@click.pass_context
def verb(ctx: click.Context, beside: bool) -> None:
    """Read uploaded files as they come.

    It watches the folder 'inbox' in the store's folder too, and runs until Ctrl+C or a termination signal. What it was
    reading then waits for the next one. 'serve' and 'demo' start one beside themselves; this is for a worker of its
    own, and for more than one.
    """
    home: Path = ctx.obj
    home.mkdir(parents=True, exist_ok=True)
    os.environ["OPENPRACTICE_HOME"] = str(home.resolve())
    from openpractice.web.config import database
    from openpractice.web.config.occupied import running

    ctx.with_resource(running(home))  # before anything is written: it may be being restored
    try:
        database.bring_up_to_date(home)
    except database.OperationalError as trouble:
        raise click.ClickException(f"The database cannot be used: {' '.join(str(trouble).split())}.") from None
    from openpractice.web.uploads.worker import Worker

    if not beside:
        click.echo(f"Reading what is uploaded to {home} (stop it with Ctrl+C)", err=True)
    Worker(sys.stdin.fileno() if beside else None).run()


def keep_beside(home: Path) -> None:
    """Start a worker, and start it again whenever it dies, for as long as this process lives.

    The worker holds the other end of a pipe. When this process ends, in whatever way, the pipe closes and the worker ends.
    """
    threading.Thread(target=_keep, args=(home,), name="worker", daemon=True).start()


def _keep(home: Path) -> None:
    command = [sys.executable, "-m", "openpractice", "--home", str(home), "worker", "--beside"]
    while True:
        try:
            # This very program, with words of our own only.
            with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL) as worker:  # nosec B603
                worker.wait()
        except OSError as trouble:  # too many processes, for example
            click.echo(f"The worker cannot be started ({trouble.strerror}); it is tried again.", err=True)
        time.sleep(AGAIN_AFTER)
