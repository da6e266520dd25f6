"""The overview of a practice, and of the areas above it."""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from playwright.sync_api import expect

LEVELS = {"practice": "A81002", "pcn": "U07032", "sub_icb": "16C", "icb": "QHM", "region": "Y63", "nation": "ENG"}


@pytest.mark.parametrize("code", LEVELS.values(), ids=LEVELS)
def test_every_level_has_an_overview(page, explored, assert_accessible, code):
    page.goto(f"{explored}/areas/{code}/")
    expect(page.locator("h1")).to_have_count(1)
    expect(page.get_by_role("heading", name="What needs attention")).to_be_visible()
    expect(page.get_by_role("heading", name="Telephony")).to_be_visible()
    assert_accessible(page)


@pytest.mark.parametrize("code", LEVELS.values(), ids=LEVELS)
@pytest.mark.parametrize("width", [1280, 375, 320])
def test_no_overview_scrolls_sideways(page, explored, code, width):
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(f"{explored}/areas/{code}/")
    assert page.evaluate("document.documentElement.scrollWidth") == width


def test_the_head_says_who_the_practice_is(page, explored):
    page.goto(f"{explored}/areas/A81002/")
    facts = page.locator(".op-facts--head")
    for words in ("A81002", "TS18 2AW", "North Stockton PCN", "TPP", "Registered patients"):
        expect(facts).to_contain_text(words)
    expect(page.get_by_role("navigation", name="Breadcrumb")).to_contain_text("NHS North East and North Cumbria ICB")


def test_a_card_leads_to_its_measure(page, explored):
    page.goto(f"{explored}/areas/A81002/")
    card = page.locator(".op-card", has_text="Calls missed").first
    expect(card).to_contain_text("%")
    expect(card).to_contain_text("confidence")
    expect(card).to_contain_text("practices most alike")
    card.get_by_role("link").click()
    expect(page.locator("h1")).to_contain_text("Calls missed")


def test_what_is_missing_is_named_once_with_the_remedy(page, explored):
    page.goto(f"{explored}/areas/A81002/")
    lack = page.locator(".op-topic", has=page.locator("#access")).locator(".op-lack")
    expect(lack).to_have_count(1)
    expect(lack).to_contain_text("openpractice fetch")
    lack.locator("summary").click()
    expect(lack).to_contain_text("These are figures of the larger area, not of Queens Park Medical Centre")


def test_members_are_sorted_by_links(page, explored):
    page.goto(f"{explored}/areas/QHM/")
    page.locator("thead").get_by_role("link", name="Registered patients").click()
    expect(page.locator("th[aria-sort]")).to_have_attribute("aria-sort", "ascending")
    page.locator("th[aria-sort] a").click()
    expect(page.locator("th[aria-sort]")).to_have_attribute("aria-sort", "descending")
    sizes = [
        int(text.replace(",", ""))
        for text in page.locator("#table ~ .op-table tbody td:nth-child(2)").all_inner_texts()
    ]
    assert sizes == sorted(sizes, reverse=True)
    assert len(sizes) == 40


def test_an_icb_can_be_shown_by_network(page, explored):
    page.goto(f"{explored}/areas/QHM/?of=pcn")
    expect(page.locator("#table")).to_contain_text("networks")
    expect(page.locator("#matrix .op-chart--wide svg[role=img]")).to_be_visible()


@pytest.mark.parametrize("path", ["/areas/ZZ999/", "/areas/QHM/?of=moon"])
def test_an_address_that_makes_no_sense_is_answered_in_words(ask, path):
    answer = ask(path)
    assert answer.status == 404
    assert b"Search" in answer.body


def test_a_code_in_small_letters_is_the_same_place(page, explored):
    page.goto(f"{explored}/areas/qhm/")
    assert page.url == f"{explored}/areas/QHM/"


def test_each_address_gives_its_own_area_however_many_ask_at_once(ask):
    """Given readers of many practices at the same moment, each sees the practice that was asked for."""

    def code(asked: str) -> str:
        return re.search(rb"<dt>Code</dt><dd>(\w+)", ask(f"/areas/{asked}/").body)[1].decode()

    asked = ["A81001", "A81002", "A81004", "A81005", "A81006", "A81007", "U07032", "QHM"] * 3
    with ThreadPoolExecutor(8) as readers:
        assert list(readers.map(code, asked)) == asked


@pytest.mark.parametrize("kind", ["csv", "png", "svg", "vega.json"])
def test_the_heat_map_can_be_taken_away(ask, kind):
    assert len(ask(f"/areas/U07032/matrix.{kind}").body) > 200


def test_a_closed_practice_says_when_and_asks_for_nothing(page, explored):
    page.goto(f"{explored}/areas/M85075/")
    expect(page.locator("main")).to_contain_text("closed on 30 November 2019")
    expect(page.locator("#attention ~ .op-empty")).to_contain_text("nothing here asks for attention")
    expect(page.locator(".op-lack")).to_have_count(0)
