"""Whether somebody may see an organisation's own data now; whatever the answer, it is written down."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from openpractice.web.agreements.decide import Asked, Decision, decide
from openpractice.web.agreements.terms import Granularity, Purpose
from openpractice.web.audit.models import Action
from openpractice.web.audit.record import write
from openpractice.web.organisations.acting import Acting
from openpractice.web.organisations.models import Organisation
from openpractice.web.organisations.roles import Permission


class NotShared(Exception):
    """These people may not see that of those. `reasons` are sentences."""

    def __init__(self, owner: Organisation, reasons: tuple[str, ...]):
        super().__init__(" ".join(reasons))
        self.owner, self.reasons = owner, reasons


def answer(now: Acting, owner: Organisation, purpose: Purpose | None, topic: str, granularity: Granularity) -> Decision:
    """The decision at this moment, and nothing else: no entry is written. Own data need no purpose."""
    if owner == now.organisation:
        return _own(now, owner, granularity)
    if not now.may(Permission.SEE_SHARED):
        title = now.role.title.lower()
        return Decision(False, (f"As {title} of {now.organisation} you do not see what others share.",))
    if purpose is None:
        return Decision(False, ("Say for which purpose: what is shared for one may not be used for another.",))
    return decide(Asked(owner, now.organisation, now.role.name, topic, purpose, granularity, now.person))


def _own(now: Acting, owner: Organisation, granularity: Granularity) -> Decision:
    """Figures for all who see own data; records for those who hold the files anyway, and for clinicians."""
    records = granularity == Granularity.RECORD
    needed = (Permission.UPLOAD, Permission.REIDENTIFY) if records else (Permission.SEE_OWN,)
    if any(map(now.may, needed)):
        return Decision(True, (f"It is {owner}'s own data.",))
    return Decision(
        False, (f"As {now.role.title.lower()} of {owner} you cannot do this: {needed[0].meaning.lower()}.",)
    )


def ask(
    now: Acting, owner: Organisation, purpose: Purpose | None, topic: str, granularity: Granularity, how: Any, what: str
) -> Decision:
    """The decision, with its entry in the owner's record: one a request. Raises NotShared.

    `how` is the action that is written when it is allowed; `what` says in words what was asked for.
    """
    found = answer(now, owner, purpose, topic, granularity)
    if owner != now.organisation or granularity == Granularity.RECORD:
        note(now, owner, purpose, how if found.allowed else Action.SHARED_REFUSED, what, found)
    if not found.allowed:
        raise NotShared(owner, found.reasons)
    return found


def note(
    now: Acting, owner: Organisation, purpose: Purpose | None, action: Any, what: str, found: Decision, why: str = ""
) -> None:
    """Write down that somebody saw, or did not see, what is another's."""
    with transaction.atomic():
        write(
            action, by=now.person, acting_for=now.organisation.code, about=owner.code, what=what, why=why or None,
            purpose="its own use" if owner == now.organisation else str(purpose) if purpose else None,
            agreement=found.agreement.pk if found.agreement else None,
            emergency=found.emergency.pk if found.emergency else None,
        )  # fmt: skip
