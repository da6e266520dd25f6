"""Opening figures in an emergency: at once, for one person, for direct care, with notice, an end and a review."""

from __future__ import annotations

import dataclasses
import datetime

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from openpractice.web.agreements import emergency
from openpractice.web.agreements.decide import Asked, decide
from openpractice.web.agreements.models import Emergency
from openpractice.web.agreements.terms import Granularity, Purpose
from openpractice.web.audit.models import Action, Entry
from openpractice.web.organisations.rules import NotAllowed

REASON = "A patient was brought in and we must know whether the surgery has room today."


@pytest.fixture
def owner(member):
    return member("practice_administrator", "Y99001", name="Robin Wren")


@pytest.fixture
def doctor(member):
    return member("clinician", "Y99002", name="Dr Teal")


@pytest.fixture
def opened(owner, doctor, django_capture_on_commit_callbacks) -> Emergency:
    with django_capture_on_commit_callbacks(execute=True):
        return emergency.open_figures(
            owner=owner.organisation, reason=REASON, hours=4, by=doctor.person, acting_for=doctor.organisation,
            site="https://practice.example/agreements/emergency/",
        )  # fmt: skip


@pytest.fixture
def asked(owner, doctor) -> Asked:
    return Asked(
        owner.organisation, doctor.organisation, "clinician", "Appointment book", Purpose.DIRECT_CARE,
        person=doctor.person,
    )  # fmt: skip


def run_out(one: Emergency) -> None:
    one.until = timezone.now() - datetime.timedelta(days=3)
    one.save()


def test_it_opens_at_once_and_only_what_it_is_for(opened, asked, member):
    decision = decide(asked)
    assert decision.allowed
    assert decision.emergency == opened
    assert "in an emergency" in decision.reasons[0]
    colleague = member("clinician", "Y99002").person
    for change in (
        {"person": None}, {"person": colleague}, {"purpose": Purpose.SERVICE_EVALUATION}, {"role": "reception"},
        {"granularity": Granularity.ROLE}, {"granularity": Granularity.RECORD},
        {"owner": asked.reader, "reader": asked.owner},
    ):  # fmt: skip
        assert not decide(dataclasses.replace(asked, **change)).allowed, change


def test_the_owner_is_told_in_a_letter_on_their_pages_and_in_the_record(opened, owner, client_of):
    (letter,) = mail.outbox
    assert letter.to == [owner.person.email]
    assert REASON in letter.body
    assert "https://practice.example/agreements/emergency/" in letter.body
    entry = Entry.objects.get(action=Action.EMERGENCY_OPENED)
    assert (entry.about, entry.acting_for) == ("Y99001", "Y99002")
    client = client_of(owner.person)
    assert "has opened your figures in an emergency" in client.get("/agreements/").content.decode()
    assert "Dr Teal" in client.get("/agreements/emergency/").content.decode()


def test_a_letter_that_cannot_be_sent_holds_nothing_up(owner, doctor, settings, django_capture_on_commit_callbacks):
    settings.EMAIL_BACKEND = "no.such.backend"
    with django_capture_on_commit_callbacks(execute=True):
        made = emergency.open_figures(
            owner=owner.organisation, reason=REASON, hours=1, by=doctor.person, acting_for=doctor.organisation
        )
    assert made.is_open


def test_it_ends_by_itself(opened, asked):
    run_out(opened)
    assert not decide(asked).allowed


@pytest.mark.parametrize("who", ["owner", "doctor"])
def test_either_side_ends_it_early(opened, asked, who, request):
    emergency.end(emergency=opened, by=request.getfixturevalue(who).person)
    assert not decide(asked).allowed
    assert Entry.objects.filter(action=Action.EMERGENCY_ENDED, about="Y99001").count() == 1
    with pytest.raises(NotAllowed, match="ended already"):
        emergency.end(emergency=opened, by=opened.person)


