"""Signing in with the organisation's own identity provider: a real one on this machine, with made-up people."""

from __future__ import annotations

import contextlib
import json
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.web.conftest import start_site
from tests.web.sign_in.conftest import Place, make_people

CLAIMS = {
    "plover": {"email": "Provided.Plover@practice.example", "email_verified": True},
    "coot": {"email": "claimed.coot@practice.example", "email_verified": True},
    "unconfirmed": {"email": "robin.willow@practice.example", "email_verified": False},
    "stranger": {"email": "stranger@elsewhere.example", "email_verified": True},
    "wren": {"email": "closed.wren@practice.example", "email_verified": True},
}


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    """A process of its own: its libraries warn of each other, and here warnings are errors."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    people = [f"--user-claims={json.dumps({'sub': sub, **claims})}" for sub, claims in CLAIMS.items()]
    command = [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", "--port", str(port), *people]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield _answering(f"http://127.0.0.1:{port}")
    finally:
        server.terminate()
        server.wait(timeout=10)


def _answering(url: str) -> str:
    until = time.monotonic() + 30
    while time.monotonic() < until:
        with contextlib.suppress(OSError), urllib.request.urlopen(f"{url}/.well-known/openid-configuration"):
            return url
        time.sleep(0.1)
    pytest.fail("The identity provider did not start.")


@pytest.fixture(scope="module")
def with_provider(provider, tmp_path_factory) -> Iterator[Place]:
    home = tmp_path_factory.mktemp("provider")
    make_people(home)
    settings = {
        "OPENPRACTICE_OIDC_URL": provider,
        "OPENPRACTICE_OIDC_NAME": "Queens Park",
        "OPENPRACTICE_OIDC_SECRET": "s",
    }
    with start_site(home, **settings) as url:
        yield Place(url, home)


@pytest.fixture
def sign_in(page: Page, with_provider, watch) -> Callable[[str], None]:
    """Follow the link to the provider and sign in there as one of its people; nobody is somebody who turns back."""
    # The provider's own page wants a style from elsewhere. It does not get it, and it is not ours to answer for.
    page.route("**/pico*.css", lambda route: route.fulfill(body="", content_type="text/css"))

    def followed(who: str) -> None:
        page.goto(f"{with_provider.url}/account/login/")
        page.get_by_role("button", name="Sign in with Queens Park").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Authorize Client")
        assert "code_challenge_method=S256" in page.url  # PKCE
        if who:
            page.get_by_placeholder("sub").fill(who)
        page.get_by_role("button", name="Authorize" if who else "Deny").click()
        page.wait_for_url(f"{with_provider.url}/**")
        watch.elsewhere[:] = [address for address in watch.elsewhere if "pico" not in address]

    return followed


def test_whoever_was_invited_by_that_address_is_signed_in(page, with_provider, sign_in, assert_accessible):
    sign_in("plover")
    page.wait_for_url(f"{with_provider.url}/you/")
    page.goto(f"{with_provider.url}/account/")
    expect(page.locator("main")).to_contain_text("Provided Plover")
    page.get_by_role("link", name="See connections").click()
    assert_accessible(page)

    page.context.clear_cookies()
    with_provider.enter(page, "Provided Plover")  # and the password still works
    page.wait_for_url(f"{with_provider.url}/you/")


def test_whoever_made_the_account_before_its_owner_came_is_out(page, browser, with_provider, sign_in):
    before = browser.new_page()
    with_provider.enter(before, "Claimed Coot")
    before.wait_for_url(f"{with_provider.url}/you/")
    sign_in("coot")
    page.wait_for_url(f"{with_provider.url}/you/")
    before.reload()
    expect(before.get_by_role("heading", level=1)).to_have_text("Sign in")
    with_provider.enter(before, "Claimed Coot")
    expect(before.locator(".nhsuk-error-summary")).to_contain_text("do not belong together")
    before.close()
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("Claimed Coot")


@pytest.mark.parametrize(
    ("who", "heading", "words"),
    [
        ("unconfirmed", "You cannot sign in this way yet", "has not confirmed that your email address is yours"),
        ("stranger", "You cannot sign in this way yet", "nobody has invited that email address"),
        ("wren", "This account is closed", "closed it"),
        ("", "Signing in there did not work", "Nothing is changed"),
    ],
)
def test_others_are_refused_in_words(page, with_provider, sign_in, watch, assert_accessible, who, heading, words):
    watch.expect("status of 403", "status of 401")
    sign_in(who)
    expect(page.get_by_role("heading", level=1)).to_have_text(heading)
    expect(page.locator("main")).to_contain_text(words)
    assert_accessible(page)
    page.goto(f"{with_provider.url}/account/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")


def test_an_answer_that_nobody_asked_for_is_refused(page, with_provider, watch, assert_accessible):
    watch.expect("status of 401")
    page.goto(f"{with_provider.url}/account/oidc/organisation/login/callback/?code=stolen&state=guessed")
    expect(page.get_by_role("heading", level=1)).to_have_text("Signing in there did not work")
    assert_accessible(page)
