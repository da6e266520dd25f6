"""A server whose people have passwords, one that is a demonstration, and what stands on a phone: an authenticator app."""

from __future__ import annotations

import base64
import email
import hmac
import json
import os
import re
import struct
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.databases import environment_of
from tests.web.conftest import REPOSITORY, start_site

PASSWORD = "heron on a gate"
MAKE = """
import json, sys
from pathlib import Path
from openpractice.web.config import database
database.bring_up_to_date(Path(sys.argv[1]))
from django.contrib.auth.hashers import make_password
from django.utils import timezone
from openpractice.web.accounts.models import Person
password = make_password(sys.argv[2])  # once: it takes a third of a second
for name, active in json.loads(sys.argv[3]).items():
    address = name.lower().replace(" ", ".") + "@practice.example"
    proven = None if name.startswith("Claimed") else timezone.now()
    Person.objects.create(email=address, name=name, is_active=active, password=password, proven=proven)
"""
# One for each test, so that no test waits for another's attempts to be forgotten.
PEOPLE = {
    name: name != "Closed Wren"
    for name in (
        "Robin Willow", "Wrong Teal", "Forgetful Finch", "Apt Alder", "Careful Heron", "Lost Linnet", "Quick Swift",
        "Renamed Rowan", "Closed Wren", "Changing Maple", "Provided Plover", "Guessed Grebe", "Viewed Vole",
        "Claimed Coot",
    )
}  # fmt: skip


def make_people(home: Path, people: dict[str, bool] = PEOPLE) -> None:
    """People in a home's database, made in a process of its own; the value says who is active."""
    variables = {**os.environ, "OPENPRACTICE_HOME": str(home), **environment_of(home)}
    command = [sys.executable, "-W", "error", "-c", MAKE, str(home), PASSWORD, json.dumps(people)]
    subprocess.run(command, cwd=REPOSITORY, env=variables, check=True)


@dataclass(frozen=True)
class Place:
    """A running server with people."""

    url: str
    home: Path

    def enter(self, page: Page, name: str, password: str = PASSWORD) -> None:
        """Fill in and send the sign-in page."""
        page.goto(f"{self.url}/account/login/")
        page.get_by_label("Email address").fill(name.lower().replace(" ", ".") + "@practice.example")
        page.get_by_label("Password", exact=True).fill(password)
        page.get_by_role("button", name="Sign in", exact=True).click()

    def letters(self) -> list[email.message.Message]:
        """What was sent, oldest first."""
        paths = sorted((self.home / "outbox").glob("*.log"), key=lambda path: path.stat().st_mtime_ns)
        return [email.message_from_string(path.read_text()) for path in paths]

    def link(self, to: str) -> str:
        """The last link that was sent to an address."""
        letter = [one for one in self.letters() if one["To"] == to][-1]
        return re.search(r"http://\S+", letter.get_payload()).group()


@pytest.fixture(scope="session")
def place(tmp_path_factory) -> Iterator[Place]:
    home = tmp_path_factory.mktemp("signing-in")
    make_people(home)
    with start_site(home) as url:
        yield Place(url, home)
    assert (home / "server.log").read_text() == ""


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory) -> Iterator[Place]:
    home = tmp_path_factory.mktemp("demonstration")
    (home / "demo").touch()
    with start_site(home) as url:
        yield Place(url, home)
    assert (home / "server.log").read_text() == ""


@pytest.fixture
def app_code() -> Callable[[str], str]:
    """What an authenticator app shows now for a secret (RFC 6238, in the standard library's words)."""

    def shown(secret: str) -> str:
        mark = hmac.digest(base64.b32decode(secret), struct.pack(">Q", int(time.time()) // 30), "sha1")
        start = mark[-1] & 15
        return f"{(int.from_bytes(mark[start : start + 4], 'big') & 0x7FFFFFFF) % 1_000_000:06}"

    return shown
