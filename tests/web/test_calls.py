"""When does the phone ring?"""

import csv
import io
import json

import pytest
from playwright.sync_api import expect


def test_the_week_is_englands_and_says_so(page, explored, assert_accessible):
    page.goto(f"{explored}/calls/")
    expect(page.get_by_text("The NHS publishes this for England only")).to_be_visible()
    expect(page.locator("#week-title")).to_contain_text("Mondays bring")
    expect(page.locator(".op-said li")).to_have_count(3)
    page.locator("summary").evaluate_all("all => all.forEach(one => one.parentElement.open = true)")
    assert_accessible(page)


@pytest.mark.parametrize("width", [1280, 375, 320])
def test_it_does_not_scroll_sideways(page, explored, width):
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(f"{explored}/calls/")
    assert page.evaluate("document.documentElement.scrollWidth") == width


def test_online_requests_by_band_in_another_month(page, explored):
    page.goto(f"{explored}/calls/")
    page.get_by_label("Show", exact=True).select_option("Online requests")
    page.get_by_label("Counted").select_option("Per band")
    page.locator("main").get_by_role("button", name="Show").click()
    expect(page.locator("#week-title")).to_contain_text("requests")
    expect(page.locator("#week .op-figure__subtitle")).to_contain_text("in each band of time")
    months = page.get_by_label("Month").locator("option")
    earlier = months.nth(1).inner_text()
    page.get_by_label("Month").select_option(earlier)
    page.locator("main").get_by_role("button", name="Show").click()
    expect(page.locator("#week .op-figure__subtitle")).to_contain_text(earlier)


def test_the_week_comes_alive_for_pointer_and_keyboard(page, explored):
    page.goto(f"{explored}/calls/")
    expect(page.locator("#week .op-chart--wide svg.marks")).to_be_visible()
    page.locator("#week .op-figure__picture").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator("#week output")).to_contain_text("thousand calls an hour")


def test_the_waits_have_their_own_charts(page, explored):
    page.goto(f"{explored}/calls/")
    expect(page.locator("#answered-after-5-minutes-title")).to_contain_text("more than 5 minutes")
    expect(page.locator("#answered-within-1-minute-title")).to_contain_text("within 1 minute")


def test_files_keep_what_was_asked(ask):
    rows = list(csv.reader(io.StringIO(ask("/calls/week.csv?of=online").body.decode("utf-8-sig"))))
    assert [row[0] for row in rows] == [
        "Day",
        "Monday",
        "Tuesday",
        "Wednesday",
        "Thursday",
        "Friday",
        "Saturday",
        "Sunday",
    ]
    assert len(rows[0]) == 11
    assert json.loads(ask("/calls/week.vega.json?size=narrow").body)["$schema"].endswith("vega/v6.json")


@pytest.mark.parametrize("query", ["?month=1999-01", "?month=%3Cscript%3E", "?of=post&each=minute"])
def test_nonsense_in_the_address_is_passed_over(ask, query):
    answer = ask(f"/calls/{query}")
    assert answer.status == 200
    assert b"<script>alert" not in answer.body
    assert b"Average calls an hour" in answer.body
