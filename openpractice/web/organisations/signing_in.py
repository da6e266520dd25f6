"""What those who run the installation do about somebody's way in. Whose data anybody sees, they decide nothing of."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from django.db import transaction

from openpractice.web.audit.models import Action
from openpractice.web.audit.record import write
from openpractice.web.config.seeing import across
from openpractice.web.organisations.rules import NotAllowed, check_runs_installation


@across()
@transaction.atomic
def deactivate(*, person: Any, by: Any) -> None:
    """Stop somebody from signing in anywhere, at once, whatever depends on them. Raises NotAllowed.

    An organisation that nobody manages afterwards gets its next administrator by an invitation of the installation's.
    """
    runs = check_runs_installation(by)
    if person == by:
        raise NotAllowed("You cannot deactivate yourself. Ask somebody else who runs this installation.")
    _set_active(person, False)
    _write(Action.PERSON_DEACTIVATED, person, by, runs)


@across()
@transaction.atomic
def activate(*, person: Any, by: Any) -> None:
    """Let somebody sign in again, with the memberships that have not ended meanwhile. Raises NotAllowed."""
    runs = check_runs_installation(by)
    _set_active(person, True)
    _write(Action.PERSON_ACTIVATED, person, by, runs)


@across()
@transaction.atomic
def take_second_factors(*, person: Any, by: Any) -> int:
    """For somebody who lost telephone and codes: they sign in with the password, and set up anew. Raises NotAllowed.

    Returns how many authenticators were taken away. Make sure first that it is really them who asks.
    """
    runs = check_runs_installation(by)
    if person == by:
        raise NotAllowed("Your own second factors you manage under your account.")
    taken, _ = Authenticator.objects.filter(user=person).delete()
    _write(Action.SECOND_FACTORS_TAKEN, person, by, runs)
    return taken


def _write(action: Any, person: Any, by: Any, runs: str) -> None:
    """Each organisation that the person acts for reads it in its record; where there is none, those who did it."""
    places = person.memberships.filter(ended=None, organisation__closed=None).values_list(
        "organisation__code", flat=True
    )
    for about in list(places) or [""]:
        write(action, by=by, acting_for=runs, about=about, person=person.pk)


def _set_active(person: Any, active: bool) -> None:
    person.is_active = active
    person.save(update_fields=["is_active"])
