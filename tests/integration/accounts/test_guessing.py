"""Wrong passwords: whoever tries them waits, and the owner of the account does not."""

from __future__ import annotations

import pytest
from django.core.cache import caches
from django.test import Client

from openpractice.web.accounts.models import Person

PASSWORD, WAIT, WRONG = "three long words", "Wait five minutes", "do not belong together"


@pytest.fixture(autouse=True)
def wren(db) -> Person:
    caches["default"].clear()
    return Person.objects.create_user("wren@example.org", PASSWORD, name="Dr Wren")


def tried(password: str, place: str, email: str = "wren@example.org"):
    return Client(REMOTE_ADDR=place).post("/account/login/", {"login": email, "password": password})


def test_five_wrong_ones_stop_whoever_tried_them_and_nobody_else():
    for _ in range(5):
        assert WRONG in tried("a guess", "192.0.2.1").content.decode()
    assert WAIT in tried(PASSWORD, "192.0.2.1").content.decode()
    assert tried(PASSWORD, "192.0.2.2").status_code == 302


def test_many_places_together_are_stopped_too(settings):
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "guessed": "12/h/key"}
    answers = [tried("a guess", f"192.0.2.{turn}").content.decode() for turn in range(13)]
    assert [WAIT in answer for answer in answers] == [False] * 12 + [True]


def test_one_network_address_signs_in_many_people():
    """Everybody of a hospital begins at eight, and each tenth mistypes."""
    for turn in range(45):
        Person.objects.create_user(f"person{turn}@example.org", PASSWORD, name=f"Person {turn}")
    for turn in range(45):
        if turn % 10 == 0:
            assert WRONG in tried("a slip", "192.0.2.1", f"person{turn}@example.org").content.decode()
        assert tried(PASSWORD, "192.0.2.1", f"person{turn}@example.org").status_code == 302
