"""Programs that ask over HTTP, with tokens of plainly fictional people, over the sample."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from openpractice.web.api import door
from openpractice.web.api.actions import make_token
from openpractice.web.api.limits import Limit
from openpractice.web.api.models import Token
from openpractice.web.api.scopes import Scope, offered
from openpractice.web.explore import store as explored
from tests.integration.people.conftest import client_of, member, organisation

__all__ = ["client_of", "member", "organisation"]


@pytest.fixture(autouse=True)
def _fresh_limits(monkeypatch):
    """Each test has a minute of its own."""
    monkeypatch.setattr(door, "OF_ADDRESSES", Limit(100_000))
    monkeypatch.setattr(door, "OF_TOKENS", Limit(100_000, shared=True))


@pytest.fixture
def over_sample(sample_store, monkeypatch):
    """The open data that the site serves are the sample."""
    monkeypatch.setattr(explored, "_opened", [sample_store])
    return sample_store


@pytest.fixture
def token(db, member):
    """Makes a token for everything that a role may give to a program; gives it and its secret."""

    def make(role: str = "practice_administrator", code: str = "Y99001", scopes=None, **more) -> tuple[Token, str]:
        mine = member(role, code)
        wanted = offered(mine.role) if scopes is None else scopes
        return make_token(organisation=mine.organisation, name="A weekly report", scopes=wanted, by=mine.person, **more)

    return make


Program = Callable[..., object]


@pytest.fixture
def program() -> Program:
    """Asks as a program does: `program("/whoami", secret)`. No cookie, and CSRF is checked as in earnest."""

    def ask(path: str, secret: str = "", method: str = "get", **more):
        client = Client(enforce_csrf_checks=True)
        headers = {"Authorization": f"Bearer {secret}"} if secret else {}
        return getattr(client, method)("/api/v1" + path, headers=headers | more.pop("headers", {}), **more)

    return ask


@pytest.fixture
def every_scope() -> list[Scope]:
    return list(Scope)
