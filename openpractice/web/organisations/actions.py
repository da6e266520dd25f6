"""What people do with organisations and memberships. Each writes its entry into the record, or does not happen."""

from __future__ import annotations

import datetime
import secrets
from typing import Any

from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from openpractice.web.audit.models import Action
from openpractice.web.audit.record import write
from openpractice.web.organisations.acting import CHOSEN
from openpractice.web.organisations.models import Invitation, Membership, Organisation, SecondFactorRule
from openpractice.web.organisations.roles import ROLES, Kind, Permission, offered

INSTALLATION = "INSTALLATION"  # the code of those who run it
VALID = datetime.timedelta(days=7)


class NotAllowed(Exception):
    """The rule that stands in the way, as a sentence with the remedy."""


def check_manages(person: Any, organisation: Organisation) -> Membership:
    """The membership that lets a person manage an organisation's people; raises NotAllowed."""
    mine = Membership.objects.current().filter(person=person, organisation=organisation).first()
    if mine is None or not mine.role.may(Permission.MANAGE_PEOPLE):
        raise NotAllowed(
            f"Only those who manage the people of {organisation} may do this. Ask one of them; they are listed there."
        )
    return mine


def check_runs_installation(person: Any) -> None:
    mine = Membership.objects.current().filter(person=person)
    if not any(membership.role.may(Permission.MANAGE_ORGANISATIONS) for membership in mine):
        raise NotAllowed("Only those who run this installation may do this.")


def check_role(organisation: Organisation, role: str) -> None:
    if role not in {one.name for one in offered(organisation.kind)}:
        raise NotAllowed(
            f"{organisation} is not the kind of organisation that has this role. Choose one of those offered."
        )


def check_someone_remains(membership: Membership) -> None:
    """An organisation without anybody who manages its people could never let anyone in again."""
    if not membership.role.may(Permission.MANAGE_PEOPLE):
        return
    others = membership.organisation.memberships.current().exclude(pk=membership.pk)
    if not any(other.role.may(Permission.MANAGE_PEOPLE) for other in others):
        raise NotAllowed(
            f"{membership.person} is the only one who manages the people of {membership.organisation}. Hand over to "
            "somebody else first."
        )


@transaction.atomic
def add_organisation(*, code: str, name: str, kind: str, by: Any = None) -> Organisation:
    """`by` is None when the installation itself does it, from the command line. Raises NotAllowed."""
    if by is not None:
        check_runs_installation(by)
    organisation = Organisation.objects.create(code=code, name=name, kind=kind)
    write(Action.ORGANISATION_ADDED, by=by, who="the installation", about=code, name=name, kind=kind)
    return organisation


@transaction.atomic
def close_organisation(*, organisation: Organisation, by: Any) -> None:
    """From now on nobody acts for it. What it did and what was done about its data stays in the record."""
    check_runs_installation(by)
    if organisation.closed:
        raise NotAllowed(f"{organisation} is closed already.")
    if organisation.kind == Kind.INSTALLATION:
        raise NotAllowed("Those who run this installation cannot be closed: nobody could add an organisation any more.")
    organisation.closed = timezone.now()
    organisation.save(update_fields=["closed"])
    write(Action.ORGANISATION_CLOSED, by=by, about=organisation.code)


def invite(*, organisation: Organisation, email: str, role: str, by: Any) -> tuple[Invitation, str]:
    """Returns the invitation and the token of its link, which is told once and not kept. Raises NotAllowed."""
    check_manages(by, organisation)
    return _invite(organisation, email, role, by)


def invite_first(*, organisation: Organisation, email: str, role: str, by: Any) -> tuple[Invitation, str]:
    """Invite whoever will answer for an organisation that nobody manages yet. Raises NotAllowed."""
    check_runs_installation(by)
    if organisation.closed:
        raise NotAllowed(f"{organisation} is closed, so nobody can join it.")
    if any(member.role.may(Permission.MANAGE_PEOPLE) for member in organisation.memberships.current()):
        raise NotAllowed(f"{organisation} has somebody who manages its people. It is theirs to invite others.")
    managing = [one.name for one in offered(organisation.kind) if one.may(Permission.MANAGE_PEOPLE)]
    if managing and role not in managing:  # a patient group has nobody who manages it: each is invited from here
        raise NotAllowed("The first to join an organisation must be able to invite the others. Choose such a role.")
    return _invite(organisation, email, role, by)


@transaction.atomic
def invite_administrator(*, email: str) -> str:
    """From the command line: a token for somebody who will run this installation. Whoever has the shell may do it."""
    place = Organisation.objects.filter(kind=Kind.INSTALLATION, closed=None).first() or add_organisation(
        code=INSTALLATION, name="This installation", kind=Kind.INSTALLATION
    )
    return _invite(place, email, "system_administrator", None)[1]


@transaction.atomic
def _invite(organisation: Organisation, email: str, role: str, by: Any | None) -> tuple[Invitation, str]:
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
        Action.INVITED,
        by=by,
        acting_for=organisation.code,
        about=organisation.code,
        invitation=invitation.pk,
        role=role,
    )
    return invitation, token


@transaction.atomic
def withdraw(*, invitation: Invitation, by: Any) -> None:
    check_manages(by, invitation.organisation)
    if not invitation.is_open:
        raise NotAllowed("This invitation is no longer open, so there is nothing to withdraw.")
    invitation.withdrawn = timezone.now()
    invitation.save(update_fields=["withdrawn"])
    code = invitation.organisation.code
    write(Action.INVITATION_WITHDRAWN, by=by, acting_for=code, about=code, invitation=invitation.pk)


