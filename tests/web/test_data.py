"""What is loaded, and how good is it?"""

import re

import pytest
from playwright.sync_api import expect


def number(text: str) -> int:
    return int(re.sub(r"\D", "", text))


def test_the_account_of_the_store(page, explored, assert_accessible):
    page.goto(f"{explored}/data/")
    for heading in (
        "Coverage by month",
        "Load more",
        "Rows that were refused",
        "Files",
        "Columns that changed",
        "Versions",
    ):
        expect(page.get_by_role("heading", name=heading, exact=True)).to_be_visible()
    expect(page.locator("main").get_by_text("Open Government Licence v3.0")).to_be_visible()
    page.locator("summary").evaluate_all("all => all.forEach(one => one.parentElement.open = true)")
    assert_accessible(page)


def test_rows_read_are_rows_kept_and_refused(page, explored):
    page.goto(f"{explored}/data/")
    rows = page.get_by_role("region", name="Loaded files").locator("tbody tr")
    for cells in rows.evaluate_all("all => all.map(row => [...row.cells].map(cell => cell.innerText))"):
        read, kept, refused = map(number, cells[3:6])
        assert read == kept + refused


@pytest.mark.parametrize("width", [1280, 375, 320])
@pytest.mark.parametrize("path", ["/data/", "/data/files/1/"])
def test_nothing_scrolls_sideways(page, explored, path, width):
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(explored + path)
    assert page.evaluate("document.documentElement.scrollWidth") == width


def test_the_calendar_speaks_without_colour(page, explored):
    page.goto(f"{explored}/data/")
    row = page.get_by_role("row", name="Cloud Based Telephony in General Practice").first
    expect(row).to_contain_text("file")
    expect(page.get_by_role("region", name="Coverage of the latest months").locator("thead th")).to_have_count(25)


def test_one_file_leads_to_the_measures_it_feeds(page, explored, assert_accessible):
    page.goto(f"{explored}/data/")
    page.get_by_role("region", name="Loaded files").get_by_role("link", name=re.compile("Telephony")).first.click()
    expect(page.get_by_role("heading", name="What it gave")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("link", name="Calls missed", exact=True).click()
    expect(page.locator("h1")).to_have_text("Calls missed")


def test_a_file_that_is_not_there(ask):
    answer = ask("/data/files/100000/")
    assert answer.status == 404
    assert b"The data page lists all files" in answer.body


def test_no_path_of_the_machine_is_shown(ask):
    assert b"/tmp/" not in ask("/data/").body
    assert b"/tmp/" not in ask("/data/files/1/").body
