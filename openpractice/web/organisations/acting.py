"""For whom the signed-in person acts at this moment, and what they may do there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from openpractice.web.organisations.models import Membership, Organisation, SecondFactorRule
from openpractice.web.organisations.roles import Permission, Role

CHOSEN = "acting_for"  # the session's key


@dataclass(frozen=True)
class Acting:
    """A person, the organisation that they act for, and their role there."""

    person: Any
    membership: Membership
    choices: int  # how many organisations they could act for, this one included

    @property
    def organisation(self) -> Organisation:
        return self.membership.organisation

    @property
    def role(self) -> Role:
        return self.membership.role

    def may(self, permission: Permission) -> bool:
        return self.role.may(permission)


def acting(request: HttpRequest) -> Acting | None:
    """Asked of the database once a request, so that a membership that ended a moment ago gives nothing.

    Without a choice, or with one that is no longer theirs, a person acts for the first of their organisations.
    """
    if not hasattr(request, "_acting"):
        request._acting = _found(request) if request.user.is_authenticated else None  # type: ignore[attr-defined]
    return request._acting  # type: ignore[attr-defined]


def _found(request: HttpRequest) -> Acting | None:
    mine = list(current(request.user))
    chosen = request.session.get(CHOSEN)
    membership = next((m for m in mine if m.organisation.code == chosen), mine[0] if mine else None)
    return Acting(request.user, membership, len(mine)) if membership else None


def current(person: Any):
    """The memberships of a person that are in force."""
    return person.memberships.current().select_related("organisation", "person").order_by("organisation__name")


def needs_second_factor(membership: Membership) -> bool:
    """Whether this role must sign in with a second factor: the organisation's own rule, or else the role's."""
    rule = SecondFactorRule.objects.filter(
        organisation_id=membership.organisation_id, role_name=membership.role_name
    ).first()
    return rule.required if rule else membership.role.second_factor
