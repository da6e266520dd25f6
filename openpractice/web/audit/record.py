"""Writing and reading the record."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator, Sequence
from typing import Any

from django.db import connection, transaction
from django.db.models import Q, QuerySet

from openpractice.web.audit import chain
from openpractice.web.audit.models import Entry
from openpractice.web.config.seeing import across

PIECE = 10_000
_LOCK = 0x0A0D17  # any number that nothing else in this database locks


@across()  # the entry before may be anybody's
def write(
    action: Any, *, by: Any = None, who: str = "", acting_for: str = "", about: str = "", **detail: str | int | None
) -> Entry:
    """Add an entry, in the transaction of what it tells of: neither is ever there without the other.

    `action` is an Action (mypy, without Django's stubs, takes these for tuples). `by` is the person who acts;
    `acting_for` and `about` are codes of organisations. `detail` must not hold anything about patients. Raises TransactionManagementError outside of a transaction.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("An entry is written in the transaction of what it tells of.")
    _one_at_a_time()
    last = Entry.objects.values_list("number", "hash").first()
    number, previous = (last[0] + 1, last[1]) if last else (1, chain.START)
    values = {
        "number": number,
        "at": datetime.datetime.now(datetime.UTC).isoformat(timespec="milliseconds"),
        "person": by.pk if by is not None else None,
        "who": (str(by) if by is not None else who)[:200],
        "acting_for": acting_for,
        "about": about,
        "action": str(action),
        "detail": json.dumps({k: v for k, v in detail.items() if v is not None}, ensure_ascii=False, sort_keys=True),
        "previous": previous,
    }
    return Entry.objects.create(**values, hash=chain.digest([values[name] for name in chain.FIELDS]))


def _one_at_a_time() -> None:
    """Two entries must not follow the same one. SQLite has one writer anyway: its transactions begin IMMEDIATE."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def rows() -> Iterator[Sequence]:
    """Every entry in order, as the chain wants it; read in pieces, so that a million fit in little memory."""
    entries = Entry.objects.order_by("number").values_list(*chain.FIELDS, "hash")
    some = list(entries[:PIECE])
    while some:
        yield from some
        some = list(entries.filter(number__gt=some[-1][0])[:PIECE])


def verify(noted: chain.Noted | None = None) -> chain.Verdict:
    """Follow the whole chain."""
    return chain.verify(rows(), noted)


def concerning(code: str) -> QuerySet[Entry]:
    """What was done about an organisation's data, or on its behalf."""
    return Entry.objects.filter(Q(about=code) | Q(acting_for=code))
