"""`openpractice serve` with the worker that it starts beside itself, and three people with a session each."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext

from tests.databases import environment_of
from tests.web.conftest import REPOSITORY

MAKE = """
import json, sys
from pathlib import Path
from openpractice.web.config import database
database.bring_up_to_date(Path(sys.argv[1]))
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from openpractice.web.accounts.models import Person
from openpractice.web.config.seeing import across
from openpractice.web.organisations.actions import add_organisation, appoint
sessions = {}
with across():
    ours = add_organisation(code="Y99001", name="Queens Park Surgery", kind="practice")
    theirs = add_organisation(code="Y99002", name="Mill Lane Practice", kind="practice")
    network = add_organisation(code="U99001", name="North Network", kind="pcn")
    for name, place, role in (
        ("Robin Willow", ours, "practice_administrator"), ("Linnet Ash", theirs, "practice_administrator"),
        ("Merlin Oak", network, "network_analyst"),
    ):
        person = Person.objects.create_user(f"{name.split()[1].lower()}@practice.example", name=name)
        appoint(person=person, organisation=place, role=role)
        session = SessionStore()
        session[SESSION_KEY], session[BACKEND_SESSION_KEY] = str(person.pk), settings.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY] = person.get_session_auth_hash()
        session.create()
        sessions[name] = session.session_key
print(json.dumps(sessions))
"""


@dataclass(frozen=True)
class Place:
    """A running server, its process, and the session of each person."""

    url: str
    home: Path
    server: subprocess.Popen
    sessions: dict[str, str]


@pytest.fixture
def place(tmp_path) -> Iterator[Place]:
    variables = {**os.environ, "OPENPRACTICE_HOME": str(tmp_path), **environment_of(tmp_path)}
    variables |= {"OPENPRACTICE_LARGEST_UPLOAD": "30"}
    command = [sys.executable, "-W", "error", "-c", MAKE, str(tmp_path)]
    made = subprocess.run(command, cwd=REPOSITORY, env=variables, capture_output=True, text=True)
    assert made.returncode == 0, made.stderr
    log = tmp_path / "server.log"
    command = [sys.executable, "-W", "error", "-m", "openpractice", "--home", str(tmp_path), "serve", "--port", "0"]
    with log.open("w") as errors:
        server = subprocess.Popen(
            command, cwd=REPOSITORY, env=variables, stdout=subprocess.PIPE, stderr=errors, text=True
        )
    try:
        said = server.stdout.readline()
        assert "running at " in said, log.read_text()
        yield Place(said.split()[4], tmp_path, server, json.loads(made.stdout))
    finally:
        server.terminate()
        server.communicate(timeout=20)
    assert log.read_text() == ""


@pytest.fixture
def sign_in(context: BrowserContext, place: Place) -> Callable[[str], None]:
    def come(name: str) -> None:
        context.add_cookies([{"name": "openpractice", "value": place.sessions[name], "url": place.url}])

    return come
