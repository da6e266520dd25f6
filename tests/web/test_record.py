"""The record in a browser: a practice manager reads, narrows, turns pages and takes a copy; a patient sees counts."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.databases import environment_of
from tests.web.conftest import REPOSITORY, start_site

# Two practices, three people, sixty things done; prints a session for each person.
MAKE = """
import json, sys
from pathlib import Path
from openpractice.web.config import database
database.bring_up_to_date(Path(sys.argv[1]))
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.conf import settings
from django.db import transaction
from openpractice.web.accounts.models import Person
from openpractice.web.audit.models import Action
from openpractice.web.audit.record import write
from openpractice.web.organisations.actions import add_organisation, appoint
ours = add_organisation(code="Y99001", name="Queens Park Surgery", kind="practice")
theirs = add_organisation(code="Y99002", name="Mill Lane Practice", kind="practice")
sessions, people = {}, {}
for name, place, role in (
    ("Dr Wren", ours, "practice_administrator"), ("Pat Heron", ours, "patient_representative"),
    ("Robin Jay", theirs, "practice_administrator"),
):
    person = people[name] = Person.objects.create_user(f"{name.split()[1].lower()}@practice.example", name=name)
    appoint(person=person, organisation=place, role=role)
    session = SessionStore()
    session[SESSION_KEY], session[BACKEND_SESSION_KEY] = str(person.pk), settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.create()
    sessions[name] = session.session_key
with transaction.atomic():
    write(Action.RECORD_READ, by=people["Robin Jay"], acting_for="Y99002", about="Y99001")
    for turn in range(60):
        write(Action.INVITED, by=people["Dr Wren"], acting_for="Y99001", about="Y99001", role="clinician", invitation=turn)
        write(Action.INVITED, by=people["Robin Jay"], acting_for="Y99002", about="Y99002", role="reception", invitation=turn)
print(json.dumps(sessions))
"""


@dataclass(frozen=True)
class Place:
    """A running server, and the session of each person."""

    url: str
    sessions: dict[str, str]


@pytest.fixture(scope="module")
def place(tmp_path_factory) -> Iterator[Place]:
    home = tmp_path_factory.mktemp("record")
    variables = {**os.environ, "OPENPRACTICE_HOME": str(home), **environment_of(home)}
    command = [sys.executable, "-W", "error", "-c", MAKE, str(home)]
    made = subprocess.run(command, cwd=REPOSITORY, env=variables, capture_output=True, text=True)
    assert made.returncode == 0, made.stderr
    with start_site(home) as url:
        yield Place(url, json.loads(made.stdout))
    assert (home / "server.log").read_text() == ""


@pytest.fixture
def sign_in(page: Page, place: Place) -> Callable[[str], None]:
    def come(name: str) -> None:
        page.context.add_cookies([{"name": "openpractice", "value": place.sessions[name], "url": place.url}])

    return come


def test_a_manager_reads_narrows_and_takes_a_copy(page: Page, place, sign_in, assert_accessible):
    sign_in("Dr Wren")
    page.goto(f"{place.url}/organisation/record/")
    expect(page.get_by_role("heading", level=1)).to_have_text("The record of Queens Park Surgery")
    rows = page.locator("tbody tr")
    expect(rows).to_have_count(50)
    # The newest is this very reading.
    expect(rows.first).to_contain_text("Dr Wren read the record, acting for Queens Park Surgery")
    expect(rows.nth(1)).to_contain_text("Dr Wren invited somebody as clinician, acting for Queens Park Surgery")
    assert_accessible(page)

    page.get_by_role("link", name="Next page").click()
    expect(page.get_by_text("Dr Wren practice administrator, about Queens Park Surgery")).to_be_visible()
    page.get_by_role("link", name="Previous page").click()
    expect(rows).to_have_count(50)

    page.get_by_label("Other organisation").select_option("Mill Lane Practice")
    page.get_by_role("button", name="Show").click()
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text("Robin Jay read the record, acting for Mill Lane Practice, about Queens Park Surgery")
    expect(page.get_by_label("Who").locator("option")).to_have_text(["Everybody", "Dr Wren", "Robin Jay"])

    with page.expect_download() as coming:
        page.get_by_role("link", name="CSV").click()
    with Path(coming.value.path()).open(encoding="utf-8-sig", newline="") as file:
        assert [row["who"] for row in csv.DictReader(file)] == ["Robin Jay"]
    page.goto(f"{place.url}/organisation/record/")
    expect(rows.first).to_contain_text("Dr Wren exported 1 entry of the record, acting for Queens Park Surgery")


def test_days_that_are_none_are_said_beside_their_boxes(page: Page, place, sign_in, watch, assert_accessible):
    watch.expect("422")
    sign_in("Dr Wren")
    page.goto(f"{place.url}/organisation/record/?since=31/2/2026&until=2026-03-01")
    summary = page.get_by_role("alert")
    expect(summary).to_contain_text("There is a problem")
    summary.get_by_role("link", name="Write the first day as day, month and year").click()
    expect(page.get_by_label("From")).to_be_focused()
    expect(page.get_by_role("heading", name="Nothing is shown yet")).to_be_visible()
    assert_accessible(page)


def test_nothing_found_leads_back_to_everything(page: Page, place, sign_in, assert_accessible):
    sign_in("Dr Wren")
    page.goto(f"{place.url}/organisation/record/?until=2020-01-01")
    expect(page.get_by_role("heading", name="No entry fits")).to_be_visible()
    assert_accessible(page)
    page.locator(".op-empty").get_by_role("link", name="Show everything").click()
    expect(page.locator("tbody tr")).to_have_count(50)


def test_a_patient_representative_sees_counts_and_no_names(page: Page, place, sign_in, watch, assert_accessible):
    sign_in("Pat Heron")
    page.goto(f"{place.url}/organisation/who-looked/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Who used the data of Queens Park Surgery")
    expect(page.locator("tbody tr", has_text="Mill Lane Practice")).to_contain_text("Read the record")
    expect(page.locator("tbody tr", has_text="Invited somebody")).to_contain_text("60")
    for name in ("Dr Wren", "Robin Jay"):
        expect(page.get_by_text(name)).to_have_count(0)
    assert_accessible(page)
    watch.expect("403")
    page.goto(f"{place.url}/organisation/record/")
    expect(page.get_by_text("As patient representative of Queens Park Surgery you cannot do this")).to_be_visible()


def test_who_is_not_signed_in_is_asked_to(page: Page, place):
    page.goto(f"{place.url}/organisation/record/")
    expect(page).to_have_url(f"{place.url}/account/login/?next=/organisation/record/")
