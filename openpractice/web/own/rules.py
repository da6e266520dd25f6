"""Who may do what with an organisation's own data: each rule raises a sentence that a person can act on."""

from __future__ import annotations

import datetime
import re
from typing import Any

from django.contrib.auth import get_user_model

from openpractice.web.audit.models import Action, Entry
from openpractice.web.organisations.models import Membership, Organisation
from openpractice.web.organisations.roles import Kind, Permission
from openpractice.web.organisations.rules import NotAllowed

SHORTEST, LONGEST, DEFAULT = 3, 120, 36  # months that own data are kept
AN_HOUR = 20  # patients that one person may look up in an hour
_PSEUDONYM = re.compile(r"p[a-z2-7]{26}")


def check_may(person: Any, organisation: Organisation, permission: Permission) -> None:
    """Raises NotAllowed unless the person acts for the organisation, today, in a role that may."""
    mine = Membership.objects.current().filter(person=person, organisation=organisation).first()
    if mine is None or not mine.role.may(permission):
        raise NotAllowed(f"At {organisation} you cannot do this: {permission.meaning.lower()}.")


def check_cares(person: Any, organisation: Organisation) -> None:
    """Raises NotAllowed unless the person is a clinician of this very practice."""
    check_may(person, organisation, Permission.REIDENTIFY)
    if organisation.kind != Kind.PRACTICE:
        raise NotAllowed("Only a practice can find out which of its own patients a record is about.")


def check_not_too_many(person: Any) -> None:
    """A person who looks up many patients in a row is no longer looking after one. Raises NotAllowed.

    Until the transaction ends, nothing else that the person asks is counted: of many at once, none is forgotten.
    """
    get_user_model().objects.select_for_update(no_key=True).get(pk=person.pk)
    hour_ago = datetime.datetime.now(datetime.UTC) - datetime.timedelta(hours=1)
    looked = (Action.REIDENTIFIED, Action.NOT_REIDENTIFIED)
    since = hour_ago.isoformat(timespec="milliseconds")
    if Entry.objects.filter(person=person.pk, action__in=[str(a) for a in looked], at__gt=since).count() >= AN_HOUR:
        raise NotAllowed(f"You have looked up {AN_HOUR} patients within an hour, which is the most. Wait a while.")


def check_pseudonym(text: str) -> str:
    """The pseudonym as it is stored. Raises NotAllowed for anything else, which is not repeated: it may be a number."""
    text = text.strip().lower()
    if not _PSEUDONYM.fullmatch(text):
        raise NotAllowed("A pseudonym is the letter p and 26 letters and digits. Copy it from the record, whole.")
    return text


def check_months(months: int) -> None:
    if not SHORTEST <= months <= LONGEST:
        raise NotAllowed(f"Own data are kept for {SHORTEST} to {LONGEST} months.")
