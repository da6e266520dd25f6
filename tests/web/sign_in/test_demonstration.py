"""The demonstration: one click is somebody of each kind, and nowhere else is there such a page."""

from __future__ import annotations

import urllib.error
import urllib.request

import pytest
from playwright.sync_api import expect

from tests.web.conftest import start_site
from tests.web.sign_in.conftest import make_people

ROLES = (
    "Practice administrator", "Clinician", "Reception or care navigator", "Improvement lead", "Network analyst",
    "Network manager", "Partner organisation's leader", "Commissioner", "Patient representative",
    "System administrator",
)  # fmt: skip


def test_the_sign_in_page_leads_there(page, demonstration, assert_accessible):
    page.goto(f"{demonstration.url}/account/login/")
    assert_accessible(page)
    page.get_by_role("link", name="Choose whom to sign in as").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in as somebody")
    assert_accessible(page)


@pytest.mark.parametrize("role", ROLES)
def test_one_click_is_somebody_of_each_kind(page, demonstration, role):
    page.goto(f"{demonstration.url}/demo/")
    page.get_by_role("button", name=f", {role} of ").first.click()
    page.wait_for_url(f"{demonstration.url}/you/")
    expect(page.locator("main")).to_contain_text(role)


def test_a_role_that_needs_a_second_factor_is_let_in_by_the_click(page, demonstration):
    page.goto(f"{demonstration.url}/demo/")
    page.get_by_role("button", name=", Practice administrator of Queens Park").click()
    page.wait_for_url(f"{demonstration.url}/you/")
    page.goto(f"{demonstration.url}/organisation/people/")
    expect(page.locator("main")).to_contain_text("Wren Hazel")


def test_a_second_start_makes_nobody_twice(page, tmp_path):
    (tmp_path / "demo").touch()
    for _ in range(2):
        with start_site(tmp_path) as url:
            page.goto(f"{url}/demo/")
            expect(page.get_by_role("button", name="Be Robin Willow")).to_have_count(1)


def status(url: str) -> int:
    try:
        with urllib.request.urlopen(url) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        with error:
            return error.code


def test_nowhere_else_is_there_such_a_page(place):
    assert status(f"{place.url}/demo/") == 404


def test_a_real_person_among_them_ends_it(demonstration, tmp_path):
    (tmp_path / "demo").touch()
    make_people(tmp_path, {"Robin Willow": True})
    with start_site(tmp_path) as url:
        assert status(f"{url}/demo/") == 404
        assert status(f"{url}/account/login/") == 200
    assert status(f"{demonstration.url}/demo/") == 200
