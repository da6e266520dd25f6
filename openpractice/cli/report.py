"""`openpractice report`: everything about one practice on a few pages."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import click

from openpractice.cli import progress


@click.command("report")
@click.argument("code")
@click.option(
    "--out", required=True, type=click.Path(path_type=Path), metavar="PATH", help="The report: .pdf, .html or .xlsx."
)
@click.pass_context
def verb(ctx: click.Context, code: str, out: Path) -> None:
    """Write a practice's report as PDF, HTML or a workbook.

    What stands out, access, demand and telephony, staff, the list, the practices most alike, the quality of the data,
    and the definitions and sources of every figure. The PDF is tagged for screen readers.
    """
    write = _writer(out)
    from openpractice.present.report import build
    from openpractice.store import Store

    with progress.bar() as step:
        step("asking the store", 0, 2)
        document = build(Store(ctx.obj), code)
        step(f"writing {out.name}", 1, 2)
        content = write(document)
    out.parent.mkdir(parents=True, exist_ok=True)
    part = out.with_name(f"{out.name}.part")  # a report that is half written must never look whole
    part.write_bytes(content)
    part.replace(out)
    click.echo(f"{document.title} is in {out} ({len(content):,} bytes)")


def _writer(out: Path) -> Callable:
    """What turns a document into the bytes of a file of this kind."""
    kind = out.suffix.lower()
    if kind == ".pdf":
        from openpractice.render.pdf import pdf

        return pdf
    if kind in (".html", ".htm"):
        from openpractice.render.html import html

        return lambda document: html(document).encode("utf-8")
    if kind == ".xlsx":
        from openpractice.render.workbook import from_document

        return from_document
    raise click.UsageError(f"A report is written as .pdf, .html or .xlsx, not '{kind or out.name}'.")
