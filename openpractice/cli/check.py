"""`openpractice check`: is everything that was loaded still there, and does it add up?"""

from __future__ import annotations

from dataclasses import asdict

import click

from openpractice.cli import printing
from openpractice.cli.printing import printed


@click.command("check")
@printed
@click.pass_context
def verb(ctx: click.Context, style: str | None) -> None:
    """Check that the store is whole.

    Every loaded part is there, can be read and has the rows it had; nothing is left over; the catalogue is sound;
    rows read are rows kept and refused; the stored results follow today's definitions. What is wrong is printed with
    its remedy, and the verb leaves with 2.
    """
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
