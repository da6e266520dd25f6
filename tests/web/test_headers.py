"""What every answer carries, whatever it is: pages, files, what programs are told, and errors. As a scanner would look."""

from __future__ import annotations

import os
import re
import shutil
import socket
from types import SimpleNamespace
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

import pytest

from tests.web.conftest import start_site
from tests.web.test_every_page import PAGES

API = ("/api/v1/areas/A81002", "/api/v1/results?measure=calls_missed", "/api/v1/results?measure=calls_missed&format=csv",
       "/api/v1/openapi.json", "/api/v1/measures")  # fmt: skip
ACCOUNTS = ("/account/login/", "/account/password/reset/", "/roles/", "/api/v1/docs")
ERRORS = ("/nowhere", "/areas/NOWHERE/", "/api/v1/nowhere", "/api/v1/areas/NOWHERE", "/api/v1/whoami", "/api/v1/results",
          "/organisation/tokens/", "/invitations/none/")  # fmt: skip
FILES = ("/robots.txt", "/health", "/areas/A81002/measures/calls_missed/spc.csv", "/areas/A81002/report.html")
EVERYTHING = (*PAGES.values(), *API, *ACCOUNTS, *ERRORS, *FILES)
FORBIDDEN = ("unsafe-inline", "unsafe-eval", "unsafe-hashes", "*", "http:", "https:", "blob:")


def check(answer) -> None:
    headers = answer.headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]
    assert headers["Server"] is None
    assert headers["X-Powered-By"] is None
    assert headers["Access-Control-Allow-Origin"] is None
    policy(headers["Content-Security-Policy"])
    for cookie in headers.get_all("Set-Cookie") or ():
        assert "HttpOnly" in cookie
        assert "SameSite=Lax" in cookie


def policy(said: str) -> None:
    """Strict, and with words for what does not fall back to the default."""
    rules = dict(rule.strip().partition(" ")[::2] for rule in said.split(";"))
    assert rules["default-src"] == "'self'"
    assert rules["object-src"] == rules["base-uri"] == rules["frame-ancestors"] == "'none'"
    assert rules["form-action"] == "'self'"
    sources = {source for rule in rules.values() for source in rule.split()}
    assert not sources & {*FORBIDDEN, *(f"'{word}'" for word in FORBIDDEN)}
    assert re.search(r"'nonce-[\w+/=]{16,}'", rules["script-src"])


@pytest.mark.parametrize("path", EVERYTHING)
def test_every_answer_carries_them(ask, path):
    check(ask(path))


@pytest.mark.parametrize("path", [*API, *[path for path in ERRORS if path.startswith("/api/")]])
def test_what_programs_are_told_is_never_taken_for_a_page(ask, path):
    answer = ask(path)
    assert answer.headers["Content-Type"].split(";")[0] in ("application/json", "text/csv")
    assert answer.headers.get_all("Set-Cookie") is None


def test_a_nonce_is_used_once(ask):
    nonces = {
        re.search(r"nonce-([^']+)", ask(path).headers["Content-Security-Policy"])[1] for path in ("/", "/", "/roles/")
    }
    assert len(nonces) == 3


@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES)
def test_no_page_runs_or_styles_in_line_without_the_nonce(ask, path):
    body = ask(path).body.decode()
    outside = re.sub(r"<svg.*?</svg>", "", body, flags=re.S)
    assert re.findall(r"<script(?![^>]*\b(?:src|nonce)=)[^>]*>", outside) == []
    assert re.findall(r"\son[a-z]+=[\"']", outside) == []
    assert re.findall(r"href=[\"']javascript:", body, re.I) == []


@pytest.mark.parametrize("path", ["/nowhere", "/api/v1/nowhere"])
@pytest.mark.parametrize("host", ["elsewhere.example", "a b", "localhost:x"])
def test_another_name_is_refused_and_not_repeated(explored, path, host):
    """Raw, for a browser's own library would not send such names."""
    place = urlsplit(explored)
    with socket.create_connection((place.hostname, place.port), 10) as line, line.makefile("rb") as said:
        line.sendall(f"GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
        answer = said.read().decode(errors="replace")
    assert answer.startswith("HTTP/1.1 400")
    assert host not in answer
    if path.startswith("/api/"):
        assert '"status":400' in answer


def test_errors_tell_nothing_of_the_inside(ask):
    for path in ERRORS:
        body = ask(path).body.decode()
        assert not re.search(r"Traceback|File \"|django|sqlite|psycopg|/site-packages/|openpractice/web", body, re.I)


@pytest.fixture(scope="module")
def behind_https(sample_home, tmp_path_factory):
    """A server as it stands behind a proxy that speaks HTTPS."""
    home = tmp_path_factory.mktemp("https") / "home"
    shutil.copytree(sample_home, home, copy_function=os.link)
    with start_site(home, OPENPRACTICE_HTTPS="yes") as url:
        yield url


def secure(url: str, path: str) -> SimpleNamespace:
    try:
        answer = urlopen(Request(url + path, headers={"X-Forwarded-Proto": "https"}))
    except HTTPError as error:
        answer = error
    with answer:
        return SimpleNamespace(status=answer.status, headers=answer.headers, body=answer.read())


@pytest.mark.parametrize("path", ["/", "/account/login/", "/nowhere", "/api/v1/areas/A81002", "/api/v1/nowhere"])
def test_behind_https_a_browser_is_told_to_stay_there(behind_https, path):
    answer = secure(behind_https, path)
    check(answer)
    assert int(re.search(r"max-age=(\d+)", answer.headers["Strict-Transport-Security"])[1]) >= 365 * 86400
    for cookie in answer.headers.get_all("Set-Cookie") or ():
        assert "Secure" in cookie
