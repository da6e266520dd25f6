"""What people do with their own account. Each writes its entry into the record, or does not happen."""

from __future__ import annotations

from django.db import transaction

from openpractice.web.accounts.models import Person
from openpractice.web.audit.models import Action
from openpractice.web.audit.record import write


@transaction.atomic
def rename(*, person: Person, name: str) -> None:
    """Change one's own name. The record keeps that it happened; earlier entries keep the name of their day."""
    person.name = " ".join(name.split())
    person.save(update_fields=["name"])
    write(Action.NAME_CHANGED, by=person)
