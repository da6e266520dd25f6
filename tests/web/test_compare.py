"""Who is like us, and how do we differ?"""

import csv
import io

import pytest
from playwright.sync_api import expect

PRACTICE = "/areas/A81002/compare/"


def test_the_first_page_explains_and_finds(page, explored, assert_accessible):
    page.goto(f"{explored}/compare/")
    for name in ("The most alike", "Your network", "Local", "England"):
        expect(page.get_by_role("heading", name=name, exact=True)).to_be_visible()
    assert_accessible(page)
    page.get_by_label("Choose your practice, network or ICB").last.fill("A81002")
    page.locator("main").get_by_role("button", name="Find").click()
    expect(page).to_have_url(explored + PRACTICE)


def test_several_places_are_offered_and_lead_on(page, explored):
    page.goto(f"{explored}/compare/?practice=stockton")
    links = page.locator(".op-results a")
    assert links.count() > 1
    for link in links.all():
        assert link.get_attribute("href").endswith("/compare/")


def test_nothing_found_says_what_to_try(page, explored):
    page.goto(f"{explored}/compare/?practice=qqqqqq")
    expect(page.get_by_text("Nothing found for “qqqqqq”")).to_be_visible()


def test_twins_with_their_reasons(page, explored, assert_accessible):
    page.goto(explored + PRACTICE)
    expect(page.locator("h1")).to_contain_text("Queens Park Medical Centre")
    rows = page.get_by_role("region", name="The practices most alike and why").locator("tbody tr")
    expect(rows).to_have_count(20)
    expect(page.locator("#map .op-chart--wide svg")).to_be_visible()
    expect(page.locator("#spine-title")).to_contain_text("practices in England")
    page.locator("summary").evaluate_all("all => all.forEach(one => one.parentElement.open = true)")
    assert_accessible(page)


@pytest.mark.parametrize("width", [1280, 375, 320])
@pytest.mark.parametrize("path", ["/compare/", PRACTICE, "/areas/QHM/compare/"])
def test_no_comparison_scrolls_sideways(page, explored, path, width):
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(explored + path)
    assert page.evaluate("document.documentElement.scrollWidth") == width


def test_a_feature_is_left_out_and_the_address_keeps_it(page, explored):
    page.goto(explored + PRACTICE)
    page.get_by_text("Change how many, or leave a feature out").click()
    page.get_by_role("checkbox", name="Registered patients", exact=False).first.check()
    page.get_by_role("radio", name="10").check()
    page.get_by_role("button", name="Find again").click()
    assert "k=10" in page.url
    assert "without=list_size" in page.url
    expect(page.get_by_role("region", name="The practices most alike and why").locator("tbody tr")).to_have_count(10)
    expect(page.get_by_role("checkbox", name="Registered patients", exact=False).first).to_be_checked()
    href = page.get_by_role("link", name="CSV of the likeness table").get_attribute("href")
    assert "without=list_size" in href
    page.get_by_role("link", name="Back to 20 with every feature").click()
    expect(page).to_have_url(explored + PRACTICE)


def test_measures_of_the_spine_are_links(page, explored):
    page.goto(explored + PRACTICE)
    page.locator("#spine").get_by_text("The same figures as a table").click()
    link = page.locator("#spine table").get_by_role("link", name="Calls answered", exact=True)
    link.click()
    expect(page).to_have_url(f"{explored}/areas/A81002/measures/calls_answered/")


def test_an_icb_is_compared_with_icbs(page, explored, assert_accessible):
    page.goto(f"{explored}/areas/QHM/compare/")
    expect(page.locator("#spine-title")).to_contain_text("ICBs in England")
    expect(page.locator("#twins")).to_have_count(0)
    assert_accessible(page)


def test_england_has_no_peer(page, explored, assert_accessible):
    page.goto(f"{explored}/areas/ENG/compare/")
    expect(page.get_by_text("England has no peer here")).to_be_visible()
    assert_accessible(page)


def test_files_to_take_away(ask):
    likeness = ask(f"{PRACTICE}likeness.csv?k=10")
    rows = list(csv.reader(io.StringIO(likeness.body.decode("utf-8-sig"))))
    assert len(rows) == 1 + 1 + 10
    assert "attachment" in likeness.headers["Content-Disposition"]
    assert ask(f"{PRACTICE}map.png").body.startswith(b"\x89PNG")
    assert ask(f"{PRACTICE}spine.svg").headers["Content-Type"] == "image/svg+xml"
    for absent in ("likeness.png", "nothing.csv", "spine.exe"):
        assert ask(PRACTICE + absent).status == 404


@pytest.mark.parametrize("path", ["/compare/a81002/", "/areas/a81002/compare/"])
def test_other_ways_to_write_the_address(ask, path):
    answer = ask(path)
    assert answer.status == 200
    assert answer.url.endswith(PRACTICE)


@pytest.mark.parametrize("path", ["/areas/NOPE/compare/", "/compare/NOPE/", "/compare/a%0Ab/", "/compare/%C3%A9/"])
def test_no_such_area(ask, path):
    answer = ask(path)
    assert answer.status == 404
    assert b"Search by name or postcode" in answer.body


def test_nonsense_in_the_address_is_passed_over(ask):
    answer = ask(f"{PRACTICE}?k=many&without=luck")
    assert answer.status == 200
    assert b"The 20 practices most alike" in answer.body
