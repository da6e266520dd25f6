"""`openpractice check`: is everything that was loaded still there, and does it add up?"""

from __future__ import annotations

import os
from dataclasses import asdict
from pathlib import Path

import click

from openpractice.cli import printing
from openpractice.cli.printing import printed


@click.command("check")
@click.option("--deploy", is_flag=True, help="Ask also whether this installation is fit for other people's data.")
@printed
@click.pass_context
def verb(ctx: click.Context, deploy: bool, style: str | None) -> None:
    """Check that the store is whole.

    Every loaded part is there, can be read and has the rows it had; nothing is left over; the catalogue is sound;
    rows read are rows kept and refused; the stored results follow today's definitions. What is wrong is printed with
    its remedy, and the verb leaves with 2.

    --deploy asks this of every organisation's own store too, and of the installation: encryption, names, keys, the
    database's roles, the folder, backups, the worker, email, and what Django asks. A warning alone leaves with 0.
    """
    if deploy:
        _deploy(ctx, style)
        return
    from openpractice.cli.integrity import check

    found = check(ctx.obj)
    problems = [asdict(problem) for problem in found.problems]
    if style == "json":
        printing.as_json({"home": str(ctx.obj), "sound": not problems, **asdict(found)})
    elif style == "csv":
        printing.as_csv(problems, ("what", "remedy"))
    else:
        _in_words(found)
    if problems:
        for problem in found.problems:
            click.echo(f"openpractice: {problem.what} {problem.remedy}", err=True)
        ctx.exit(2)


def _in_words(found) -> None:
    for note in found.notes:
        click.echo(note)
    said = f"Version {found.version}: {found.files:,} files, {found.parts:,} parts, {found.results:,} results."
    wrong = len(found.problems)
    click.echo(
        f"{said} {'Everything is in order.' if not wrong else f'{wrong} things are wrong:' if wrong > 1 else 'One thing is wrong:'}"
    )


def _deploy(ctx: click.Context, style: str | None) -> None:
    found = _findings(ctx.obj)
    if style == "json":
        printing.as_json({"home": str(ctx.obj), "findings": [one._asdict() for one in found]})
    elif style == "csv":
        printing.as_csv([one._asdict() for one in found], ("level", "what", "remedy"))
    elif not found:
        click.echo("This installation is fit for other people's data, as far as a program can tell.")
    for one in found:
        click.echo(f"{one.level}: {one.what} {one.remedy}", err=True)
    if any(one.level == "error" for one in found):
        ctx.exit(2)


def _findings(home: Path) -> list:
    from openpractice.kinds import Refused

    if not home.is_dir():
        raise Refused(f"There is no installation in {home}.")
    os.environ["OPENPRACTICE_HOME"] = str(home.resolve())
    from openpractice.web.config import database, seeing

    try:
        database.bring_up_to_date(home)
    except database.OperationalError as trouble:
        raise Refused(f"The database cannot be used: {' '.join(str(trouble).split())}.") from trouble
    from django.db import connection

    from openpractice.cli import deployed

    with seeing.across():
        try:
            return deployed.findings(home.resolve())
        finally:
            connection.close()
