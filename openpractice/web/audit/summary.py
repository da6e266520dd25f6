"""Who used an organisation's data, by month: organisations and counts, and never the name of a person."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from django.db.models import Count, Max, Min, QuerySet
from django.db.models.functions import Substr

from openpractice.render import words
from openpractice.web.audit.models import Entry
from openpractice.web.audit.telling import doing, names


@dataclass(frozen=True)
class Used:
    """What one organisation did in a month: how often, and how many people did it."""

    organisation: str
    action: str
    times: int
    people: int


@dataclass(frozen=True)
class Month:
    title: str
    used: list[Used]


def years(entries: QuerySet[Entry]) -> list[str]:
    """The years from the first entry's to the last one's, the newest first."""
    found = entries.aggregate(first=Min("at"), last=Max("at"))
    if found["first"] is None:
        return []
    return [str(year) for year in range(int(found["last"][:4]), int(found["first"][:4]) - 1, -1)]


def months(entries: QuerySet[Entry], year: str) -> list[Month]:
    """The months of a year that have anything, the newest first; a month begins at midnight in Greenwich."""
    rows = (
        entries.filter(at__startswith=f"{year}-")
        .order_by()
        .annotate(month=Substr("at", 1, 7))
        .values_list("month", "acting_for", "action")
        .annotate(times=Count("number"), people=Count("person", distinct=True))
    )
    found = sorted(rows, key=lambda row: row[0], reverse=True)
    called = names([], {acting_for for _, acting_for, *_ in found})
    return [
        Month(words.period(month), sorted((_used(row, called) for row in some), key=_order))
        for month, some in groupby(found, key=lambda row: row[0])
    ]


def _used(row, called) -> Used:
    _, acting_for, action, times, people = row
    whose = called.organisation(acting_for)
    return Used(whose[:1].upper() + whose[1:], doing(action), times, people)


def _order(used: Used) -> tuple:
    return used.organisation.casefold(), -used.times, used.action
