"""`openpractice docs`: the documentation that is generated from the code."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("docs")
@click.option(
    "--to",
    "folder",
    type=click.Path(path_type=Path),
    default=Path("docs/reference"),
    show_default=True,
    help="The folder.",
)
@click.option("--check", is_flag=True, help="Write nothing; leave with 2 when what is there is stale.")
@click.pass_context
def verb(ctx: click.Context, folder: Path, check: bool) -> None:
    """Write the generated documentation.

    Every measure with its formula and worked example, every file format and table, every verb and every setting, as
    Markdown. The same code writes the same bytes.
    """
    from openpractice.cli.reference import pages

    wanted = pages()
    stale = [name for name, text in wanted.items() if _text(folder / name) != text]
    if check:
        for name in stale:
            click.echo(f"{folder / name} is stale. Run 'openpractice docs' and commit what it writes.", err=True)
        ctx.exit(2 if stale else 0)
    folder.mkdir(parents=True, exist_ok=True)
    for name in stale:
        (folder / name).write_text(wanted[name], encoding="utf-8")
    click.echo(f"{len(wanted)} pages in {folder}, {len(stale)} of them written anew.")


def _text(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.exists() else None
