"""The demonstration's agreements: one in force, one that waits for a signature."""

from __future__ import annotations

import datetime

from django.db import transaction
from django.utils import timezone

from openpractice.web.agreements.actions import propose, sign
from openpractice.web.agreements.models import Agreement
from openpractice.web.agreements.terms import EVERYTHING, Granularity, Purpose
from openpractice.web.organisations.models import Membership, Organisation

BASIS = "UK GDPR article 6(1)(e), a task in the public interest: figures of whole practices, without patients."


@transaction.atomic
def agreements(practice: str, network: str, board: str) -> None:
    """Made once, by the fictional people who answer for these organisations' data."""
    if Agreement.objects.exists():
        return
    one, two, three = (Organisation.objects.get(code=code) for code in (practice, network, board))
    shared = _between("Phones of the network", Purpose.SERVICE_EVALUATION, ["Telephony", "Access"], one, two)
    for party in shared.parties.all():
        sign(party=party, by=_answers(party.organisation))
    _between("Planning of winter capacity", Purpose.COMMISSIONING, [EVERYTHING], one, three)


def _between(title: str, purpose: Purpose, topics: list[str], giver: Organisation, receiver: Organisation) -> Agreement:
    today = timezone.localdate()
    roles = ["network_analyst", "network_manager"] if purpose == Purpose.SERVICE_EVALUATION else ["commissioner"]
    return propose(
        title=title, purpose=purpose, legal_basis=BASIS, topics=topics, granularity=Granularity.AGGREGATE, roles=roles,
        starts=today, review=today + datetime.timedelta(days=180), ends=today + datetime.timedelta(days=365),
        givers=[giver], receivers=[receiver], by=_answers(receiver), acting_for=receiver,
    )  # fmt: skip


def _answers(organisation: Organisation):
    """Whoever answers for an organisation's data in the demonstration."""
    roles = ("practice_administrator", "network_manager", "commissioner")
    return Membership.objects.current().filter(organisation=organisation, role_name__in=roles).first().person
