"""What people do with their organisation's own data. Each writes its entry into the record, or does not happen."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from openpractice.kinds import Refused
from openpractice.web.agreements.emergency import check_reason
from openpractice.web.audit.models import Action
from openpractice.web.audit.record import write
from openpractice.web.organisations.models import Organisation
from openpractice.web.organisations.roles import Permission
from openpractice.web.organisations.rules import NotAllowed
from openpractice.web.own.deeds import Deed
from openpractice.web.own.keys import ring_of
from openpractice.web.own.models import Keeping
from openpractice.web.own.place import home_of
from openpractice.web.own.rules import check_cares, check_may, check_months, check_not_too_many, check_pseudonym


@transaction.atomic
def find_patient(*, organisation: Organisation, pseudonym: str, reason: str, by: Any) -> str | None:
    """The NHS number behind a pseudonym of the practice's own data, for direct care; None when it is not known there.

    The record says who, when, why and which pseudonym, and never the number. Raises NotAllowed.
    """
    check_cares(by, organisation)
    pseudonym, reason = check_pseudonym(pseudonym), check_reason(reason)
    check_not_too_many(by)
    number = ring_of(organisation).number_of(pseudonym) if home_of(organisation).exists() else None
    action = Action.REIDENTIFIED if number else Action.NOT_REIDENTIFIED
    write(
        action, by=by, acting_for=organisation.code, about=organisation.code, pseudonym=pseudonym, why=reason,
    )  # fmt: skip
    return number


def change_key(*, organisation: Organisation, by: Any) -> None:
    """Take a new key: every pseudonym changes, no figure does. Raises NotAllowed, also while a file is being read."""
    check_may(by, organisation, Permission.MANAGE_OWN)
    if not home_of(organisation).exists():
        raise NotAllowed(f"{organisation} holds no data of its own here, so it has no key.")
    deed = Deed(Action.KEY_ROTATED, organisation.code, by)
    try:
        ring_of(organisation).rotate(deed.begin)
    except Refused as why:
        raise NotAllowed(str(why)) from why
    deed.end()


@transaction.atomic
def keep_for(*, organisation: Organisation, months: int, by: Any) -> None:
    """Say for how long own data are kept. What is older goes with the next daily deletion. Raises NotAllowed."""
    check_may(by, organisation, Permission.MANAGE_OWN)
    check_months(months)
    Keeping.objects.create(organisation=organisation, months=months, by=by)
    write(Action.KEEPING_CHANGED, by=by, acting_for=organisation.code, about=organisation.code, months=months)
