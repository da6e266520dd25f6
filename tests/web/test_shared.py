"""Shared figures in a browser, while the agreement is withdrawn, the figures change, or the reader signs out."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.databases import environment_of
from tests.web.conftest import REPOSITORY, start_site

# A practice with a book, a network that reads it by two agreements; prints a session for each person.
MAKE = """
import datetime, json, sys
from pathlib import Path
from openpractice.web.config import database
database.bring_up_to_date(Path(sys.argv[1]))
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.conf import settings
from django.utils import timezone
from openpractice.web.accounts.models import Person
from openpractice.web.agreements.actions import propose, sign
from openpractice.web.config.seeing import across
from openpractice.web.organisations.actions import add_organisation, appoint
from tests.integration.own.books import USUAL, load
with across():
    practice = add_organisation(code="Y99001", name="Queens Park Surgery", kind="practice")
    other = add_organisation(code="Y99002", name="Mill Lane Practice", kind="practice")
    network = add_organisation(code="U99001", name="North PCN", kind="pcn")
    sessions, people = {}, {}
    for name, place, role in (
        ("Robin Wren", practice, "practice_administrator"), ("Dr Jay", practice, "clinician"),
        ("Phoebe Maple", network, "network_manager"), ("Merlin Oak", network, "network_analyst"),
        ("Dr Teal", other, "clinician"), ("Linnet Ash", other, "practice_administrator"),
    ):
        person = people[name] = Person.objects.create_user(f"{name.split()[1].lower()}@practice.example", name=name)
        appoint(person=person, organisation=place, role=role)
        session = SessionStore()
        session[SESSION_KEY], session[BACKEND_SESSION_KEY] = str(person.pk), settings.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY] = person.get_session_auth_hash()
        session.create()
        sessions[name] = session.session_key
    today = timezone.localdate()
    for purpose in ("service_evaluation", "commissioning"):
        made = propose(
            title=f"The book for {purpose}", purpose=purpose, legal_basis="UK GDPR article 6(1)(e).",
            topics=["Appointment book"], granularity="record", roles=["network_analyst", "network_manager"],
            starts=today, review=today, ends=today + datetime.timedelta(days=90), givers=[practice],
            receivers=[network], by=people["Phoebe Maple"], acting_for=network,
        )
        for party in made.parties.all():
            sign(party=party, by=people["Robin Wren" if party.organisation == practice else "Phoebe Maple"])
    load(practice, Path(sys.argv[1]), {"2026-01": USUAL, "2026-02": USUAL})
print(json.dumps(sessions))
"""
# Loads another month, as a worker would.
LOAD = """
import sys
from pathlib import Path
from openpractice.web.config import database
database.bring_up_to_date(Path(sys.argv[1]))
from openpractice.web.config.seeing import across
from openpractice.web.organisations.models import Organisation
from tests.integration.own.books import USUAL, load
with across():
    load(Organisation.objects.get(code="Y99001"), Path(sys.argv[1]), {"2026-03": USUAL}, name="march.csv")
