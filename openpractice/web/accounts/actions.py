"""What people do with their own account. Each writes its entry into the record, or does not happen."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.utils import timezone

from openpractice.web.accounts.models import Person
from openpractice.web.audit.models import Action
from openpractice.web.audit.record import write


@transaction.atomic
def make(*, email: str, name: str, password: str, proven: bool) -> Person:
    """An account for whoever opened an invitation's link; `proven` where the link came to the address by email.

    Then an account that somebody else made in that name, with a link that they passed on or did not, becomes theirs.
    """
    if not proven:
        return Person.objects.create_user(email, password, name=name)
    unproven = Person.objects.filter(email__iexact=email, proven=None, is_active=True)
    person = unproven.first() or Person.objects.create_user(email)
    prove(person=person)
    person.name = " ".join(name.split())
    person.set_password(password)
    person.save(update_fields=["name", "password"])
    return person


@transaction.atomic
def prove(*, person: Person) -> None:
    """The address is theirs: a link came there, or their identity provider says so. Said at each such moment.

    Whoever was to pass an invitation's link on can have made the account themselves. So at the first such moment nothing
    that was set up before lets anybody in: the password, second factors and, with the password, every session.
    """
    if Person.objects.select_for_update().get(pk=person.pk).proven:
        return
    person.proven = timezone.now()
    person.set_unusable_password()
    person.save(update_fields=["proven", "password"])
    Authenticator.objects.filter(user=person).delete()
    write(Action.ADDRESS_PROVEN, by=person)


@transaction.atomic
def rename(*, person: Person, name: str) -> None:
    """Change one's own name. The record keeps that it happened; earlier entries keep the name of their day."""
    person.name = " ".join(name.split())
    person.save(update_fields=["name"])
    write(Action.NAME_CHANGED, by=person)
