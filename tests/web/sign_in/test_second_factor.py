"""What is asked for beside the password: an app's code, a recovery code, a passkey."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.web.sign_in.conftest import PASSWORD, Place


def again(page: Page) -> None:
    """Show once more that it is still oneself."""
    expect(page.get_by_role("heading", level=1)).to_have_text("Is it still you?")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Continue").click()


def set_up_app(page: Page, place: Place, app_code) -> str:
    """Set up an authenticator app; returns its secret."""
    page.goto(f"{place.url}/account/2fa/totp/activate/")
    if page.get_by_role("heading", level=1).text_content() == "Is it still you?":
        again(page)
    secret = page.locator(".op-secret").text_content()
    page.get_by_label("Code from the app").fill(app_code(secret))
    page.get_by_role("button", name="Set up").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Recovery codes")
    return secret


def test_an_app_is_set_up_asked_for_and_turned_off(page, place, app_code, assert_accessible):
    place.enter(page, "Careful Heron")
    page.goto(f"{place.url}/account/2fa/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Second factor")
    assert_accessible(page)
    page.get_by_role("button", name="Set up an authenticator app").click()
    if page.get_by_role("heading", level=1).text_content() == "Is it still you?":
        assert_accessible(page)
        again(page)
    expect(page.locator(".op-qr svg path")).to_have_count(1)
    assert_accessible(page)
    page.get_by_label("Code from the app").fill("000000")
    page.get_by_role("button", name="Set up").click()
    expect(page.locator(".nhsuk-error-summary")).to_contain_text("That code is not right")
    assert_accessible(page)
    secret = set_up_app(page, place, app_code)
    assert_accessible(page)
    expect(page.locator(".op-codes li")).to_have_count(10)
    with page.expect_download() as loading:
        page.get_by_role("link", name="Download as text").click()
    assert len(re.findall(r"^\d{8}$", loading.value.path().read_text(), re.MULTILINE)) == 10
    page.goto(f"{place.url}/account/2fa/recovery-codes/generate/")
    assert_accessible(page)
    page.get_by_role("button", name="Make new ones").click()
    expect(page.locator(".op-codes li")).to_have_count(10)

    page.context.clear_cookies()
    place.enter(page, "Careful Heron")
    expect(page.get_by_role("heading", level=1)).to_have_text("Enter your code")
    assert_accessible(page)
    page.goto(f"{place.url}/account/name/")
    expect(page.get_by_role("heading", level=1)).not_to_have_text("Change your name")
    page.goto(f"{place.url}/account/2fa/authenticate/")
    page.get_by_label("Code", exact=True).fill("12")
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.locator(".nhsuk-error-summary")).to_contain_text("That code is not right")
    page.get_by_label("Code", exact=True).fill(app_code(secret))
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(f"{place.url}/**")
    page.goto(f"{place.url}/account/")
    expect(page.locator("main")).to_contain_text("On: asked for after your password")
    assert_accessible(page)

    page.get_by_role("link", name="Turn off authenticator app").click()
    if page.get_by_role("heading", level=1).text_content() == "Is it still you?":
        again(page)
    assert_accessible(page)
    page.get_by_role("button", name="Turn off").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Second factor")
    assert_accessible(page)


def test_without_the_phone_a_recovery_code_works_once(page, place, app_code):
    place.enter(page, "Lost Linnet")
    set_up_app(page, place, app_code)
    code = page.locator(".op-codes li").first.text_content()
    for words in ("Your account", "Enter your code"):
        page.context.clear_cookies()
        place.enter(page, "Lost Linnet")
        page.get_by_label("Code", exact=True).fill(code)
        page.get_by_role("button", name="Sign in", exact=True).click()
        page.wait_for_load_state()
        if words == "Your account":
            page.goto(f"{place.url}/account/")
            expect(page.locator("main")).to_contain_text("9 left")
        expect(page.get_by_role("heading", level=1)).to_have_text(words)
    page.get_by_role("button", name="Sign in as somebody else").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")


def test_a_passkey_is_added_signs_in_by_itself_and_is_removed(page, place, assert_accessible):
    named = Place(place.url.replace("127.0.0.1", "localhost"), place.home)  # a passkey belongs to a name
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    device.send("WebAuthn.addVirtualAuthenticator", {"options": options})

    named.enter(page, "Quick Swift")
    page.goto(f"{named.url}/account/2fa/webauthn/")
    assert_accessible(page)
    page.get_by_role("button", name="Add a passkey").click()
    if page.get_by_role("heading", level=1).text_content() == "Is it still you?":
        again(page)
    assert_accessible(page)
    page.get_by_label("Name of the passkey").fill("Reception PC")
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Recovery codes")

    page.context.clear_cookies()
    page.goto(f"{named.url}/account/login/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url(f"{named.url}/you/")

    page.context.clear_cookies()
    named.enter(page, "Quick Swift")
    expect(page.get_by_role("heading", level=1)).to_have_text("Enter your code")
    assert_accessible(page)
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url(f"{named.url}/you/")

    page.goto(f"{named.url}/account/2fa/webauthn/")
    expect(page.locator("main")).to_contain_text("Reception PC")
    assert_accessible(page)
    page.get_by_role("link", name="Rename Reception PC").click()
    if page.get_by_role("heading", level=1).text_content() == "Is it still you?":
        page.get_by_role("link", name="Use a passkey").click()
        assert_accessible(page)
        page.get_by_role("button", name="Use a passkey").click()
    page.get_by_label("Name of the passkey").fill("Front desk")
    assert_accessible(page)
    page.get_by_role("button", name="Save").click()
    page.get_by_role("link", name="Remove Front desk").click()
    assert_accessible(page)
    page.get_by_role("button", name="Remove").click()
    expect(page.locator("main")).to_contain_text("You have none")


def test_a_device_that_cannot_says_so_in_words(page, place):
    page.goto(f"{place.url}/account/login/")  # a number, not a name
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("alert")).to_contain_text("Passkeys do not work at this address")
