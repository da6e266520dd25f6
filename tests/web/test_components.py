"""The components, drawn on a page that only the tests have."""

import pytest
from playwright.sync_api import expect


@pytest.fixture
def drawn(page, gallery):
    page.goto(f"{gallery}/gallery/")
    return page


def test_all_components_are_accessible(drawn, assert_accessible):
    drawn.locator("summary").evaluate_all("all => all.forEach(one => one.parentElement.open = true)")
    drawn.locator("#dna").scroll_into_view_if_needed()
    expect(drawn.locator("#dna output")).to_have_count(1)
    assert_accessible(drawn)


def test_nothing_scrolls_sideways_on_a_phone(drawn):
    drawn.set_viewport_size({"width": 320, "height": 800})
    assert drawn.evaluate("document.documentElement.scrollWidth") == 320


def test_a_chart_in_view_comes_alive(drawn):
    chart = drawn.locator("#dna .op-chart--wide")
    chart.scroll_into_view_if_needed()
    expect(chart.locator("svg.marks")).to_be_visible()
    expect(chart.locator("svg")).to_have_attribute("role", "img")
    # The months on the axis: vega-interpreter as published loses them.
    expect(chart.locator("text", has_text="2025")).to_be_visible()


def test_the_arrow_keys_read_the_points(drawn):
    picture = drawn.locator("#dna .op-figure__picture")
    picture.scroll_into_view_if_needed()
    expect(drawn.locator("#dna .op-chart--wide svg.marks")).to_be_visible()
    picture.focus()
    drawn.keyboard.press("ArrowRight")
    expect(drawn.locator("#dna output")).to_have_text("January 2024: 4.1%. Usual variation.")
    drawn.keyboard.press("End")
    expect(drawn.locator("#dna output")).to_have_text("May 2025: 6.1%. Concern.")
    drawn.keyboard.press("Escape")
    expect(drawn.locator("#dna output")).to_be_hidden()


def test_the_pointer_reads_a_point(drawn):
    chart = drawn.locator("#dna .op-chart--wide")
    chart.scroll_into_view_if_needed()
    expect(chart.locator("svg.marks")).to_be_visible()
    chart.locator(".mark-symbol.role-mark path").last.hover()
    expect(drawn.locator("#dna output")).to_contain_text("2025")


def test_a_phone_gets_the_narrow_chart(drawn):
    drawn.set_viewport_size({"width": 375, "height": 800})
    with drawn.expect_response("**/chart.vega.json?size=narrow"):
        drawn.locator("#dna").scroll_into_view_if_needed()
    expect(drawn.locator("#dna .op-chart--narrow svg.marks")).to_be_visible()
    expect(drawn.locator("#dna .op-chart--wide")).to_be_hidden()


def test_a_chart_that_cannot_be_redrawn_stays(drawn, watch):
    watch.expect("status of 403")
    with drawn.expect_response("**/no-chart.vega.json"):
        drawn.locator("#lost").scroll_into_view_if_needed()
    expect(drawn.locator("#lost .op-chart--wide svg[role=img]")).to_be_visible()


def test_without_javascript_the_picture_and_the_table_remain(browser, gallery):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{gallery}/gallery/")
    expect(page.locator("#dna .op-chart--wide svg[role=img]")).to_be_visible()
    page.locator("#dna summary").click()
    expect(page.locator("#dna td", has_text="6.1%")).to_be_visible()
    context.close()


def test_confidence_can_be_told_without_colour(drawn):
    for grade, bars in (("High", 3), ("Medium", 2), ("Low", 1)):
        badge = drawn.locator(".op-confidence", has_text=f"{grade} confidence").first
        expect(badge.locator("rect.on")).to_have_count(bars)


def test_print_leaves_out_menus(drawn):
    drawn.emulate_media(media="print")
    expect(drawn.locator(".nhsuk-header__navigation")).to_be_hidden()
    expect(drawn.locator(".op-figure").first).to_be_visible()
