"""Whoever passes an invitation's link on could open it too: what that lets them do, and what it does not."""

from __future__ import annotations

import re

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.test import Client

from openpractice.web.accounts import actions as accounts
from openpractice.web.accounts.models import Person
from openpractice.web.audit.models import Action, Entry

WREN = "wren@hospital.example.org"
TAKEN, OWN = (
    {"name": "Not Wren", "password": "a cuckoo lays here"},
    {"name": "Dr Wren", "password": "my own three words"},
)


@pytest.fixture
def invites(member, client_of):
    """An administrator of a practice invites somebody; gives what the page answers."""

    def ask(code: str, email: str = WREN) -> str:
        manager = member("practice_administrator", code)
        page = client_of(manager.person).post(
            "/organisation/people/invite/", {"email": email, "role": "clinician"}, headers={"host": "localhost"}
        )
        assert page.status_code == 200
        return page.content.decode()

    return ask


def link_in(text: str) -> str:
    return re.search(r"http://localhost(/invitations/[\w-]+/)", text).group(1)


def signs_in(person: Person, password: str) -> bool:
    return Client().login(email=person.email, password=password)


@pytest.fixture
def taken(invites, client_of) -> tuple[Person, Client]:
    """An account that an inviter made by the link meant for somebody else, with a passkey and an open session."""
    inviter = Client()
    assert inviter.post(link_in(invites("Y99001")), TAKEN).status_code == 302
    person = Person.objects.get(email=WREN)
    Authenticator.objects.create(user=person, type="webauthn", data={"credential": "none"})
    assert inviter.get("/you/").status_code == 200
    return person, inviter


def is_free_of_the_inviter(person: Person, inviter: Client) -> bool:
    return not (
        signs_in(person, TAKEN["password"])
        or Authenticator.objects.filter(user=person).exists()
        or inviter.get("/you/").status_code == 200
    )


def test_without_email_the_link_is_shown_and_proves_nothing(invites):
    answer = Client().post(link_in(invites("Y99001")), OWN)
    assert answer.status_code == 302
    assert Person.objects.get(email=WREN).proven is None
    assert mail.outbox == []


def test_with_email_nobody_but_the_addressee_sees_the_link(invites, settings):
    settings.SENDS_EMAIL = True
    page = invites("Y99001")
    assert "http://localhost/invitations/" not in page
    assert f"on its way to {WREN}" in page
    (letter,) = mail.outbox
    assert letter.to == [WREN]
    assert Client().post(link_in(letter.body), OWN).status_code == 302
    assert Person.objects.get(email=WREN).proven


def test_a_mail_server_that_does_not_answer_stops_nobody(invites, settings, caplog):
    settings.SENDS_EMAIL = True
    settings.EMAIL_BACKEND, settings.EMAIL_PORT = "django.core.mail.backends.smtp.EmailBackend", 1
    answer = Client().post(link_in(invites("Y99001")), OWN)
    assert answer.status_code == 302
    assert Person.objects.get(email=WREN).proven is None
    assert "An invitation could not be sent" in caplog.text


def test_a_link_that_came_by_email_makes_the_account_theirs(taken, invites, settings):
    settings.SENDS_EMAIL = True
    person, inviter = taken
    invites("Y99002")
    link = link_in(mail.outbox[0].body)
    assert "Make my account" in Client().get(link).content.decode()
    assert Client().post(link, OWN).status_code == 302
    assert is_free_of_the_inviter(person, inviter)
    assert signs_in(person, OWN["password"])
    assert Entry.objects.filter(action=Action.ADDRESS_PROVEN, person=person.pk).count() == 1
    assert Person.objects.get(email=WREN).name == "Dr Wren"
    assert {m.organisation.code for m in person.memberships.current()} == {"Y99001", "Y99002"}


def test_a_forgotten_password_makes_the_account_theirs(taken):
    person, inviter = taken
    visitor = Client()
    visitor.post("/account/password/reset/", {"email": WREN})
    link = re.search(r"http://testserver(\S+)", mail.outbox[0].body).group(1)
    form = visitor.get(link, follow=True).request["PATH_INFO"]
    assert visitor.post(form, {"password1": OWN["password"]}).status_code == 302
    assert is_free_of_the_inviter(person, inviter)
    assert signs_in(person, OWN["password"])


def test_another_inviter_gains_nothing_by_a_link_that_they_saw(taken, invites):
    """Nor is anybody told, before the form is sent, that the address has an account."""
    person, _ = taken
    link, unknown = link_in(invites("Y99002")), link_in(invites("Y99003", "nobody@hospital.example.org"))
    pages = [Client().get(one).content.decode() for one in (link, unknown)]
    assert all("Make my account" in page and "If you have an account" in page for page in pages)
    answer = Client().post(link, OWN)
    assert answer.status_code == 422
    assert "has an account already" in answer.content.decode()
    assert signs_in(person, TAKEN["password"])  # nobody has taken it from them either
    assert not signs_in(person, OWN["password"])
    assert [m.organisation.code for m in person.memberships.current()] == ["Y99001"]


def test_a_proven_account_is_never_taken_over(invites, settings):
    settings.SENDS_EMAIL = True
    person = accounts.make(email=WREN, proven=True, **OWN)
    Authenticator.objects.create(user=person, type="webauthn", data={"credential": "none"})
    invites("Y99001")
    link = link_in(mail.outbox[0].body)
    assert "You have an account already" in Client().get(link).content.decode()
    assert Client().post(link, TAKEN).status_code == 200
    accounts.prove(person=person)  # again, as at each sign-in by an identity provider
    assert signs_in(person, OWN["password"])
    assert Authenticator.objects.filter(user=person).exists()