def open_invitation(token: str) -> Invitation:
    """The invitation of a link. Raises NotAllowed, in the same words whether it never was, is used or has expired."""
    found = (
        Invitation.objects.filter(fingerprint=Invitation.fingerprint_of(token)).select_related("organisation").first()
    )
    if found is None or not found.is_open:
        raise NotAllowed("This link is not valid any more. Ask whoever invited you for a new one.")
    return found


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
    return _join(by, organisation, invitation.role_name, by=by)


def _join(person: Any, organisation: Organisation, role: str, *, by: Any) -> Membership:
    membership = Membership.objects.create(person=person, organisation=organisation, role_name=role)
    write(
        Action.JOINED, by=by, who="the installation", acting_for=organisation.code, about=organisation.code,
        person=person.pk, role=role,
    )  # fmt: skip
    return membership


@transaction.atomic
def appoint(*, person: Any, organisation: Organisation, role: str, by: Any = None) -> Membership:
    """Make somebody a member without an invitation: an organisation's first administrator. Raises NotAllowed.

    `by` is None when the installation itself does it, from the command line.
    """
    if by is not None:
        check_runs_installation(by)
    check_role(organisation, role)
    return _join(person, organisation, role, by=by)


def _end(membership: Membership) -> None:
    membership.ended = timezone.now()
    membership.save(update_fields=["ended"])


@transaction.atomic
def switch(*, request: HttpRequest, membership: Membership, by: Any) -> None:
    """Act for another of one's organisations, from the next page on."""
    request.session[CHOSEN] = membership.organisation.code
    code = membership.organisation.code
    write(Action.SWITCHED, by=by, acting_for=code, about=code, role=membership.role_name)


@transaction.atomic
def leave(*, membership: Membership, by: Any) -> None:
    """Stop acting for an organisation oneself. Raises NotAllowed when nobody would remain to manage its people."""
    if membership.person_id != by.pk or membership.ended:
        raise NotAllowed("You can only leave an organisation that you act for yourself.")
    check_someone_remains(membership)
    _end(membership)
    code = membership.organisation.code
    write(Action.LEFT, by=by, acting_for=code, about=code)


@transaction.atomic
def remove(*, membership: Membership, by: Any) -> None:
    """End somebody's membership. Raises NotAllowed."""
    check_manages(by, membership.organisation)
    if membership.ended:
        raise NotAllowed(f"{membership.person} does not act for {membership.organisation} any more.")
    check_someone_remains(membership)
    _end(membership)
    code = membership.organisation.code
    write(Action.REMOVED, by=by, acting_for=code, about=code, person=membership.person_id)


@transaction.atomic
def change_role(*, membership: Membership, role: str, by: Any) -> Membership:
    """Give somebody another role, from now on: the membership in the old role is ended. Raises NotAllowed."""
    check_manages(by, membership.organisation)
    check_role(membership.organisation, role)
    if membership.ended:
        raise NotAllowed(f"{membership.person} does not act for {membership.organisation} any more.")
    if not ROLES[role].may(Permission.MANAGE_PEOPLE):
        check_someone_remains(membership)
    _end(membership)
    new = Membership.objects.create(person=membership.person, organisation=membership.organisation, role_name=role)
    code = membership.organisation.code
    write(
        Action.ROLE_CHANGED, by=by, acting_for=code, about=code, person=membership.person_id, role=role,
        before=membership.role_name,
    )  # fmt: skip
    return new


@transaction.atomic
def hand_over(*, membership: Membership, to: Membership, by: Any) -> None:
    """Give one's own role to a colleague and leave. Raises NotAllowed."""
    if (
        membership.person_id != by.pk
        or membership.ended
        or to.ended
        or to.organisation_id != membership.organisation_id
    ):
        raise NotAllowed("You can hand over your own role, to somebody who acts for the same organisation.")
    if to.pk == membership.pk:
        raise NotAllowed("Choose somebody else to hand over to.")
    code = membership.organisation.code
    if to.role_name != membership.role_name:
        _end(to)
        Membership.objects.create(person=to.person, organisation=to.organisation, role_name=membership.role_name)
    _end(membership)
    write(Action.HANDED_OVER, by=by, acting_for=code, about=code, person=to.person_id, role=membership.role_name)


@transaction.atomic
def require_second_factor(*, organisation: Organisation, role: str, required: bool, by: Any) -> None:
    """Say whether a role of the organisation must sign in with a second factor. Raises NotAllowed."""
    check_manages(by, organisation)
    check_role(organisation, role)
    SecondFactorRule.objects.update_or_create(
        organisation=organisation, role_name=role, defaults={"required": required}
    )
    code = organisation.code
    write(
        Action.SECOND_FACTOR_RULE, by=by, acting_for=code, about=code, role=role, required="yes" if required else "no"
    )


@transaction.atomic
def deactivate(*, person: Any, by: Any) -> None:
    """Stop somebody from signing in anywhere, at once. Only those who run the installation may. Raises NotAllowed."""
    check_runs_installation(by)
    for membership in Membership.objects.current().filter(person=person):
        check_someone_remains(membership)
    person.is_active = False
    person.save(update_fields=["is_active"])
    write(Action.PERSON_DEACTIVATED, by=by, person=person.pk)
