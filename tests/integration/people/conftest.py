"""Plainly fictional people and organisations."""

from __future__ import annotations

import pytest
from django.test import Client

from openpractice.web.accounts.models import Person
from openpractice.web.organisations.actions import add_organisation, appoint
from openpractice.web.organisations.models import Membership, Organisation
from openpractice.web.organisations.roles import ROLES, Kind
from tests.integration.running.conftest import federation

__all__ = ["client_of", "federation", "manager", "member", "organisation"]


@pytest.fixture
def organisation(db):
    """Makes an organisation of a kind."""

    def make(kind: str = Kind.PRACTICE, code: str = "Y99001", name: str = "") -> Organisation:
        found = Organisation.objects.filter(code=code).first()
        return found or add_organisation(code=code, name=name or f"The {code} {Kind(kind).label}", kind=kind)

    return make


@pytest.fixture
def member(organisation):
    """Makes a person who acts for an organisation in a role; they have no password unless one is given."""

    def make(role: str, code: str = "Y99001", name: str = "", password: str | None = None) -> Membership:
        place = organisation(ROLES[role].kinds[0], code)
        number = Person.objects.count() + 1
        person = Person.objects.create_user(
            f"person{number}@example.org", password, name=name or f"Person {number} Wren"
        )
        return appoint(person=person, organisation=place, role=role)

    return make


@pytest.fixture
def manager(member):
    """Somebody who manages the people of a practice."""
    return member("practice_administrator")


@pytest.fixture
def client_of():
    """A browser in which a person is signed in."""

    def make(person: Person) -> Client:
        client = Client()
        client.force_login(person)
        return client

    return make
