"""May these people see that of those? The one place where it is decided, on every read, and said why.

Nothing is shared unless an agreement says so: both organisations signed it and neither has withdrawn, it is in force
today, and it covers the topic, the purpose, how fine the data are, and the role of whoever asks. In an emergency one
person may open another's figures for direct care, for hours; that is asked for that very person only.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.timezone import localtime

from openpractice.web.agreements import emergency
from openpractice.web.agreements.models import Agreement, Emergency
from openpractice.web.agreements.terms import EVERYTHING, Granularity, Purpose
from openpractice.web.organisations.models import Organisation
from openpractice.web.organisations.roles import ROLES, Permission


@dataclass(frozen=True)
class Asked:
    """A question: may this role at this organisation see that topic of the owner's data, for this purpose, so fine?

    `person` is whoever asks: only with their name can it be seen whether they opened the figures in an emergency.
    """

    owner: Organisation
    reader: Organisation
    role: str
    topic: str
    purpose: Purpose
    granularity: Granularity = Granularity.AGGREGATE
    person: Any = None


@dataclass(frozen=True)
class Decision:
    """The answer, the agreement or the emergency that it rests on, and the reasons as sentences."""

    allowed: bool
    reasons: tuple[str, ...]
    agreement: Agreement | None = None
    emergency: Emergency | None = None


def decide(asked: Asked, on: datetime.date | None = None) -> Decision:
    """Answer from the agreements as they are at this moment. Own data need none; what no agreement covers is refused."""
    if asked.owner == asked.reader:
        return Decision(True, (f"It is {asked.owner}'s own data.",))
    today = on or timezone.localdate()
    refused: list[str] = []
    for agreement in between(asked.owner, asked.reader):
        stands_in_the_way = list(_obstacles(agreement, asked, today))
        if not stands_in_the_way:
            return Decision(True, tuple(_grounds(agreement, asked)), agreement)
        refused.append(f"“{agreement}” does not allow it: {' '.join(stands_in_the_way)}")
    if found := _emergency(asked):
        return Decision(True, tuple(_grounds_of(found)), emergency=found)
    none = (
        f"There is no agreement by which {asked.owner} shares data with {asked.reader}. Nothing is shared without one."
    )
    return Decision(False, tuple(refused) or (none,))


def between(owner: Organisation, reader: Organisation) -> Iterable[Agreement]:
    """Agreements, signed or not, in which one would give data and the other receive them."""
    giving = Agreement.objects.filter(parties__organisation=owner, parties__gives=True)
    receiving = Agreement.objects.filter(parties__organisation=reader, parties__receives=True)
    return giving.filter(pk__in=receiving.values("pk")).prefetch_related("parties__statements", "parties__organisation")


def not_in_force(
    agreement: Agreement, owner: Organisation, reader: Organisation, today: datetime.date
) -> Iterable[str]:
    """Each reason why nothing at all is shared by an agreement between two of its parties."""
    for party in agreement.parties.all():
        if party.organisation in (owner, reader) and not party.stands:
            yield f"{party.organisation} {'has withdrawn from it' if party.statements.all() else 'has not signed it'}."
    for organisation in (owner, reader):
        if organisation.closed:
            yield f"{organisation} is closed."
    if today < agreement.starts:
        yield f"It begins on {_day(agreement.starts)}."
    if today > agreement.ends:
        yield f"It ended on {_day(agreement.ends)}."


def _obstacles(agreement: Agreement, asked: Asked, today: datetime.date) -> Iterable[str]:
    """Each reason why an agreement does not allow what is asked."""
    yield from not_in_force(agreement, asked.owner, asked.reader, today)
    if agreement.purpose != asked.purpose:
        yield f"It is for {_purpose(agreement.purpose)}, not for {_purpose(asked.purpose)}."
    if asked.topic not in agreement.topics and EVERYTHING not in agreement.topics:
        yield f"It does not cover {asked.topic}."
    if not Granularity(agreement.granularity).reaches(asked.granularity):
        yield f"It covers {Granularity(agreement.granularity).label.lower()}, and no finer data."
    if asked.role not in agreement.roles:
        yield f"It is not for the role of {ROLES[asked.role].title.lower()}."


def _grounds(agreement: Agreement, asked: Asked) -> Iterable[str]:
    yield f"“{agreement}” allows it, for {_purpose(agreement.purpose)}, until {_day(agreement.ends)}."
    yield f"Legal basis: {agreement.legal_basis}"
    yield f"Signed by {asked.owner} and by {asked.reader}. Either can withdraw at any time."


def _emergency(asked: Asked) -> Emergency | None:
    """What that very person opened: figures, never records, for direct care and nothing else."""
    closed = asked.owner.closed or asked.reader.closed
    fits = asked.purpose == Purpose.DIRECT_CARE and asked.granularity == Granularity.AGGREGATE
    if asked.person is None or closed or not fits or not ROLES[asked.role].may(Permission.OPEN_IN_EMERGENCY):
        return None
    return emergency.of_person(asked.person, asked.owner, asked.reader)


def _grounds_of(found: Emergency) -> Iterable[str]:
    yield f"{found.person} opened the figures of {found.owner} in an emergency, for direct care."
    yield f"It ends by itself at {localtime(found.until):%H:%M} on {_day(localtime(found.until).date())}."
    yield f"{found.owner} was told at once, can end it, and says afterwards whether it was justified."


def _purpose(name: str) -> str:
    return Purpose(name).label.lower()


def _day(day: datetime.date) -> str:
    return f"{day.day} {day:%B %Y}"
