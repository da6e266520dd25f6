"""What every verb that prints data shares: --json, --csv, and the same records as a table for a person."""

from __future__ import annotations

import csv
import io
import json
import math
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import click

Record = Mapping[str, Any]


def printed(verb: Callable) -> Callable:
    """Give a verb the options --json and --csv; it receives them as `style`: "json", "csv" or "" for a person."""
    verb = click.option("--csv", "style", flag_value="csv", help="Print comma-separated values (RFC 4180).")(verb)
    return click.option("--json", "style", flag_value="json", help="Print JSON.")(verb)


def as_json(answer: Any) -> None:
    """Print an answer as JSON; what is not a number is null."""
    click.echo(json.dumps(_plain(answer), indent=2, ensure_ascii=False, allow_nan=False))


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    if hasattr(value, "item") and not isinstance(value, str | bytes):  # a NumPy scalar
        value = value.item()
    return None if isinstance(value, float) and not math.isfinite(value) else value


def as_csv(records: Iterable[Record], columns: Sequence[str] = ()) -> None:
    """Print records as CSV with one header line; columns default to the first record's own."""
    rows = [_plain(record) for record in records]
    names = list(columns) or list(rows[0] if rows else ())
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(names)
    writer.writerows([_cell(row.get(name)) for name in names] for row in rows)
    sys.stdout.flush()
    sys.stdout.buffer.write(out.getvalue().encode("utf-8"))  # as bytes: a terminal's own line ends would spoil CRLF
    sys.stdout.buffer.flush()


def _cell(value: Any) -> Any:
    if isinstance(value, list):
        return "; ".join(str(inner) for inner in value)
    if isinstance(value, dict):
        return "; ".join(f"{key}={inner}" for key, inner in value.items())
    # A spreadsheet runs text that starts like a formula; nothing in a published file may.
    return f"'{value}" if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r")) else value


@dataclass(frozen=True)
class Column:
    """One column of a table for a person: its heading, the record's key, and how a value is written."""

    heading: str
    key: str
    write: Callable[[Any], str] | None = None
    numeric: bool = False


def as_table(title: str, columns: Sequence[Column], records: Iterable[Record], notes: Sequence[str] = ()) -> None:
    """Print records as a table with notes below it: fitted to a terminal, as wide as it needs in a pipe."""
    rows = [[_words(column, record.get(column.key)) for column in columns] for record in records]
    if not sys.stdout.isatty():
        click.echo("\n".join([title, *_plain_lines(columns, rows), *notes]))
        return
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(title=title, title_justify="left", box=None, pad_edge=False, title_style="bold")
    for column in columns:
        table.add_column(column.heading, justify="right" if column.numeric else "left", overflow="fold")
    for row in rows:
        table.add_row(*map(Text, row))
    console = Console(highlight=False)
    console.print(table)
    for note in notes:
        console.print(Text(note, style="dim"))


def _plain_lines(columns: Sequence[Column], rows: list[list[str]]) -> list[str]:
    table = [[column.heading for column in columns], *rows]
    widths = [max(map(len, cells)) for cells in zip(*table, strict=True)]
    return [
        "  ".join(
            cell.rjust(width) if column.numeric else cell.ljust(width)
            for cell, width, column in zip(row, widths, columns, strict=True)
        ).rstrip()
        for row in table
    ]


def _words(column: Column, value: Any) -> str:
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return "–"
    return column.write(value) if column.write else f"{value:,}" if isinstance(value, int) else str(value)


def nothing(sentence: str, style: str | None = None, columns: Sequence[str] = ()) -> None:
    """Say on standard error that there is nothing to show, print an empty answer, and leave with 1."""
    if style == "json":
        as_json([])
    elif style == "csv":
        as_csv([], columns)
    click.echo(sentence, err=True)
    click.get_current_context().exit(1)
