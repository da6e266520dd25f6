"""A practice's own records: which columns of an export are which, and which of them nobody should be sent."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from openpractice.kinds import Field
from openpractice.sources import declare
from openpractice.sources.document import Document

# A header with one of these words names somebody, leads to somebody, or holds what somebody wrote.
_PERSONAL = {
    "name", "names", "surname", "forename", "forenames", "firstname", "lastname", "fullname", "address", "postcode",
    "phone", "telephone", "tel", "mobile", "landline", "email", "dob", "birth", "note", "notes", "reason", "reasons",
    "comment", "comments", "text", "description", "details", "message", "usual", "carer", "kin",
}  # fmt: skip


def is_own(doc: Document) -> bool:
    """Whether this is a practice's own record, which is loaded for its owner and for nobody else."""
    return any(source.own and source.recognises(doc) for source in declare.catalogue().values())


def places(columns: Sequence[str], fields: Iterable[Field]) -> dict[str, int]:
    """Which column of the file each field is in, by the first of its headers that the file has."""
    found = {}
    for field in fields:
        place = next((columns.index(header) for header in field.headers if header in columns), None)
        if place is not None:
            found[field.name] = place
    return found


def has_fields(doc: Document, fields: Sequence[Field]) -> bool:
    """Whether a file has every column that these fields need."""
    if doc.kind == "parquet":
        return False
    found = places(doc.columns, fields)
    return all(field.name in found for field in fields if field.needed)


def is_personal(column: str) -> bool:
    """Whether a column, by its name, holds what is never kept: names, addresses, free text."""
    return not _PERSONAL.isdisjoint(column.split("_"))
