"""Who may do what with organisations and memberships: each rule raises a sentence that a person can act on."""

from __future__ import annotations

from typing import Any

from openpractice.web.organisations.models import Membership, Organisation
from openpractice.web.organisations.roles import Permission, offered


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


def check_runs_installation(person: Any) -> str:
    """The code of those who run the installation, for whom the person acts in this; raises NotAllowed."""
    for mine in Membership.objects.current().filter(person=person).select_related("organisation"):
        if mine.role.may(Permission.MANAGE_ORGANISATIONS):
            return mine.organisation.code
    raise NotAllowed("Only those who run this installation may do this.")


def is_managed(organisation: Organisation) -> bool:
    """Whether anybody manages its people, so that whoever runs the installation has nothing to do there any more."""
    return any(member.role.may(Permission.MANAGE_PEOPLE) for member in organisation.memberships.current())


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
