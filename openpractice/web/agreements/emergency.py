"""Opening another organisation's figures in an emergency: for direct care, at once, for hours, and never quietly.

The organisation whose figures they are is told at that moment, can end it at any time, and says afterwards whether it
was justified.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.timezone import localtime

from openpractice.sources.guards import holds_identifier
from openpractice.web.agreements.models import Emergency, Review
from openpractice.web.audit.models import Action
from openpractice.web.audit.record import write
from openpractice.web.config.post import posted
from openpractice.web.config.seeing import across
from openpractice.web.organisations.models import Membership, Organisation
from openpractice.web.organisations.roles import Kind, Permission
from openpractice.web.organisations.rules import NotAllowed

LONGEST = 24  # hours
SHORTEST_REASON = 20  # characters: a sentence, not a word


def open_now(owner: Organisation, reader: Organisation) -> QuerySet[Emergency]:
    """The emergencies in which people of one organisation see the figures of another at this moment."""
    still = Q(ended=None) & Q(until__gt=timezone.now())
    return Emergency.objects.filter(still, owner=owner, reader=reader).select_related("person", "owner", "reader")


def of_person(person: Any, owner: Organisation, reader: Organisation) -> Emergency | None:
    """The open emergency of one person who acts for the reader, or None."""
    return open_now(owner, reader).filter(person=person).first()


def check_reason(reason: str) -> str:
    """The reason without blanks around it. Raises NotAllowed for one that says too little, or names a patient."""
    reason = reason.strip()
    if len(reason) < SHORTEST_REASON:
        raise NotAllowed(f"Say in a sentence why, in {SHORTEST_REASON} characters or more. Others read it later.")
    if holds_identifier(reason):
        raise NotAllowed("Leave the NHS number out of the reason. It is kept, and others read it.")
    return reason


def check_opens(person: Any, owner: Organisation, reader: Organisation) -> None:
    """Raises NotAllowed unless the person may open the owner's figures in an emergency."""
    mine = Membership.objects.current().filter(person=person, organisation=reader).first()
    if mine is None or not mine.role.may(Permission.OPEN_IN_EMERGENCY):
        raise NotAllowed(f"Only those who care for patients at {reader} may open figures of others in an emergency.")
    if owner == reader or owner.kind != Kind.PRACTICE or owner.closed:
        raise NotAllowed("Choose another practice, whose figures are needed.")
    if of_person(person, owner, reader):
        raise NotAllowed(f"You have opened the figures of {owner} already.")


@transaction.atomic
def open_figures(
    *, owner: Organisation, reason: str, hours: int, by: Any, acting_for: Organisation, site: str = ""
) -> Emergency:
    """See another practice's figures from this moment on. Its administrators are told at once. Raises NotAllowed.

    `site` is the address of the page where they can end it, for the letter.
    """
    check_opens(by, owner, acting_for)
    reason = check_reason(reason)
    if not 1 <= hours <= LONGEST:
        raise NotAllowed(f"An emergency lasts from 1 to {LONGEST} hours. Open it again if it must last longer.")
    until = timezone.now() + datetime.timedelta(hours=hours)
    made = Emergency.objects.create(owner=owner, reader=acting_for, person=by, reason=reason, until=until)
    write(Action.EMERGENCY_OPENED, by=by, acting_for=acting_for.code, about=owner.code, emergency=made.pk, hours=hours)
    transaction.on_commit(lambda: _tell(made, site))
    return made


@across()  # whoever opens the figures is of another organisation, and sees nobody who works here
def reviewers(owner: Organisation) -> list[Membership]:
    """Those of an organisation who are told, and who review."""
    members = owner.memberships.current().select_related("person")
    return [member for member in members if member.role.may(Permission.REVIEW_EMERGENCIES)]


def _tell(emergency: Emergency, site: str) -> None:
    """Letters that cannot be sent hold nothing up: the page and the record say the same."""
    posted(
        f"{emergency.reader} opened your figures in an emergency",
        _letter(emergency, site),
        [member.person.email for member in reviewers(emergency.owner)],
        or_else="The letter about an emergency could not be sent.",
    )


def _letter(emergency: Emergency, site: str) -> str:
    return (
        f"{emergency.person} of {emergency.reader} has opened the figures of {emergency.owner} without an agreement, "
        f"for direct care, until {localtime(emergency.until):%H:%M on %d/%m/%Y}.\n\n"
        f"The reason given: {emergency.reason}\n\n"
        "They see figures, with small numbers hidden, and no records of patients. You can end it at any time, and are "
        f"asked afterwards whether it was justified{': ' + site if site else '.'}\n"
    )


@transaction.atomic
def end(*, emergency: Emergency, by: Any) -> None:
    """End it before its time: whoever opened it, or whoever reviews for the owner. Raises NotAllowed."""
    if emergency.person_id != by.pk:
        check_reviews(by, emergency.owner)
    emergency = Emergency.objects.select_for_update().get(pk=emergency.pk)
    if not emergency.is_open:
        raise NotAllowed("This has ended already.")
    emergency.ended, emergency.ended_by = timezone.now(), by
    emergency.save(update_fields=["ended", "ended_by"])
    owns = emergency.person_id != by.pk
    acting_for = emergency.owner if owns else emergency.reader
    write(Action.EMERGENCY_ENDED, by=by, acting_for=acting_for.code, about=emergency.owner.code, emergency=emergency.pk)


def check_reviews(person: Any, owner: Organisation) -> None:
    """Raises NotAllowed unless the person reviews emergencies for the owner."""
    if person.pk not in {member.person_id for member in reviewers(owner)}:
        raise NotAllowed(f"Only those who answer for the data of {owner} may do this.")


@transaction.atomic
def review(*, emergency: Emergency, justified: bool, words: str, by: Any) -> Review:
    """Say afterwards whether it was justified, once. Raises NotAllowed."""
    check_reviews(by, emergency.owner)
    if emergency.is_open:
        raise NotAllowed("It is still open. End it first, or review it when it has ended.")
    if Review.objects.filter(emergency=emergency).exists():
        raise NotAllowed("This has been reviewed already.")
    made = Review.objects.create(emergency=emergency, justified=justified, words=check_reason(words), by=by)
    for about in (emergency.owner, emergency.reader):
        write(
            Action.EMERGENCY_REVIEWED, by=by, acting_for=emergency.owner.code, about=about.code,
            emergency=emergency.pk, outcome=str(made),
        )  # fmt: skip
    return made


def unreviewed(owner: Organisation) -> Iterable[Emergency]:
    """Those that have ended and wait for a word, the oldest first."""
    waiting = owner.emergencies_here.filter(review=None).select_related("person", "reader").order_by("opened")
    return [one for one in waiting if not one.is_open]
