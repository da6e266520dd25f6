"""The key with which a practice's NHS numbers become pseudonyms. It lies in the practice's folder, never in the database."""

from __future__ import annotations

from openpractice.kinds import Owner
from openpractice.store.keyring import KeyRing
from openpractice.web.organisations.models import Organisation
from openpractice.web.own.place import home_of


def ring_of(organisation: Organisation) -> KeyRing:
    """The practice's key ring, made when it is first asked for."""
    return KeyRing.open_or_make(home_of(organisation))


def owner_of(organisation: Organisation) -> Owner:
    """Whose a file is that this organisation loads, and what its patients are called inside."""
    return ring_of(organisation).owner(organisation.code, organisation.name)
