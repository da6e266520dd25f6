"""Two sides: a practice whose people try things, and another that must not lose a word to them."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from django.core.cache import caches
from django.core.signals import request_finished
from django.db import close_old_connections

from openpractice.web.agreements.models import Agreement
from openpractice.web.api import door
from openpractice.web.api.actions import make_token
from openpractice.web.api.limits import Limit
from openpractice.web.api.scopes import offered
from openpractice.web.organisations.inviting import invite
from openpractice.web.organisations.models import Membership
from openpractice.web.uploads.models import Upload
from tests.integration.api.conftest import over_sample, program
from tests.integration.own.books import USUAL, home, load
from tests.integration.people.conftest import client_of, member, organisation
from tests.integration.sharing.conftest import COMMISSIONING, agree, withdraw

__all__ = ["agree", "client_of", "home", "member", "organisation", "over_sample", "program", "withdraw"]
THEIRS = "Y99002"


@pytest.fixture(autouse=True)
def _fresh_limits(db, monkeypatch):
    """Nobody here has asked too often yet, or will."""
    caches["default"].clear()
    monkeypatch.setattr(door, "OF_ADDRESSES", Limit(100_000))
    monkeypatch.setattr(door, "OF_TOKENS", Limit(100_000, shared=True))


@dataclass(frozen=True)
class Theirs:
    """Everything of another practice that somebody could reach for, and the words that give it away."""

    boss: Membership
    values: dict[str, str]
    secret: str
    words: tuple[str, ...]


@pytest.fixture
def theirs(member, home) -> Theirs:
    """Another practice with people, an invitation, a token, an upload, an agreement, an emergency and data of its own."""
    boss = member("practice_administrator", THEIRS, name="Quillfeather Boss")
    staff = member("clinician", THEIRS, name="Quillfeather Staff")
    partner = member("commissioner", "Q99002", name="Quillfeather Partner")
    invitation, link = invite(
        organisation=boss.organisation, email="quillfeather@example.org", role="clinician", by=boss.person
    )
    token, secret = make_token(
        organisation=boss.organisation, name="Quillfeather report", scopes=offered(boss.role), by=boss.person
    )
    load(boss.organisation, home, {"2026-01": USUAL}, name="quillfeather.csv")
    upload = Upload.objects.create(
        organisation=boss.organisation, name="quillfeather.csv", size=1, folder="0" * 32, how="browser", by=boss.person
    )
    agreement = agree(boss, partner, title="Quillfeather terms", purpose=COMMISSIONING)
    values = {
        "<int:membership>": str(staff.pk), "<int:invitation>": str(invitation.pk), "<int:token>": str(token.pk),
        "<int:upload>": str(upload.pk), "<int:agreement>": str(agreement.pk),
        "<int:emergency>": str(opened_by(boss, member("clinician", "Y99003", name="Quillfeather Doctor")).pk),
        "<int:organisation>": str(boss.organisation.pk), "<slug:code>": THEIRS, "<str:code>": THEIRS,
        "<slug:name>": "book_dna_share", "<str:token>": link, "<int:number>": "999999", "<str:kind>": "csv",
        "<slug:picture>": "chart", "<code>": THEIRS, "<name>": "book_dna_share", "<upload>": str(upload.pk),
    }  # fmt: skip
    words = ("quillfeather", link, secret, token.prefix)
    return Theirs(boss, values, secret, words)


def opened_by(owner: Membership, doctor: Membership):
    from openpractice.web.agreements.emergency import open_figures

    return open_figures(
        owner=owner.organisation, reason="Quillfeather is closed and patients come to us.", hours=1, by=doctor.person,
        acting_for=doctor.organisation,
    )  # fmt: skip


def ended(agreement: Agreement, one: Membership) -> None:
    withdraw(agreement, one)


def let_go(answer) -> None:
    """End an answer that may still go on. The end of a request closes the connection, which here is the test's."""
    request_finished.disconnect(close_old_connections)
    try:
        answer.close()
    finally:
        request_finished.connect(close_old_connections)


def body(answer) -> str:
    """All that an answer says, its headers too; a live page's or a file's first word only."""
    if getattr(answer, "streaming", False):
        let_go(answer)
        return str(dict(answer.headers)).lower()
    return (str(dict(answer.headers)) + answer.content.decode("utf-8", "replace")).lower()
