"""Proposing, signing and withdrawing. Each writes its entry into every party's record, or does not happen."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

from django.db import transaction

from openpractice.web.agreements.models import Agreement, Party, Statement
from openpractice.web.audit.models import Action
from openpractice.web.audit.record import write
from openpractice.web.config.seeing import across
from openpractice.web.organisations.models import Membership, Organisation
from openpractice.web.organisations.roles import Permission
from openpractice.web.organisations.rules import NotAllowed


def check_signs(person: Any, organisation: Organisation) -> None:
    """Raises NotAllowed unless the person may bind the organisation."""
    mine = Membership.objects.current().filter(person=person, organisation=organisation).first()
    if mine is None or not mine.role.may(Permission.SIGN_AGREEMENTS):
        raise NotAllowed(f"Only those who answer for the data of {organisation} may do this.")


def check_terms(
    *, purpose: str, starts: datetime.date, review: datetime.date, ends: datetime.date, legal_basis: str
) -> None:
    """Raises NotAllowed for terms that nobody should sign."""
    if not legal_basis.strip():
        raise NotAllowed("Say on what legal basis the data may be shared.")
    if not starts <= review <= ends:
        raise NotAllowed("An agreement begins, is reviewed, and ends, in this order.")
    if ends > starts + datetime.timedelta(days=3 * 366):
        raise NotAllowed(
            "An agreement lasts three years at the most. Make a new one then, so that somebody reads it again."
        )


@across()  # the other parties' rows are made here too
@transaction.atomic
def propose(
    *, title: str, purpose: str, legal_basis: str, topics: Sequence[str], granularity: str, roles: Sequence[str],
    starts: datetime.date, review: datetime.date, ends: datetime.date,
    givers: Sequence[Organisation], receivers: Sequence[Organisation], by: Any, acting_for: Organisation,
) -> Agreement:  # fmt: skip
    """Write an agreement down for its parties to read and sign. Nothing is shared yet. Raises NotAllowed."""
    check_signs(by, acting_for)
    check_terms(purpose=purpose, starts=starts, review=review, ends=ends, legal_basis=legal_basis)
    everyone = {o.pk: o for o in (*givers, *receivers)}
    if acting_for.pk not in everyone:
        raise NotAllowed(f"{acting_for} must be one of the parties: nobody can agree for others only.")
    if not givers or not receivers or len(everyone) < 2:
        raise NotAllowed("An agreement needs somebody who gives data and somebody else who receives them.")
    agreement = Agreement.objects.create(
        title=title, purpose=purpose, legal_basis=legal_basis, topics=sorted(topics), granularity=granularity,
        roles=sorted(roles), starts=starts, review=review, ends=ends, made_by=by,
    )  # fmt: skip
    giving, receiving = {o.pk for o in givers}, {o.pk for o in receivers}
    for pk, organisation in everyone.items():
        Party.objects.create(
            agreement=agreement, organisation=organisation, gives=pk in giving, receives=pk in receiving
        )
        write(
            Action.AGREEMENT_PROPOSED,
            by=by,
            acting_for=acting_for.code,
            about=organisation.code,
            agreement=agreement.pk,
        )
    return agreement


def sign(*, party: Party, by: Any) -> None:
    """Bind one's organisation to the terms as they are. Raises NotAllowed."""
    if party.stands:
        raise NotAllowed(f"{party.organisation} has signed this already.")
    _say(party, by, Action.AGREEMENT_SIGNED, signed=True, reason="")


def withdraw(*, party: Party, by: Any, reason: str) -> None:
    """Leave an agreement: from the next request on nothing is shared by it with or by this party. Raises NotAllowed."""
    if not party.stands:
        raise NotAllowed(f"{party.organisation} is not bound by this agreement, so there is nothing to withdraw from.")
    _say(party, by, Action.AGREEMENT_WITHDRAWN, signed=False, reason=reason)


@transaction.atomic
def _say(party: Party, by: Any, action: Action, *, signed: bool, reason: str) -> None:
    check_signs(by, party.organisation)
    Statement.objects.create(
        party=party, signed=signed, fingerprint=party.agreement.fingerprint, reason=reason.strip(), by=by
    )
    for other in party.agreement.parties.select_related("organisation"):
        write(
            action, by=by, acting_for=party.organisation.code, about=other.organisation.code,
            agreement=party.agreement_id,
        )  # fmt: skip