"""
EVALUATION = "/shared/Y99001/?purpose=service_evaluation"


def run(script: str, home: Path) -> str:
    variables = {**os.environ, **environment_of(home), "OPENPRACTICE_HOME": str(home), "PYTHONPATH": str(REPOSITORY)}
    command = [sys.executable, "-W", "error", "-c", script, str(home)]
    made = subprocess.run(command, cwd=REPOSITORY, env=variables, capture_output=True, text=True)
    assert made.returncode == 0, made.stderr
    return made.stdout


@dataclass(frozen=True)
class Place:
    """A running server, its home, and the session of each person."""

    url: str
    home: Path
    sessions: dict[str, str]

    def as_(self, page: Page, name: str) -> Page:
        page.context.add_cookies([{"name": "openpractice", "value": self.sessions[name], "url": self.url}])
        return page


@pytest.fixture
def place(tmp_path) -> Iterator[Place]:
    sessions = json.loads(run(MAKE, tmp_path))
    with start_site(tmp_path) as url:
        yield Place(url, tmp_path, sessions)
    assert (tmp_path / "server.log").read_text() == ""


@pytest.fixture
def another(browser, place) -> Iterator[Callable[[str], Page]]:
    """A second browser, in which somebody else is signed in."""
    contexts = []

    def come(name: str) -> Page:
        contexts.append(browser.new_context())
        return place.as_(contexts[-1].new_page(), name)

    yield come
    for context in contexts:
        context.close()


def open_figures(page: Page, place: Place, name: str = "Phoebe Maple", address: str = EVALUATION) -> None:
    """Open the page, and wait until its stream is open too."""
    place.as_(page, name)
    with page.expect_request(lambda request: "/stream" in request.url):
        page.goto(place.url + address)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Queens Park Surgery")


def withdraw(page: Page, place: Place, which: str) -> None:
    page.goto(f"{place.url}/agreements/")
    page.get_by_role("link", name=which).click()
    page.get_by_label("Why?").fill("We have changed our mind.")
    page.get_by_role("button", name="Withdraw").click()
    expect(page.get_by_role("heading", name="Sign for")).to_be_visible()


def record(page: Page, place: Place) -> str:
    page.goto(f"{place.url}/organisation/record/")
    return page.locator("tbody").inner_text()


def test_withdrawn_while_the_page_is_open(page, place, another, watch, assert_accessible):
    """Given an open page of shared figures, when the practice withdraws, then the figures go and the next is refused."""
    open_figures(page, place)
    assert_accessible(page)
    expect(page.locator("main")).to_contain_text("17.2%")
    ours = another("Robin Wren")
    withdraw(ours, place, "The book for service_evaluation")
    began = time.monotonic()
    expect(page.get_by_role("heading", level=1)).to_have_text("These figures are no longer shared with you")
    assert time.monotonic() - began < 5
    expect(page.get_by_role("alert")).to_contain_text("Queens Park Surgery has withdrawn from it")
    expect(page.locator("main")).not_to_contain_text("17.2%")
    assert_accessible(page)
    watch.expect("403")
    for address in (EVALUATION, "/shared/Y99001/stream?purpose=service_evaluation"):
        assert page.goto(place.url + address).status == 403
    expect(page.locator("main")).to_contain_text("does not share this with you")
    # What was agreed for another purpose stands.
    page.goto(f"{place.url}/shared/Y99001/?purpose=commissioning")
    expect(page.locator("main")).to_contain_text("17.2%")
    said = record(ours, place)
    assert "Phoebe Maple had the figures of Queens Park Surgery closed while they were open" in said
    assert "Phoebe Maple was refused data of Queens Park Surgery for service evaluation" in said


def test_a_change_of_the_figures_reaches_the_open_page(page, place):
    open_figures(page, place)
    expect(page.get_by_role("rowheader", name="March 2026")).to_have_count(0)
    run(LOAD, place.home)
    expect(page.get_by_role("rowheader", name="March 2026").first).to_be_visible(timeout=10_000)


def test_signing_out_elsewhere_closes_the_page(page, place, watch):
    """The same session in a second tab: signed out there, the figures go here."""
    open_figures(page, place)
    tab = page.context.new_page()
    tab.goto(f"{place.url}/account/logout/")
    tab.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("alert")).to_contain_text("You have signed out")


def test_a_membership_that_ends_closes_the_page(page, place, another, watch):
    open_figures(page, place, "Merlin Oak")
    manager = another("Phoebe Maple")
    manager.goto(f"{place.url}/organisation/people/")
    manager.get_by_role("link", name="Merlin Oak").click()
    manager.get_by_role("button", name="End").last.click()
    expect(page.get_by_role("alert")).to_contain_text("You do not act for North PCN any more")


def test_files_follow_the_same_rule(page, place):
    open_figures(page, place)
    for name, words in (("CSV of these figures", "Everybody"), ("Pseudonymised records", "week,time_band")):
        with page.expect_download() as coming:
            page.get_by_role("link", name=name).click()
        assert words in Path(coming.value.path()).read_text(encoding="utf-8-sig")


def test_a_server_that_stops_waits_for_no_open_page(page, place, tmp_path_factory):
    """The fixture that starts the server fails where it takes long to stop, or says anything of it."""
    open_figures(page, place)


def test_an_emergency_from_its_opening_to_its_review(page, place, another, assert_accessible):
    """Given no agreement, a clinician opens the figures; the practice sees it at once, ends it, and reviews it."""
    place.as_(page, "Dr Teal")
    page.goto(f"{place.url}/agreements/emergency/open/")
    assert_accessible(page)
    page.get_by_label("Whose figures do you need?").select_option("Queens Park Surgery")
    page.get_by_label("Why do you need them now?").fill("Their telephone is down and patients come to us.")
    page.get_by_role("button", name="Open the figures").click()
    with page.expect_request(lambda request: "/stream" in request.url):
        page.get_by_role("link", name="Queens Park Surgery").click()
    expect(page.locator("main")).to_contain_text("in an emergency")
    ours = another("Robin Wren")
    ours.goto(f"{place.url}/own/")
    ours.get_by_role("link", name="See why, or end it").click()
    assert_accessible(ours)
    ours.get_by_role("button", name="End it now").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("These figures are no longer shared with you")
    ours.get_by_label("Yes, it was justified").check()
    ours.get_by_label("Why?").fill("The telephone was down for an hour.")
    ours.get_by_role("button", name="Save the review").click()
    expect(ours.get_by_role("heading", name="Justified")).to_be_visible()
    ours.goto(f"{place.url}/agreements/emergency/")
    expect(ours.locator("main")).to_contain_text("Justified")
    assert_accessible(ours)
    letters = "".join(letter.read_text() for letter in (place.home / "outbox").glob("*.log"))
    assert "wren@practice.example" in letters
