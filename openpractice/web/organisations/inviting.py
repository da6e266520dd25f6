"""Inviting and joining. Each writes its entry into the record, or does not happen."""

from __future__ import annotations

import datetime
import secrets
from typing import Any

from django.db import transaction
from django.utils import timezone

from openpractice.web.audit.models import Action
from openpractice.web.audit.record import write
from openpractice.web.config.seeing import across
from openpractice.web.organisations.actions import add_organisation, join
from openpractice.web.organisations.models import Invitation, Membership, Organisation
from openpractice.web.organisations.roles import Kind, Permission, offered
from openpractice.web.organisations.rules import (
    NotAllowed,
    check_manages,
    check_role,
    check_runs_installation,
    is_managed,
)

INSTALLATION = "INSTALLATION"  # the code of those who run it
VALID = datetime.timedelta(days=7)


def invite(*, organisation: Organisation, email: str, role: str, by: Any) -> tuple[Invitation, str]:
    """Returns the invitation and the token of its link, which is told once and not kept. Raises NotAllowed."""
    check_manages(by, organisation)
    return _invite(organisation, email, role, by, organisation.code)


@across()
def invite_first(*, organisation: Organisation, email: str, role: str, by: Any) -> tuple[Invitation, str]:
    """Invite whoever will answer for an organisation that nobody manages yet. Raises NotAllowed."""
    runs = check_runs_installation(by)
    if organisation.closed:
        raise NotAllowed(f"{organisation} is closed, so nobody can join it.")
    if is_managed(organisation):
        raise NotAllowed(f"{organisation} has somebody who manages its people. It is theirs to invite others.")
    managing = [one.name for one in offered(organisation.kind) if one.may(Permission.MANAGE_PEOPLE)]
    if managing and role not in managing:  # a patient group has nobody who manages it: each is invited from here
        raise NotAllowed("The first to join an organisation must be able to invite the others. Choose such a role.")
    return _invite(organisation, email, role, by, runs)


@across()
@transaction.atomic
def invite_administrator(*, email: str) -> str:
    """From the command line: a token for somebody who will run this installation. Whoever has the shell may do it."""
    place = Organisation.objects.filter(kind=Kind.INSTALLATION, closed=None).first() or add_organisation(
        code=INSTALLATION, name="This installation", kind=Kind.INSTALLATION
    )
    return _invite(place, email, "system_administrator", None, "")[1]


@transaction.atomic
def _invite(
    organisation: Organisation, email: str, role: str, by: Any | None, acting_for: str
) -> tuple[Invitation, str]:
    check_role(organisation, role)
    email = email.strip().lower()
    if Membership.objects.current().filter(organisation=organisation, person__email=email).exists():
        raise NotAllowed(f"{email} acts for {organisation} already. Change their role in the list instead.")
    token = secrets.token_urlsafe(32)
    invitation = Invitation.objects.create(
        organisation=organisation, role_name=role, email=email, fingerprint=Invitation.fingerprint_of(token),
        invited_by=by, expires=timezone.now() + VALID,
    )  # fmt: skip
    write(
        Action.INVITED, by=by, who="the installation", acting_for=acting_for, about=organisation.code,
        invitation=invitation.pk, role=role,
    )  # fmt: skip
    return invitation, token


@across()  # whoever runs the installation is no member there
@transaction.atomic
def withdraw(*, invitation: Invitation, by: Any) -> None:
    """Make the link useless. While nobody manages the people of a place, those who invited from outside can. Raises NotAllowed."""
    code = invitation.organisation.code
    if is_managed(invitation.organisation):
        acting_for = check_manages(by, invitation.organisation).organisation.code
    else:
        acting_for = check_runs_installation(by)
    if not invitation.is_open:
        raise NotAllowed("This invitation is no longer open, so there is nothing to withdraw.")
    invitation.withdrawn = timezone.now()
    invitation.save(update_fields=["withdrawn"])
    write(Action.INVITATION_WITHDRAWN, by=by, acting_for=acting_for, about=code, invitation=invitation.pk)


@across()  # whoever opens a link acts for nobody yet
def open_invitation(token: str) -> Invitation:
    """The invitation of a link. Raises NotAllowed, in the same words whether it never was, is used or has expired."""
    found = (
        Invitation.objects.filter(fingerprint=Invitation.fingerprint_of(token)).select_related("organisation").first()
    )
    if found is None or not found.is_open:
        raise NotAllowed("This link is not valid any more. Ask whoever invited you for a new one.")
    return found


@across()
@transaction.atomic
def accept(*, token: str, by: Any) -> Membership:
    """Join by a link, which is then used up. The link is for the person it was sent to. Raises NotAllowed."""
    invitation = Invitation.objects.select_for_update().get(pk=open_invitation(token).pk)
    if not invitation.is_open:
        raise NotAllowed("This link is not valid any more. Ask whoever invited you for a new one.")
    if by.email.lower() != invitation.email:
        raise NotAllowed(
            "This invitation was sent to another email address. Sign in with that one, or ask for a new one."
        )
    organisation = invitation.organisation
    if Membership.objects.current().filter(person=by, organisation=organisation).exists():
        raise NotAllowed(f"You act for {organisation} already.")
    invitation.accepted, invitation.accepted_by = timezone.now(), by
    invitation.save(update_fields=["accepted", "accepted_by"])
    return join(by, organisation, invitation.role_name, by=by, acting_for=organisation.code)
