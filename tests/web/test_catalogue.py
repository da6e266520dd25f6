"""What does this number mean?"""

import pytest
from playwright.sync_api import expect

from openpractice.measures import catalogue


def test_all_measures_by_topic(page, explored, assert_accessible):
    page.goto(f"{explored}/measures/")
    expect(page.locator(".op-entry")).to_have_count(len(catalogue()))
    assert_accessible(page)


def test_words_and_topic_narrow_the_list(page, explored):
    page.goto(f"{explored}/measures/")
    page.get_by_label("Words in the measure").fill("missed calls")
    page.locator("main").get_by_role("button", name="Show").click()
    expect(page.get_by_role("link", name="Calls missed", exact=True)).to_be_visible()
    expect(page.get_by_role("link", name="Registered patients", exact=True)).to_have_count(0)
    page.get_by_label("Topic").select_option("List")
    page.locator("main").get_by_role("button", name="Show").click()
    expect(page.get_by_text("No measure has all of these words")).to_be_visible()
    page.locator("main").get_by_role("link", name="Show all", exact=True).click()
    expect(page.locator(".op-entry")).to_have_count(len(catalogue()))


@pytest.mark.parametrize("width", [1280, 375, 320])
@pytest.mark.parametrize("path", ["/measures/", "/measures/calls_missed/", "/measures/urgent_same_day/"])
def test_nothing_scrolls_sideways(page, explored, path, width):
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(explored + path)
    assert page.evaluate("document.documentElement.scrollWidth") == width


def test_a_definition_in_full(page, explored, assert_accessible):
    page.goto(f"{explored}/measures/calls_missed/")
    for heading in (
        "Definition",
        "Read with care",
        "Where it is available",
        "A worked example",
        "The files that feed it",
    ):
        expect(page.get_by_role("heading", name=heading, exact=True)).to_be_visible()
    expect(page.get_by_text("391 ÷ 6,032 = 6.5%")).to_be_visible()
    page.locator("summary").evaluate_all("all => all.forEach(one => one.parentElement.open = true)")
    assert_accessible(page)


def test_a_family_is_set_side_by_side(page, explored, assert_accessible):
    page.goto(f"{explored}/measures/urgent_same_day/")
    family = page.get_by_role("region", name="Measures of the family")
    expect(family.get_by_text("(this one)")).to_be_visible()
    assert_accessible(page)
    family.get_by_role("link").first.click()
    expect(page.locator("h1")).to_contain_text("Urgent appointments")


def test_see_it_for_my_practice(page, explored):
    page.goto(f"{explored}/measures/calls_missed/")
    page.get_by_label("See it for my practice").last.fill("TS18 2AW")
    page.locator("main").get_by_role("button", name="Find").click()
    page.wait_for_url("**/measures/calls_missed/**")
    if "practice=" in page.url:  # several practices share a postcode
        page.locator(".op-results a").first.click()
    assert page.url.startswith(f"{explored}/areas/")
    assert page.url.endswith("/measures/calls_missed/")


def test_an_icb_in_the_spread_leads_to_its_own_page(page, explored):
    page.goto(f"{explored}/measures/calls_missed/")
    page.locator("#icbs").get_by_text("The same figures as a table").click()
    href = page.locator("#icbs table").get_by_role("link", name="North East and North Cumbria").get_attribute("href")
    assert href == "/areas/QHM/measures/calls_missed/"


@pytest.mark.parametrize("name", catalogue())
def test_every_measure_has_its_page(ask, name):
    answer = ask(f"/measures/{name}/")
    assert answer.status == 200
    body = answer.body.decode()
    assert body.count("<h1") == 1
    assert "A worked example" in body


def test_a_mistyped_name_offers_the_nearest(ask):
    answer = ask("/measures/call_missed/")
    assert answer.status == 404
    assert b"calls_missed" in answer.body


def test_files_to_take_away(ask):
    assert ask("/measures/calls_missed/england.csv").body.decode("utf-8-sig").startswith("Month,")
    assert ask("/measures/calls_missed/icbs.png").body.startswith(b"\x89PNG")
    assert ask("/measures/calls_08_to_10_share/icbs.png").status == 404
