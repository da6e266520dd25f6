"""The `openpractice` program: its verbs, its global options, and how each kind of trouble leaves it."""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from openpractice import __version__

DONE, NOTHING, REFUSED, INTERRUPTED = 0, 1, 2, 130

# Verb → its line in `openpractice --help`, in the order of a first day's work. Kept here, and not only in the verb's own
# module, so that help opens without importing eighteen modules and the engines behind them.
VERBS = {
    "demo": "Show OpenPractice with sample data, at an address on this machine.",
    "ingest": "Load published or exported files and folders.",
    "fetch": "Download the current publications and load them.",
    "check": "Check that the store is whole.",
    "sources": "List the file formats that are read.",
    "measures": "List the measures, or those of a topic.",
    "measure": "Show one measure: its definition, and its values for areas and months.",
    "compare": "Compare an area with those most alike.",
    "alike": "Find the practices most alike, with the reasons.",
    "spc": "Draw a process chart of a measure, or of any series in a CSV file.",
    "report": "Write a practice's report as PDF, HTML or a workbook.",
    "audit": "Check the record of what was done, or export an organisation's part of it.",
    "administrator": "Invite somebody to run this installation.",
    "backup": "Save the database and every store into one file, as they are at one moment.",
    "restore": "Put back what 'backup' saved, into the store's folder and the database.",
    "docs": "Write the generated documentation.",
    "serve": "Serve the pages of a store.",
    "worker": "Read uploaded files as they come.",
}


def default_home() -> Path:
    """Where data are kept unless told otherwise: OPENPRACTICE_HOME, or ~/.local/share/openpractice on every system."""
    return Path(os.environ.get("OPENPRACTICE_HOME") or "~/.local/share/openpractice").expanduser()


class Verbs(click.Group):
    """A group that imports a verb only when it runs."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(VERBS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in VERBS:
            return None
        return importlib.import_module(f"openpractice.cli.{name}").verb

    def resolve_command(self, ctx: click.Context, args: list[str]):
        if args and args[0] not in VERBS:
            ctx.fail(f"There is no verb '{args[0]}'.{_nearest(args[0])} 'openpractice --help' lists them.")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Verbs"):
            formatter.write_dl(list(VERBS.items()))


def _nearest(word: str) -> str:
    import difflib

    near = difflib.get_close_matches(word, VERBS, n=1)
    return f" Did you mean '{near[0]}'?" if near else ""


@click.group(cls=Verbs, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option(
    "--home",
    type=click.Path(path_type=Path),
    help="Folder of the store. [default: OPENPRACTICE_HOME, or ~/.local/share/openpractice]",
)
@click.version_option(__version__, prog_name="openpractice", message="%(prog)s %(version)s")
@click.pass_context
def program(ctx: click.Context, home: Path | None) -> None:
    """Practice-owned intelligence for English general practice.

    Loads what the NHS publishes and what a practice exports, and answers what is usual, what has changed and what
    stands out. Verbs that print data take --json or --csv. They leave with 0 when done, 1 when there is nothing to
    show, and 2 when what was asked was refused, with the reason on standard
    error. An ingest leaves with 2 when every file was refused.
    """
    ctx.obj = (home or default_home()).expanduser()
    if ctx.obj.exists() and not ctx.obj.is_dir():
        raise click.UsageError(f"{ctx.obj} is a file. --home takes the folder of a store.")


def run(arguments: Sequence[str]) -> int:
    """Run the program and return its exit code. Every trouble that a person can act on is a sentence, not a traceback."""
    try:
        answer = program.main(args=list(arguments), prog_name="openpractice", standalone_mode=False)
        sys.stdout.flush()
        return answer if isinstance(answer, int) else DONE
    except click.UsageError as trouble:
        return _refuse(trouble.format_message(), trouble.ctx)
    except click.ClickException as trouble:
        return _refuse(trouble.format_message())
    except (KeyboardInterrupt, click.Abort):
        return _stopped()
    except BrokenPipeError:  # the reader, `head` for example, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except OSError as trouble:
        return _refuse(_of_the_system(trouble))
    except Exception as trouble:
        if isinstance(trouble.__cause__ or trouble.__context__, KeyboardInterrupt):  # as DuckDB passes it on
            return _stopped()
        return _refuse(_in_words(trouble))


def _stopped() -> int:
    click.echo("Stopped. Nothing was half-done.", err=True)
    return INTERRUPTED


def _refuse(reason: str, ctx: click.Context | None = None) -> int:
    click.echo(f"openpractice: {reason}", err=True)
    if ctx is not None:
        click.echo(f"See '{ctx.command_path} --help'.", err=True)
    return REFUSED


def _of_the_system(trouble: OSError) -> str:
    from openpractice.sources.disk import OUT_OF_ROOM  # only now, as below

    if not trouble.strerror:
        return str(trouble)
    if trouble.errno in OUT_OF_ROOM:
        return (
            f"There is no room left on the disk ({trouble.strerror}). Nothing was half-done: make room, then try again."
        )
    if trouble.filename:
        return f"{trouble.filename}: {trouble.strerror}."
    return f"The disk gave trouble: {trouble.strerror}."


def _in_words(trouble: Exception) -> str:
    """What went wrong, as a sentence; a fault of ours is raised again, with its traceback."""
    from openpractice.kinds import Refused  # only now, because help must not wait for it

    if isinstance(trouble, Refused):
        return str(trouble)
    if type(trouble).__module__ not in ("sqlite3", "_duckdb", "duckdb"):
        raise trouble
    first = str(trouble).splitlines()[0][:200] if str(trouble) else type(trouble).__name__
    return f"The store cannot be read ({first}). 'openpractice check' says what is wrong with it."
