"""Whether a published file holds NHS numbers, whatever kind of file it is: then it stays outside."""

from __future__ import annotations

from openpractice.sources import guards, records, workbooks
from openpractice.sources.dialect import exactly
from openpractice.sources.document import Document


def refuse_identifiers(doc: Document) -> None:
    """Raise Refused when a file holds anything that reads as an NHS number.

    A practice's own record passes: it is known by its columns, and nothing but the door for its owner reads it.
    """
    if records.is_own(doc):
        return
    if doc.kind == "book":
        workbooks.refuse_identifiers(doc.sheets, doc.name)
    elif doc.kind == "parquet":
        _refuse_in_parquet(doc)
    else:
        guards.refuse_identifiers(doc.path, doc.name)


def _refuse_in_parquet(doc: Document) -> None:
    """DuckDB finds the cells shaped like an NHS number; the guard decides."""
    for column in doc.header:
        quoted = column.replace('"', '""')
        suspects = doc.con.execute(
            f'SELECT DISTINCT CAST("{quoted}" AS VARCHAR) AS cell FROM read_parquet(?) WHERE regexp_matches(cell, ?)',
            [exactly(doc.path), guards.SUSPECT],
        ).fetchall()
        if any(guards.holds_identifier(cell) for (cell,) in suspects):
            raise guards.identified(doc.name, f"column '{column}'")
