"""Public pages of figures that only a practice has: they say so, and they look like pages that are meant to be so."""

import pytest
from playwright.sync_api import expect


@pytest.mark.parametrize("width", [1280, 375])
def test_a_definition_says_that_no_open_data_exist(page, explored, assert_accessible, width):
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{explored}/measures/book_dna_share/")
    expect(
        page.get_by_text("No open data exist for this. It is worked out from a practice's own records")
    ).to_be_visible()
    expect(page.get_by_role("link", name="See what is loaded")).to_have_count(0)
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert_accessible(page)


def test_a_practices_page_of_the_measure_says_where_it_comes_from(page, explored, assert_accessible):
    page.goto(f"{explored}/areas/A81001/measures/book_dna_share/")
    expect(
        page.get_by_text("No open data exist for this: it comes from a practice's own records").first
    ).to_be_visible()
    assert_accessible(page)
