"""Thousands of requests that nobody would think of, made from the API's own description, against a real server."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.web.conftest import start_site

CHECKS = (
    "not_a_server_error", "status_code_conformance", "content_type_conformance", "response_schema_conformance",
    "response_headers_conformance", "negative_data_rejection", "missing_required_header", "unsupported_method",
    "use_after_free", "ignored_auth", "allow_header_conformance",
)  # fmt: skip
SECRETS = """
import sys
from django.utils import timezone
from openpractice.web.accounts.models import Person
from openpractice.web.api.actions import make_token
from openpractice.web.organisations.actions import add_organisation, appoint

practice = add_organisation(code="Y99001", name="Fiction Surgery", kind="practice")
network = add_organisation(code="U99001", name="Fiction Network", kind="pcn")
for place, role in ((practice, "practice_administrator"), (network, "network_manager")):
    person = Person.objects.create_user(f"{role}@example.org", name="Robin Wren")
    mine = appoint(person=person, organisation=place, role=role)
    from openpractice.web.api.scopes import offered
    print(make_token(organisation=place, name="Fuzz", scopes=offered(mine.role), by=person)[1])
"""


@pytest.fixture(scope="module")
def home(sample_home, tmp_path_factory) -> Path:
    return Path(shutil.copytree(sample_home, tmp_path_factory.mktemp("fuzzed") / "home", copy_function=os.link))


@pytest.fixture(scope="module")
def server(home):
    """A server that lets a program ask as often as it likes."""
    with start_site(home, OPENPRACTICE_API_OPEN="1000000", OPENPRACTICE_API_TOKEN="1000000") as url:
        yield url
    said = [line for line in (home / "server.log").read_text().splitlines() if "Invalid HTTP request" not in line]
    assert said == []


@pytest.fixture(scope="module")
def secrets(server, home) -> list[str]:
    """Tokens of a practice and of a network."""
    variables = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "openpractice.web.config.settings",
        "OPENPRACTICE_HOME": str(home),
    }
    made = subprocess.run(
        [sys.executable, "-W", "error", "-c", "import django; django.setup()\n" + SECRETS],
        env=variables, capture_output=True, text=True,
    )  # fmt: skip
    assert made.returncode == 0, made.stderr
    return made.stdout.split()


def fuzz(server: str, folder: Path, *more: str) -> None:
    command = [
        str(Path(sys.executable).parent / "schemathesis"), "run", f"{server}/api/v1/openapi.json", "--seed", "20260222",
        "--checks", ",".join(CHECKS), "--phases", "examples,coverage,fuzzing", "--max-examples", "12", "--no-color",
        "--generation-database", "none", "--request-timeout", "30", *more,
    ]  # fmt: skip
    said = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    assert said.returncode == 0, said.stdout[-6000:] + said.stderr[-2000:]
    made = re.search(r"(\d+) generated, (\d+) passed", said.stdout)
    assert made[1] == made[2]
    assert int(made[1]) > 300


@pytest.mark.timeout(600)
def test_nobody_breaks_it_without_a_token(server, tmp_path):
    fuzz(server, tmp_path)


@pytest.mark.timeout(600)
@pytest.mark.parametrize("place", [0, 1], ids=["practice", "network"])
def test_nobody_breaks_it_with_a_token(server, secrets, tmp_path, place):
    fuzz(
        server,
        tmp_path,
        "-H",
        f"Authorization: Bearer {secrets[place]}",
        "--include-path-regex",
        "own|shared|uploads|whoami",
    )
