"""People and organisations as the tests of people have them; a practice that holds data, and a network that reads it."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest
from django.utils import timezone

from openpractice.web.agreements import actions
from openpractice.web.agreements.models import Agreement
from openpractice.web.agreements.terms import Granularity, Purpose
from openpractice.web.organisations.acting import Acting
from openpractice.web.organisations.models import Membership
from tests.integration.own.books import USUAL, home, load
from tests.integration.people.conftest import client_of, member, organisation

__all__ = ["client_of", "home", "member", "organisation"]
TOPIC = "Appointment book"
EVALUATION, COMMISSIONING = Purpose.SERVICE_EVALUATION, Purpose.COMMISSIONING


def acting(membership: Membership) -> Acting:
    return Acting(membership.person, membership, 1)


def agree(giver: Membership, receiver: Membership, **terms) -> Agreement:
    """An agreement that both have signed."""
    today = timezone.localdate()
    usual = {
        "title": "The book", "purpose": EVALUATION, "legal_basis": "UK GDPR article 6(1)(e).", "topics": [TOPIC],
        "granularity": Granularity.AGGREGATE, "roles": ["network_analyst", "network_manager", "commissioner"],
        "starts": today, "review": today, "ends": today + datetime.timedelta(days=90),
    }  # fmt: skip
    made = actions.propose(
        **usual | terms, givers=[giver.organisation], receivers=[receiver.organisation], by=receiver.person,
        acting_for=receiver.organisation,
    )  # fmt: skip
    for one in (giver, receiver):
        actions.sign(party=made.parties.get(organisation=one.organisation), by=one.person)
    return made


def withdraw(agreement: Agreement, one: Membership) -> None:
    actions.withdraw(party=agreement.parties.get(organisation=one.organisation), by=one.person, reason="Enough.")


@pytest.fixture
def practice(member, home: Path) -> Membership:
    """The administrator of a practice that holds two months of its own, in which few missed the nurse."""
    one = member("practice_administrator", "Y99001", name="Robin Wren")
    load(one.organisation, home, {"2026-01": USUAL, "2026-02": USUAL})
    return one


@pytest.fixture
def network(member) -> Membership:
    return member("network_manager", "U99001", name="Phoebe Maple")
