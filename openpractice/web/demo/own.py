"""What the demonstration's practices hold themselves: made-up appointment books, and who may see them.

The books come as anybody's would: they are received, and the worker reads them. So a start waits for nothing.
"""

from __future__ import annotations

import datetime
import tempfile
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from openpractice.web.agreements.actions import propose, sign, withdraw
from openpractice.web.agreements.models import Agreement
from openpractice.web.agreements.terms import Granularity, Purpose
from openpractice.web.demo.agreements import BASIS
from openpractice.web.demo.book import write_book
from openpractice.web.organisations.models import Membership, Organisation
from openpractice.web.organisations.roles import Permission
from openpractice.web.uploads.actions import receive
from openpractice.web.uploads.models import How, Upload

TOPIC = "Appointment book"
DAYS = 390  # of the books: thirteen months, so that a month can be set beside the same one a year before
SHARED, LEFT, PLANNED = "Appointment books of the network", "Workload by role", "Appointments for planning"


def books(*codes: str) -> None:
    """Bring each practice's book once: what somebody deletes later stays deleted."""
    for code in codes:
        practice = Organisation.objects.get(code=code)
        if not Upload.objects.filter(organisation=practice).exists():
            _bring(practice)


def _bring(practice: Organisation) -> None:
    today = timezone.localdate()
    with tempfile.TemporaryDirectory() as folder:
        # Reminders began in summer: there is a change to be seen.
        reminded = today - datetime.timedelta(days=130)
        file = write_book(Path(folder) / "appointment-book.csv", practice.code, today, days=DAYS, reminders=reminded)
        with file.open("rb") as stream:
            receive(
                organisation=practice, by=_answers(practice).person, how=How.BROWSER, name=file.name, stream=stream,
                acting_for=practice.code,
            )  # fmt: skip


@transaction.atomic
def sharing(practice: str, second_practice: str, network: str, board: str) -> None:
    """One agreement on the books that is in force, one that was left, and one with the board. Made once."""
    if Agreement.objects.filter(title=SHARED).exists():
        return
    one, two, three, four = (
        Organisation.objects.get(code=code) for code in (practice, second_practice, network, board)
    )
    of_network = ["network_analyst", "network_manager"]
    _signed(SHARED, Purpose.SERVICE_EVALUATION, Granularity.ROLE, of_network, one, three)
    left = _signed(LEFT, Purpose.COMMISSIONING, Granularity.ROLE, of_network, one, three)
    party = left.parties.get(organisation=one)
    withdraw(party=party, by=_answers(one).person, reason="We first want to discuss the figures by role ourselves.")
    _signed(PLANNED, Purpose.COMMISSIONING, Granularity.AGGREGATE, ["commissioner"], two, four)


def _signed(
    title: str, purpose: Purpose, fine: Granularity, roles: list[str], giver: Organisation, receiver: Organisation
):
    today = timezone.localdate()
    made = propose(
        title=title, purpose=purpose, legal_basis=BASIS, topics=[TOPIC], granularity=fine, roles=roles, starts=today,
        review=today + datetime.timedelta(days=180), ends=today + datetime.timedelta(days=365), givers=[giver],
        receivers=[receiver], by=_answers(receiver).person, acting_for=receiver,
    )  # fmt: skip
    for party in made.parties.all():
        sign(party=party, by=_answers(party.organisation).person)
    return made


def _answers(organisation: Organisation) -> Membership:
    """Whoever answers for an organisation's data in the demonstration."""
    members = Membership.objects.current().filter(organisation=organisation).select_related("person")
    return next(member for member in members if member.role.may(Permission.SIGN_AGREEMENTS))
