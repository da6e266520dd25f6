"""Signing in with a password: right, wrong, forgotten, too often; signing out; one's own account."""

from __future__ import annotations

import re
import urllib.request

import pytest
from playwright.sync_api import expect

from tests.web.sign_in.conftest import PASSWORD


def test_somebody_signs_in_and_out(page, place, assert_accessible):
    page.goto(f"{place.url}/account/login/")
    assert_accessible(page)
    place.enter(page, "Robin Willow")
    page.wait_for_url(f"{place.url}/you/")
    page.goto(f"{place.url}/account/logout/")
    assert_accessible(page)
    page.locator("main").get_by_role("button", name="Sign out").click()
    page.goto(f"{place.url}/account/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")


def test_whoever_was_on_the_way_is_brought_there(page, place):
    page.goto(f"{place.url}/account/name/")
    page.get_by_label("Email address").fill("robin.willow@practice.example")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Change your name")


@pytest.mark.parametrize("name", ["Wrong Teal", "Nobody Here"])
def test_a_wrong_password_and_an_unknown_address_sound_the_same(page, place, assert_accessible, name):
    place.enter(page, name, "not the password")
    summary = page.locator(".nhsuk-error-summary")
    expect(summary).to_be_focused()
    expect(summary).to_contain_text("This email address and password do not belong together. Check both.")
    expect(page).to_have_title(re.compile("^Error: Sign in"))
    summary.get_by_role("link").click()
    expect(page.get_by_label("Email address")).to_be_focused()
    expect(page.get_by_label("Password", exact=True)).to_have_value("")
    assert_accessible(page)


def test_what_is_missing_is_named_at_its_place(page, place):
    page.goto(f"{place.url}/account/login/")
    page.get_by_role("button", name="Sign in", exact=True).click()
    errors = page.locator(".nhsuk-error-summary li")
    expect(errors).to_have_text(["Enter your email address", "Enter your password"])
    errors.last.get_by_role("link").click()
    expect(page.get_by_label("Password", exact=True)).to_be_focused()
    described = page.get_by_label("Password", exact=True).get_attribute("aria-describedby")
    expect(page.locator(f"#{described}")).to_contain_text("Enter your password")


def test_guessing_is_stopped_even_when_the_guess_is_right_at_last(page, place):
    for _ in range(5):
        place.enter(page, "Guessed Grebe", "a guess")
    place.enter(page, "Guessed Grebe")
    expect(page.locator(".nhsuk-error-summary")).to_contain_text("Wait five minutes, then try again")


def test_whoever_has_been_deactivated_is_told(page, place, assert_accessible):
    place.enter(page, "Closed Wren")
    expect(page.get_by_role("heading", level=1)).to_have_text("This account is closed")
    assert_accessible(page)


def test_a_forgotten_password_is_chosen_anew_by_a_link_that_works_once(page, place, assert_accessible):
    page.goto(f"{place.url}/account/login/")
    page.get_by_role("link", name="I have forgotten my password").click()
    assert_accessible(page)
    page.get_by_label("Email address").fill("forgetful.finch@practice.example")
    page.get_by_role("button", name="Send the link").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Look into your email")
    assert_accessible(page)

    link = place.link("forgetful.finch@practice.example")
    assert link.startswith(place.url)
    page.goto(link)
    page.get_by_label("A new password").fill("short")
    page.get_by_role("button", name="Save the password").click()
    expect(page.locator(".nhsuk-error-summary")).to_contain_text("10 characters")
    assert_accessible(page)
    page.get_by_label("A new password").fill("three kind words")
    page.get_by_role("button", name="Save the password").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("You have a new password")
    assert_accessible(page)

    page.goto(link)
    expect(page.get_by_role("heading", level=1)).to_have_text("This link is not valid any more")
    assert_accessible(page)
    place.enter(page, "Forgetful Finch")
    expect(page.locator(".nhsuk-error-summary")).to_be_visible()
    place.enter(page, "Forgetful Finch", "three kind words")
    page.wait_for_url(f"{place.url}/you/")


def test_asking_for_an_unknown_address_looks_the_same_and_tells_only_its_owner(page, place):
    page.goto(f"{place.url}/account/password/reset/")
    page.get_by_label("Email address").fill("nobody@elsewhere.example")
    page.get_by_role("button", name="Send the link").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Look into your email")
    letter = [one for one in place.letters() if one["To"] == "nobody@elsewhere.example"][-1]
    assert "Nobody here has it" in letter.get_payload()
    assert "http" not in letter.get_payload()


def test_the_account_leads_to_the_name_and_the_password(page, place, assert_accessible, browser):
    elsewhere = browser.new_page()
    place.enter(elsewhere, "Changing Maple")
    place.enter(page, "Changing Maple")
    page.goto(f"{place.url}/account/")
    assert_accessible(page)
    page.get_by_role("link", name="Change password").click()
    assert_accessible(page)
    page.get_by_label("Your password until now").fill(PASSWORD)
    page.get_by_label("A new password").fill("maple leaves turn red")
    page.get_by_role("button", name="Change the password").click()
    expect(page.locator(".op-done")).to_contain_text("Your password is changed")
    page.reload()
    expect(page.locator(".op-done")).to_have_count(0)  # said once

    elsewhere.goto(f"{place.url}/account/")
    expect(elsewhere.get_by_role("heading", level=1)).to_have_text("Sign in")
    elsewhere.close()


def test_the_name_is_changed_and_written_down(page, place, assert_accessible):
    place.enter(page, "Renamed Rowan")
    page.wait_for_url(f"{place.url}/you/")
    page.goto(f"{place.url}/account/name/")
    assert_accessible(page)
    page.get_by_label("Your name").fill("")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".nhsuk-error-summary")).to_contain_text("Enter your name")
    assert_accessible(page)
    page.get_by_label("Your name").fill("Rowan  Berry ")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("main")).to_contain_text("Rowan Berry")


@pytest.mark.parametrize(
    "path", ["signup/", "password/reset/key/done/", "3rdparty/login/cancelled/", "inactive/", "password/reset/done/"]
)
def test_pages_on_the_way_can_be_read_by_everybody(page, place, assert_accessible, path):
    page.goto(f"{place.url}/account/{path}")
    expect(page.locator("h1")).to_have_count(1)
    assert_accessible(page)


def test_signing_in_works_without_scripts(browser, place):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    place.enter(page, "Viewed Vole")
    page.wait_for_url(f"{place.url}/you/")
    context.close()


@pytest.mark.parametrize("path", ["email/", "confirm-email/", "confirm-email/abc/", "login/code/"])
def test_addresses_that_we_do_not_want_are_not_there(place, path):
    with pytest.raises(urllib.error.HTTPError, match="404"):
        urllib.request.urlopen(f"{place.url}/account/{path}")
