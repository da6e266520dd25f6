"""What people do with organisations and memberships. Each writes its entry into the record, or does not happen."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from openpractice.web.audit.models import Action
from openpractice.web.audit.record import write
from openpractice.web.config.seeing import across
from openpractice.web.organisations.acting import CHOSEN
from openpractice.web.organisations.models import Membership, Organisation, SecondFactorRule
from openpractice.web.organisations.roles import ROLES, Kind, Permission
from openpractice.web.organisations.rules import (
    NotAllowed,
    check_manages,
    check_role,
    check_runs_installation,
    check_someone_remains,
)


@transaction.atomic
def add_organisation(*, code: str, name: str, kind: str, by: Any = None) -> Organisation:
    """`by` is None when the installation itself does it, from the command line. Raises NotAllowed."""
    runs = check_runs_installation(by) if by is not None else ""
    organisation = Organisation.objects.create(code=code, name=name, kind=kind)
    write(
        Action.ORGANISATION_ADDED, by=by, who="the installation", acting_for=runs, about=code, name=name, kind=kind
    )  # fmt: skip
    return organisation


@transaction.atomic
def close_organisation(*, organisation: Organisation, by: Any) -> None:
    """From now on nobody acts for it. What it did and what was done about its data stays in the record."""
    runs = check_runs_installation(by)
    if organisation.closed:
        raise NotAllowed(f"{organisation} is closed already.")
    if organisation.kind == Kind.INSTALLATION:
        raise NotAllowed("Those who run this installation cannot be closed: nobody could add an organisation any more.")
    organisation.closed = timezone.now()
    organisation.save(update_fields=["closed"])
    write(Action.ORGANISATION_CLOSED, by=by, acting_for=runs, about=organisation.code)


def join(person: Any, organisation: Organisation, role: str, *, by: Any, acting_for: str) -> Membership:
    """Begin a membership, within the transaction of whatever led to it."""
    membership = Membership.objects.create(person=person, organisation=organisation, role_name=role)
    write(
        Action.JOINED, by=by, who="the installation", acting_for=acting_for, about=organisation.code,
        person=person.pk, role=role,
    )  # fmt: skip
    return membership


@across()
@transaction.atomic
def appoint(*, person: Any, organisation: Organisation, role: str, by: Any = None) -> Membership:
    """Make somebody a member without an invitation: an organisation's first administrator. Raises NotAllowed.

    `by` is None when the installation itself does it, from the command line.
    """
    runs = check_runs_installation(by) if by is not None else ""
    check_role(organisation, role)
    return join(person, organisation, role, by=by, acting_for=runs)


def _held(membership: Membership) -> Membership:
    """The membership as it stands now. Until the transaction ends, nobody else changes who acts for its organisation.

    Two who leave at once would otherwise each count on the other to remain. Raises NotAllowed when it has ended.
    """
    organisation = Organisation.objects.select_for_update().get(pk=membership.organisation_id)
    found = organisation.memberships.current().select_related("person").filter(pk=membership.pk).first()
    if found is None:
        raise NotAllowed(f"{membership.person} does not act for {organisation} any more.")
    return found


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
    membership = _held(membership)
    if membership.person_id != by.pk:
        raise NotAllowed("You can only leave an organisation that you act for yourself.")
    check_someone_remains(membership)
    _end(membership)
    code = membership.organisation.code
    write(Action.LEFT, by=by, acting_for=code, about=code)


@transaction.atomic
def remove(*, membership: Membership, by: Any) -> None:
    """End somebody's membership. Raises NotAllowed."""
    membership = _held(membership)
    check_manages(by, membership.organisation)
    check_someone_remains(membership)
    _end(membership)
    code = membership.organisation.code
    write(Action.REMOVED, by=by, acting_for=code, about=code, person=membership.person_id)


@transaction.atomic
def change_role(*, membership: Membership, role: str, by: Any) -> Membership:
    """Give somebody another role, from now on: the membership in the old role is ended. Raises NotAllowed."""
    membership = _held(membership)
    check_manages(by, membership.organisation)
    check_role(membership.organisation, role)
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
    """Give one's own role to a colleague and leave: for those who manage the people. Raises NotAllowed.

    The colleague loses the role that they had, which is nothing for anybody else to decide.
    """
    if membership.person_id != by.pk or to.organisation_id != membership.organisation_id:
        raise NotAllowed("You can hand over your own role, to somebody who acts for the same organisation.")
    membership, to = _held(membership), _held(to)
    check_manages(by, membership.organisation)
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
