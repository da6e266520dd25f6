"""What a server says of what it does, and that nothing of what people send is ever in it."""

from __future__ import annotations

import json
import logging
import re
import sys
from types import SimpleNamespace

import pytest

from openpractice.web.config import logs
from tests.integration.running.visiting import Visitor, served

NUMBER, EMAIL, TOKEN = "999 000 0018", "wren.hazel@example.org", "Q7vKx2mTzR4wYb8nPd1sLf6hJc3gAe9u"
PRIVATE = (NUMBER, NUMBER.replace(" ", ""), EMAIL, "wren", TOKEN, "127.0.0.1", "Oak Lane")
LINE = re.compile(r"^\S+ \S+ INFO (GET|POST) (\S+) (\d{3}) in \d+ ms$")


def ask_everything(url: str) -> None:
    """Private things wherever a visitor can put them."""
    visitor = Visitor()
    visitor.ask(f"{url}/account/login/", {"login": EMAIL, "password": TOKEN})
    visitor.ask(f"{url}/search?q={NUMBER.replace(' ', '+')}&who={EMAIL}")
    visitor.ask(f"{url}/invitations/{TOKEN}/")
    visitor.ask(f"{url}/nowhere/{EMAIL}/{TOKEN}")
    visitor.ask(f"{url}/api/v1/areas?token={TOKEN}", Authorization=f"Bearer {TOKEN}", X_Request_ID=TOKEN)
    visitor.ask(f"{url}/account/password/reset/", {"email": f"{NUMBER.replace(' ', '')}@example.org"})


@pytest.mark.parametrize("kind", ["plain", "json", "errors"])
def test_one_line_a_request_and_nothing_private_in_any(kind, tmp_path):
    with served(tmp_path, "--no-worker", OPENPRACTICE_LOG=kind) as site:
        ask_everything(site.url)
    said = site.log.read_text()
    assert [word for word in PRIVATE if word.lower() in said.lower()] == []
    lines = said.splitlines()
    if kind == "errors":
        assert lines == []
    elif kind == "plain":
        found = [LINE.match(line).groups() for line in lines]
        assert ("POST", "account_login", "200") in found
        assert ("GET", "invitation", "404") in found
        assert ("GET", "none", "404") in found
    else:
        found = [json.loads(line) for line in lines]
        assert all(set(one) == {"time", "level", "logger", "message", "request_id", "method", "view", "status", "ms"} for one in found)  # fmt: skip
        assert {one["view"] for one in found} >= {"account_login", "invitation", "none"}


@pytest.mark.parametrize(
    ("given", "kept"),
    [("4bf92f3577b34da6a3ce929d0e0e4736", True), ("6ba7b810-9dad-11d1-80b4-00c04fd430c8", True), ("9990000018", False),
     ("wren@example.org", False), ("a" * 65, False), ("4bf92f3577b34da6 a3ce", False)],
)  # fmt: skip
def test_the_number_of_a_request_is_kept_when_it_is_one(given, kept, watched):
    answer = Visitor().ask(f"{watched.url}/health", X_Request_ID=given)
    assert (answer.headers["X-Request-ID"] == given) == kept
    assert re.fullmatch(r"[0-9a-f-]{16,64}", answer.headers["X-Request-ID"])


@pytest.fixture(scope="module")
def watched(tmp_path_factory):
    with served(tmp_path_factory.mktemp("site"), "--no-worker") as site:
        yield site


def fault(email: str) -> None:
    number = NUMBER  # values of variables are never told
    try:
        int(f"{number} of {email}")
    except ValueError:
        raise KeyError(email) from None


def told(formatter: logging.Formatter, record: logging.LogRecord) -> str:
    for one in (logs.Faults(), logs.Numbered()):
        assert one.filter(record)
    return formatter.format(record)


@pytest.mark.parametrize("formatter", [logs.Plain, logs.Json])
def test_a_fault_is_told_with_its_places_and_without_values(formatter):
    request = SimpleNamespace(resolver_match=SimpleNamespace(view_name="invitation"))
    try:
        fault(EMAIL)
    except KeyError:
        record = logging.LogRecord(
            "django.request", logging.ERROR, __file__, 1, "Internal Server Error: %s", (f"/invitations/{TOKEN}/",), sys.exc_info()
        )  # fmt: skip
    record.request = request
    said = told(formatter(), record)
    assert [word for word in PRIVATE if word.lower() in said.lower()] == []
    assert "A fault in invitation" in said
    assert "raise KeyError(email) from None" in said
    assert "builtins.KeyError" in said


@pytest.mark.parametrize(
    ("words", "left"),
    [
        (f"The letter to {EMAIL} was not sent", "The letter to … was not sent"),
        ("Nobody has 999 000 0018 or 9990000018", "Nobody has … or …"),
        (f"Retrying /callback?code={TOKEN}", "Retrying /callback…"),
        (f"No token {TOKEN}", "No token …"),
        (
            "The worker had trouble, and goes on after 15 seconds.",
            "The worker had trouble, and goes on after 15 seconds.",
        ),
        ("openpractice.web.uploads.worker", "openpractice.web.uploads.worker"),
    ],
)
def test_words_are_swept(words, left):
    assert logs.swept(words) == left


def test_an_answer_that_was_meant_is_no_fault():
    record = logging.LogRecord(
        "django.request", logging.ERROR, __file__, 1, "Service Unavailable: %s", ("/ready",), None
    )
    assert not logs.Faults().filter(record)


BROKEN = """
from django.urls import path
from openpractice.web.config.urls import *
def broken(request, name):
    password = request.POST.get("password", "")
    raise ValueError(f"{name} sent {request.GET} and {password}")
urlpatterns = [path("broken/<str:name>/", broken, name="broken")] + urlpatterns
"""


def test_a_view_that_breaks_is_told_of_by_a_running_server(tmp_path):
    code = tmp_path / "code"
    code.mkdir()
    (code / "broken_urls.py").write_text(BROKEN)
    (code / "broken_settings.py").write_text(
        "from openpractice.web.config.settings import *\nROOT_URLCONF = 'broken_urls'\n"
    )
    (tmp_path / "home").mkdir()
    with served(
        tmp_path / "home", "--no-worker", OPENPRACTICE_LOG="json", PYTHONPATH=str(code), DJANGO_SETTINGS_MODULE="broken_settings",
    ) as site:  # fmt: skip
        answer = Visitor().ask(f"{site.url}/broken/{EMAIL}/?number={NUMBER.replace(' ', '')}&street=Oak%20Lane")
    assert answer.status == 500
    fault, line = (json.loads(one) for one in site.log.read_text().splitlines())
    assert (fault["message"], line["view"], line["status"]) == ("A fault in broken", "broken", 500)
    assert fault["request_id"] == line["request_id"] == answer.headers["X-Request-ID"]
    assert 'raise ValueError(f"{name} sent' in fault["exc_info"]
    assert fault["exc_info"].endswith("builtins.ValueError")
    assert [word for word in PRIVATE if word.lower() in site.log.read_text().lower()] == []