def test_nobody_else_ends_or_reviews_it(opened, member):
    stranger = member("practice_administrator", "Y99003").person
    with pytest.raises(NotAllowed):
        emergency.end(emergency=opened, by=stranger)
    run_out(opened)
    for person in (stranger, opened.person):
        with pytest.raises(NotAllowed):
            emergency.review(emergency=opened, justified=True, words=REASON, by=person)


def test_it_is_reviewed_once_when_it_is_over(opened, owner):
    with pytest.raises(NotAllowed, match="still open"):
        emergency.review(emergency=opened, justified=True, words=REASON, by=owner.person)
    run_out(opened)
    assert list(emergency.unreviewed(owner.organisation)) == [opened]
    emergency.review(emergency=opened, justified=False, words="A call would have done as well.", by=owner.person)
    assert list(emergency.unreviewed(owner.organisation)) == []
    assert Entry.objects.filter(action=Action.EMERGENCY_REVIEWED).count() == 2  # in both sides' record
    with pytest.raises(NotAllowed, match="already"):
        emergency.review(emergency=opened, justified=True, words=REASON, by=owner.person)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"reason": "urgent"}, "in a sentence"),
        ({"reason": "The patient 999 123 4551 is here and very ill."}, "NHS number"),
        ({"hours": 25}, "from 1 to 24"),
        ({"hours": 0}, "from 1 to 24"),
    ],
)
def test_what_nobody_may_open(owner, doctor, change, why):
    from openpractice.sources.guards import is_nhs_number

    assert is_nhs_number("9991234551") or "NHS" not in why
    asked = {"owner": owner.organisation, "reason": REASON, "hours": 4, **change}
    with pytest.raises(NotAllowed, match=why):
        emergency.open_figures(by=doctor.person, acting_for=doctor.organisation, **asked)


def test_only_another_practice_and_only_by_those_who_care_for_patients(owner, doctor, member):
    reception, board = member("reception", "Y99002"), member("commissioner", "Q99")
    for opener, place in ((reception, owner), (board, owner), (doctor, doctor), (doctor, board)):
        with pytest.raises(NotAllowed):
            emergency.open_figures(
                owner=place.organisation, reason=REASON, hours=1, by=opener.person, acting_for=opener.organisation
            )


def test_the_pages_lead_through_it(owner, doctor, client_of):
    theirs: Client = client_of(doctor.person)
    answer = theirs.post(
        "/agreements/emergency/open/",
        {"do": "open", "owner": owner.organisation.pk, "reason": REASON, "hours": 2},
    )
    assert answer.status_code == 302
    page = theirs.get("/agreements/emergency/open/").content.decode()
    assert "/shared/Y99001/?purpose=direct_care" in page
    one = Emergency.objects.get()
    ours: Client = client_of(owner.person)
    address = f"/agreements/emergency/{one.pk}/"
    why = f"/agreements/why/?other={doctor.organisation_id}&way=they&role=clinician&topic=Telephony&purpose=direct_care&granularity=aggregate"
    assert "without an agreement. Nobody else there does" in ours.get(why).content.decode()
    assert ours.post(address, {"do": "end"}).status_code == 302
    assert ours.post(address, {"do": "review", "justified": "yes", "words": REASON}).status_code == 302
    assert "Justified" in theirs.get("/agreements/emergency/open/").content.decode()
    assert theirs.get(address).status_code == 403


def test_whoever_does_not_review_reads_no_name(opened, owner, doctor, member, client_of):
    patients = member("patient_representative", "Y99001")
    why = (
        f"/agreements/why/?other={doctor.organisation_id}&way=they&role=clinician&topic=Telephony"
        "&purpose=direct_care&granularity=aggregate"
    )
    assert "Dr Teal" in client_of(owner.person).get(why).content.decode()
    said = client_of(patients.person).get(why).content.decode()
    assert "Dr Teal" not in said
    assert f"In an emergency, one person at {doctor.organisation} sees figures" in said


def test_an_unreviewed_one_is_shown_with_its_age(opened, owner, client_of):
    run_out(opened)
    page = client_of(owner.person).get("/agreements/emergency/").content.decode()
    assert "Not reviewed" in page
    assert "3 days ago" in page
