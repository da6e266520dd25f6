"""Reading the record is itself in the record; so is taking a copy of it away."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator
from itertools import islice
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from openpractice.render.tables import Column, Table
from openpractice.web.audit.models import Action, Entry
from openpractice.web.audit.record import concerning, write
from openpractice.web.audit.telling import names_in, sentence

AGAIN = datetime.timedelta(hours=1)
COLUMNS = ("entry", "at", "who", "acting_for", "about", "action", "in_words", "hash")
PIECE = 2_000


def note_reading(*, code: str, by: Any) -> None:
    """Write down that somebody reads an organisation's record: once an hour, for turning a page is no news."""
    hour_ago = (datetime.datetime.now(datetime.UTC) - AGAIN).isoformat(timespec="milliseconds")
    noted = Entry.objects.filter(about=code, action=Action.RECORD_READ, person=by.pk, at__gt=hour_ago)
    if not noted.exists():
        with transaction.atomic():
            write(Action.RECORD_READ, by=by, acting_for=code, about=code)


def export(entries: QuerySet[Entry], *, code: str, by: Any = None) -> list[dict[str, Any]]:
    """The entries as records, the oldest first. That they were exported, and how many, is written down before any leave.

    `by` is None when the installation itself does it, from the command line.
    """
    # Read before the transaction begins: a long record must not keep everybody else from writing.
    found = [record for some in _pieces(entries) for record in some]
    acting_for = code if by else ""
    with transaction.atomic():
        write(
            Action.RECORD_EXPORTED, by=by, who="the installation", acting_for=acting_for, about=code, count=len(found)
        )
    return found


def _pieces(entries: QuerySet[Entry]) -> Iterator[list[dict[str, Any]]]:
    rows = entries.order_by("number").iterator(chunk_size=PIECE)
    while some := list(islice(rows, PIECE)):
        called = names_in(some)
        yield [_record(entry, sentence(entry, called)) for entry in some]


def _record(entry: Entry, in_words: str) -> dict[str, Any]:
    kept = {name: getattr(entry, name) for name in ("at", "who", "acting_for", "about", "action", "hash")}
    return {"entry": entry.number, **kept, "detail": json.loads(entry.detail), "in_words": in_words}


def as_table(code: str, records: list[dict[str, Any]]) -> Table:
    """Exported records as a table of COLUMNS, to be written as CSV."""
    columns = tuple(Column(name) for name in COLUMNS)
    return Table(f"The record of {code}", columns, tuple(tuple(one[name] for name in COLUMNS) for one in records))


def everything(code: str) -> QuerySet[Entry]:
    """All that concerns an organisation, the newest first."""
    return concerning(code).order_by("-number")
