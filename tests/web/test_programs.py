"""What people see of the interface for programs: its description, an organisation's tokens, and a guide that works as it stands."""

from __future__ import annotations

import csv
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.databases import environment_of
from tests.web.conftest import REPOSITORY, start_site

GUIDE = (REPOSITORY / "docs" / "guide" / "api.md").read_text(encoding="utf-8")
MAKE = """
import sys
from pathlib import Path
from openpractice.web.config import database
database.bring_up_to_date(Path(sys.argv[1]))
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from openpractice.web.accounts.models import Person
from openpractice.web.organisations.actions import add_organisation, appoint
place = add_organisation(code="Y99001", name="Fiction Surgery", kind="practice")
person = Person.objects.create_user("wren@practice.example", name="Robin Wren")
appoint(person=person, organisation=place, role="practice_administrator")
session = SessionStore()
session[SESSION_KEY], session[BACKEND_SESSION_KEY] = str(person.pk), settings.AUTHENTICATION_BACKENDS[0]
session[HASH_SESSION_KEY] = person.get_session_auth_hash()
session.create()
print(session.session_key)
"""


@pytest.fixture(scope="module")
def place(sample_home, tmp_path_factory):
    """A server over the sample, and the session of somebody who answers for a practice's data."""
    home = Path(shutil.copytree(sample_home, tmp_path_factory.mktemp("programs") / "home", copy_function=os.link))
    variables = {**os.environ, "OPENPRACTICE_HOME": str(home), **environment_of(home)}
    made = subprocess.run(
        [sys.executable, "-W", "error", "-c", MAKE, str(home)],
        cwd=REPOSITORY, env=variables, check=True, capture_output=True, text=True,
    )  # fmt: skip
    with start_site(home) as url:
        yield url, made.stdout.strip()
    assert (home / "server.log").read_text() == ""


@pytest.fixture
def signed_in(page, place):
    """A page of that person."""
    url, session = place
    page.context.add_cookies([{"name": "openpractice", "value": session, "url": url}])
    return page


def test_everybody_can_read_what_programs_may_ask(page, place, assert_accessible):
    url, _ = place
    page.goto(f"{url}/api/v1/docs")
    expect(page.get_by_role("heading", level=1)).to_have_text("For programs")
    expect(page.get_by_role("heading", name="Find areas, or list all of a level")).to_be_visible()
    assert_accessible(page)
    for width in (1280, 375, 320):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") == width


def test_the_footer_leads_to_it(page, place):
    page.goto(place[0] + "/glossary/")
    page.get_by_role("contentinfo").get_by_role("link", name="For programs").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("For programs")


def test_every_example_of_open_data_works(ask):
    body = ask("/api/v1/docs").body.decode()
    examples = re.findall(r"<code>curl (?:&#39;|')?(http[^'&<]*(?:&amp;[^'&<]*)*)", body)
    assert len(examples) >= 7
    for example in examples:
        path = "/" + example.replace("&amp;", "&").split("/", 3)[3]
        assert ask(path).status == 200, path


def test_a_token_is_made_copied_used_and_ended(signed_in, place, assert_accessible):
    page, (url, _) = signed_in, place
    page.goto(f"{url}/organisation/tokens/")
    assert_accessible(page)
    page.get_by_label("Which program is it for?").fill("The weekly report")
    page.get_by_label("Read the organisation's own figures (read:own)").check()
    page.get_by_role("button", name="Make a token").click()
    secret = page.get_by_label("The token").input_value()
    assert_accessible(page)
    answer = page.request.get(f"{url}/api/v1/whoami", headers={"Authorization": f"Bearer {secret}"})
    assert answer.json()["organisation"] == "Y99001"

    page.goto(f"{url}/organisation/tokens/")
    assert secret not in page.content()
    expect(page.get_by_text("Works.")).to_be_visible()
    for width in (1280, 375, 320):
        page.set_viewport_size({"width": width, "height": 800})
        page.reload()
        assert page.evaluate("document.documentElement.scrollWidth") == width
    page.get_by_role("button", name=re.compile("End it ?: The weekly report")).click()
    expect(page.get_by_role("heading", name="Over")).to_be_visible()
    answer = page.request.get(f"{url}/api/v1/whoami", headers={"Authorization": f"Bearer {secret}"})
    assert answer.status == 401


def test_what_is_missing_is_said_beside_the_field(signed_in, place, watch):
    watch.expect("422")
    page, (url, _) = signed_in, place
    page.goto(f"{url}/organisation/tokens/")
    page.get_by_role("button", name="Make a token").click()
    expect(page.get_by_role("alert")).to_contain_text("Choose at least one.")
    expect(page).to_have_title(re.compile("^Error: "))


@pytest.mark.parametrize("code", re.findall(r"```python\n(.*?)```", GUIDE, re.S))
def test_the_guides_python_works_as_it_stands(signed_in, place, tmp_path, code):
    page, (url, _) = signed_in, place
    page.goto(f"{url}/organisation/tokens/")
    page.get_by_label("Which program is it for?").fill("The guide")
    page.get_by_label("Read the organisation's own figures (read:own)").check()
    page.get_by_role("button", name="Make a token").click()
    secret = page.get_by_label("The token").input_value()
    variables = {**os.environ, "SITE": url, "OPENPRACTICE_TOKEN": secret}
    subprocess.run([sys.executable, "-W", "error", "-c", code], cwd=tmp_path, env=variables, check=True)
    (file,) = tmp_path.glob("*.csv")
    with file.open(newline="", encoding="utf-8") as opened:
        assert "measure" in next(csv.reader(opened))


@pytest.mark.skipif(not shutil.which("curl"), reason="curl is not here")
def test_the_guides_first_command_works_as_it_stands(place, tmp_path):
    command = re.search(r"```sh\n(.*?)```", GUIDE, re.S)[1]
    subprocess.run(["sh", "-ec", command], cwd=tmp_path, env={**os.environ, "SITE": place[0]}, check=True)
    assert (tmp_path / "calls.csv").read_text().startswith("measure,area,")
