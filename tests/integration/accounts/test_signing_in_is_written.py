"""The record of who came in, who went, and who tried."""

from __future__ import annotations

from openpractice.web.audit.models import Action, Entry
from tests.integration.people.conftest import member, organisation

__all__ = ["member", "organisation"]
LOGIN = "/account/login/"
TRIED = "nobody.known@example.org"


def test_signing_in_out_and_failing_are_written_without_the_address(member, client):
    one = member("clinician", password="a long enough password")
    before = Entry.objects.order_by("number").last().number
    client.post(LOGIN, {"login": TRIED, "password": "whatever it is"})
    client.post(LOGIN, {"login": one.person.email, "password": "another one"})
    client.post(LOGIN, {"login": one.person.email, "password": "a long enough password"})
    client.post("/account/logout/")
    written = list(Entry.objects.filter(number__gt=before).order_by("number"))
    assert [entry.action for entry in written] == [
        Action.SIGN_IN_FAILED, Action.SIGN_IN_FAILED, Action.SIGNED_IN, Action.SIGNED_OUT,
    ]  # fmt: skip
    assert [entry.who for entry in written[2:]] == [one.person.name] * 2
    told = " ".join(str(vars(entry)) for entry in written)
    assert TRIED not in told
    assert one.person.email not in told
