"""One measure of one area: the chart and everything that stands behind it."""

import pytest
from playwright.sync_api import expect

from openpractice.analysis.everyone import everyone

PATHS = (
    "/areas/ENG/measures/calls_missed/",
    "/areas/A81002/measures/calls_missed/",
    "/areas/A81002/measures/gp_fte_per_10000/",
    "/areas/QHM/measures/online_requests_per_1000/",
    "/areas/A81002/measures/dna_rate/",
)


@pytest.mark.parametrize("path", PATHS)
def test_everybody_can_read_the_page(page, explored, assert_accessible, path):
    page.goto(explored + path)
    expect(page.locator("h1")).to_have_count(1)
    page.locator("main summary").evaluate_all("all => all.forEach(one => one.parentElement.open = true)")
    assert_accessible(page)


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("width", [375, 320])
def test_nothing_scrolls_sideways(page, explored, path, width):
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(explored + path)
    assert page.evaluate("document.documentElement.scrollWidth") == width


def test_the_chart_says_what_it_found(page, explored):
    page.goto(f"{explored}/areas/ENG/measures/calls_missed/")
    expect(page.locator("#spc-title")).to_contain_text("Calls missed: 10.8% in February 2026, above its average")
    expect(page.locator(".op-latest")).to_contain_text("Concern: higher than usual")
    expect(page.locator("#spc .op-figure__note")).to_contain_text("part of the change may be who is counted")


def test_few_points_have_no_limits_and_say_so(page, explored):
    page.goto(f"{explored}/areas/A81002/measures/calls_missed/")
    expect(page.locator("#spc .op-figure__note")).to_contain_text("too few to say what is usual")
    expect(page.locator("#spc .op-chart--wide svg")).not_to_contain_text("Usual variation")


def test_too_few_months_for_an_icon_is_said_on_the_measure_page_only(page, explored):
    page.goto(f"{explored}/areas/A81002/measures/calls_missed/")
    expect(page.locator(".op-latest")).to_contain_text("Too few months to tell a change.")
    expect(page.locator(".op-latest .op-icon-label")).to_have_count(0)
    page.goto(f"{explored}/areas/A81002/")
    expect(page.locator("main")).not_to_contain_text("Too few months")


def test_a_practice_is_set_among_others(page, explored):
    page.goto(f"{explored}/areas/A81002/measures/calls_missed/")
    expect(page.locator(".op-latest")).to_contain_text("practices most alike")
    expect(page.locator("#ribbon .op-chart--wide svg[role=img]")).to_be_visible()
    expect(page.locator("#funnel .op-chart--wide svg[role=img]")).to_be_visible()


def test_limits_can_start_afresh(page, explored):
    page.goto(f"{explored}/areas/ENG/measures/calls_missed/")
    page.get_by_text("Change this chart").click()
    page.get_by_label("Start new limits in").select_option("2025-06")
    page.get_by_role("button", name="Draw it again").click()
    assert "rebase=2025-06" in page.url
    expect(page.locator("#spc-title")).not_to_contain_text("above its average")
    expect(page.locator("#spc .op-figure__note")).to_contain_text("Trial limits")


def test_the_definition_and_the_files_can_be_opened(page, explored):
    page.goto(f"{explored}/areas/A81002/measures/calls_missed/")
    page.get_by_text("A worked example").click()
    expect(page.get_by_text("391 ÷ 6,032 = 6.5%")).to_be_visible()
    page.get_by_text("The files, and what became of their rows").click()
    expect(page.get_by_role("region", name="Files behind this measure")).to_contain_text("Cloud Based Telephony")


def test_a_measure_without_a_figure_says_how_to_get_one(page, explored):
    page.goto(f"{explored}/areas/A81002/measures/dna_rate/")
    expect(page.locator(".op-empty")).to_contain_text("openpractice fetch gpad_practice")
    expect(page.locator(".op-above")).to_contain_text("not of Queens Park Medical Centre")
    expect(page.locator("#spc")).to_have_count(0)


def test_low_confidence_can_be_told_without_colour(page, explored, sample_store):
    networks = everyone(sample_store, "calls_missed", "pcn", "2026-02")
    code = next(code for code, grade in zip(networks.codes, networks.confidence, strict=True) if grade == "Low")
    page.goto(f"{explored}/areas/{code}/measures/calls_missed/")
    expect(page.locator(".op-latest--unsure")).to_contain_text("Low confidence")


@pytest.mark.parametrize("kind", ["csv", "png", "svg", "vega.json"])
@pytest.mark.parametrize("chart", ["spc", "ribbon", "funnel"])
def test_every_chart_can_be_taken_away(ask, chart, kind):
    answer = ask(f"/areas/A81002/measures/calls_missed.{kind}?chart={chart}")
    assert answer.url.endswith(f"/areas/A81002/measures/calls_missed/{chart}.{kind}")
    assert answer.status == 200
    assert len(answer.body) > 100


@pytest.mark.parametrize(
    "path",
    [
        "/areas/A81002/measures/calls_mised/",
        "/areas/ZZ999/measures/calls_missed/",
        "/areas/A81002/measures/calls_missed/?from=soon",
        "/areas/A81002/measures/calls_missed/?by=moon",
        "/areas/A81002/measures/calls_missed/pie.svg",
    ],
)
def test_what_is_not_there_is_answered_in_words(ask, path):
    answer = ask(path)
    assert answer.status == 404
    assert b"Search" in answer.body
