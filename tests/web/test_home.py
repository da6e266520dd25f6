"""The first page and the search: a manager finds the practice in one step."""

import pytest
from playwright.sync_api import expect


def test_the_first_page_shows_england_in_five_figures(page, explored, assert_accessible):
    page.goto(explored)
    expect(page.locator(".op-key")).to_have_count(5)
    expect(page.locator(".op-key .op-sparkline")).to_have_count(5)
    for key in page.locator(".op-key").all():
        assert key.locator("a").get_attribute("href").startswith("/areas/ENG/measures/")
    expect(page.get_by_role("heading", name="New in the data")).to_be_visible()
    assert_accessible(page)


def test_a_code_leads_straight_to_the_practice(page, explored):
    page.goto(explored)
    page.get_by_label("Find your practice").last.fill("a81002")
    page.get_by_role("button", name="Search").click()
    expect(page.locator("h1")).to_contain_text("Queens Park Medical Centre")
    assert page.url == f"{explored}/areas/A81002/"


def test_a_full_postcode_of_one_practice_leads_to_it(page, explored):
    page.goto(f"{explored}/search?q=ts182aw")
    expect(page.locator("h1")).to_contain_text("Queens Park Medical Centre")


def test_a_name_gives_places_with_what_tells_them_apart(page, explored, assert_accessible):
    page.goto(f"{explored}/search?q=stockton")
    first = page.locator(".op-results li")
    expect(first.filter(has_text="Primary care network").first).to_be_visible()
    expect(first.filter(has_text="patients").first).to_be_visible()
    assert_accessible(page)


def test_a_search_that_finds_nothing_helps(page, explored, assert_accessible):
    page.goto(f"{explored}/search?q=zzzzqq")
    expect(page.locator(".op-empty")).to_contain_text("Nothing found for “zzzzqq”")
    expect(page.get_by_role("searchbox", name="Name, code or postcode")).to_have_value("zzzzqq")
    assert_accessible(page)


def test_a_measure_can_be_found_by_its_name(page, explored):
    page.goto(f"{explored}/search?q=calls missed")
    expect(page.locator("main").get_by_role("link", name="Calls missed", exact=True)).to_have_attribute(
        "href", "/measures/calls_missed/"
    )


@pytest.mark.parametrize("asked", ["%27%22%3Cscript%3E", "%00", "%25", "_" * 3000, ""])
def test_no_search_breaks_the_page(ask, asked):
    assert ask(f"/search?q={asked}").status == 200


@pytest.mark.parametrize("path", ["/search?q=queens", "/areas/A81001/", "/areas/A81001/measures/calls_missed/"])
def test_an_empty_store_is_greeted_everywhere(page, site, path):
    page.goto(site + path)
    expect(page.locator(".op-empty")).to_contain_text("openpractice demo")


def test_an_unchanged_page_is_not_sent_again(ask):
    first = ask("/")
    assert first.headers["Cache-Control"] == "public, no-cache"
    again = ask("/", **{"If-None-Match": first.headers["ETag"]})
    assert (again.status, again.body) == (304, b"")
    # A new nonce would not fit the page that the browser kept.
    assert "Content-Security-Policy" not in again.headers
