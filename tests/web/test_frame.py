"""The frame around every page: reachable, accessible, private, whole without scripts."""

import re

import pytest
from playwright.sync_api import expect

PAGES = ("/", "/glossary/", "/accessibility/")


@pytest.mark.parametrize("path", PAGES)
def test_everybody_can_read_the_page(page, site, assert_accessible, path):
    page.goto(site + path)
    expect(page.locator("html")).to_have_attribute("lang", "en-GB")
    expect(page.locator("h1")).to_have_count(1)
    expect(page).to_have_title(re.compile("OpenPractice"))
    assert_accessible(page)


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("width", [1280, 375, 320])
def test_no_page_scrolls_sideways(page, site, path, width):
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(site + path)
    assert page.evaluate("document.documentElement.scrollWidth") == width


def test_the_keyboard_goes_to_the_content_first(page, site):
    page.goto(f"{site}/glossary/")
    page.keyboard.press("Tab")
    expect(page.locator(".nhsuk-skip-link")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#maincontent")).to_be_focused()


def test_a_phone_reaches_all_five_parts(page, site):
    page.set_viewport_size({"width": 375, "height": 800})
    page.goto(f"{site}/glossary/")
    page.get_by_role("button", name="Browse More").click()
    for name in ("Overview", "Measures", "Compare", "Calls by hour", "Data"):
        expect(page.get_by_role("link", name=name, exact=True)).to_be_visible()


def test_pages_are_whole_without_javascript(browser, site):
    context = browser.new_context(java_script_enabled=False, viewport={"width": 375, "height": 800})
    page = context.new_page()
    page.goto(f"{site}/glossary/")
    for name in ("Overview", "Measures", "Compare", "Calls by hour", "Data"):
        expect(page.get_by_role("link", name=name, exact=True).first).to_be_visible()
    expect(page.get_by_role("searchbox")).to_be_visible()
    context.close()


def test_home_asks_one_question(page, site):
    page.goto(site)
    expect(page.get_by_role("searchbox")).to_have_count(1)
    expect(page.get_by_label("Find your practice").last).to_be_visible()


def test_each_word_of_the_glossary_has_its_own_address(page, site):
    page.goto(f"{site}/glossary/#special-cause")
    expect(page.locator("#special-cause")).to_be_in_viewport()
    for link in page.locator("main a[href^='#']").all():
        assert page.locator(link.get_attribute("href")).count() == 1


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/gallery/suspect", 400, "could not understand"),
        ("/gallery/refuse", 403, "You cannot see this page"),
        ("/nowhere/", 404, "Page not found"),
        ("/gallery/fail", 500, "something went wrong"),
    ],
)
def test_an_error_says_what_to_do(page, gallery, watch, assert_accessible, path, status, words):
    watch.expect(f"status of {status}")
    answer = page.goto(gallery + path)
    assert answer.status == status
    expect(page.locator("h1")).to_contain_text(words)
    expect(page.locator("main").get_by_role("link", name="overview")).to_be_visible()
    assert_accessible(page)


def test_a_lost_visitor_can_search(page, site, watch):
    watch.expect("status of 404")
    page.goto(f"{site}/nowhere/")
    page.get_by_label("Find a practice, network or measure").last.fill("B87020")
    page.locator("main").get_by_role("button", name="Search").click()
    assert page.url == f"{site}/search?q=B87020"


def test_an_unknown_host_name_is_refused(site, get):
    assert get(site, Host="elsewhere.example").status == 400


@pytest.mark.parametrize("path", [*PAGES, "/nowhere/", "/health", "/robots.txt"])
def test_every_answer_is_guarded(site, path, get):
    headers = get(site + path).headers
    policy = headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    for rule in ("default-src 'self'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'"):
        assert rule in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert "Server" not in headers
    assert "Set-Cookie" not in headers


def test_a_nonce_is_used_once(site, get):
    def nonce() -> str:
        return re.search("'nonce-([^']+)'", get(site).headers["Content-Security-Policy"])[1]

    assert nonce() != nonce()


def test_small_answers(site, get):
    assert get(f"{site}/health").body == b"ok\n"
    assert b"Disallow: /search" in get(f"{site}/robots.txt").body
    assert get(f"{site}/favicon.ico").headers["Content-Type"].startswith("image/")


def test_static_files_are_squeezed_and_kept_for_ever(page, site, get):
    page.goto(site)
    for link in page.locator("link[rel=stylesheet]").all():
        answer = get(site + link.get_attribute("href"), **{"Accept-Encoding": "gzip"})
        assert "immutable" in answer.headers["Cache-Control"]
        assert answer.headers["Content-Encoding"] == "gzip"
        again = get(site + link.get_attribute("href"), **{"If-None-Match": answer.headers["ETag"]})
        assert again.status == 304


def test_no_file_outside_the_static_folder_is_served(site, get):
    for path in ("/static/../secret-key", "/static/%2e%2e/secret-key", "/static/staticfiles.json/../../../secret-key"):
        assert get(site + path).status == 404
