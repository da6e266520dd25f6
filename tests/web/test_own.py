"""A practice's own data in a browser: its figures, finding a patient, a new key, keeping, leaving."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Error, Page, expect

from tests.web.test_shared import Place, another, place  # noqa: F401  (fixtures)

REASON = "The pharmacist asks who had this appointment, to call them."


@pytest.mark.parametrize(
    "path", ["/own/", "/own/measures/book_dna_share/", "/own/key/", "/own/keeping/", "/own/leave/"]
)
def test_each_page_is_for_everybody_s_eyes_and_hands(page: Page, place: Place, assert_accessible, path):  # noqa: F811
    place.as_(page, "Robin Wren")
    assert page.goto(place.url + path).status == 200
    assert_accessible(page)


def test_own_figures_are_as_they_are_and_lead_on(page: Page, place: Place, watch):  # noqa: F811
    place.as_(page, "Robin Wren")
    page.goto(f"{place.url}/own/")
    expect(page.locator("main")).to_contain_text("North PCN")
    expect(page.locator("main")).to_contain_text("36 months")
    expect(page.get_by_role("table", name="Files of Queens Park Surgery")).to_contain_text("book.csv")
    page.get_by_role("link", name="Missed appointments in the practice's own book").click()
    row = page.get_by_role("row", name="January 2026")
    expect(row).to_contain_text("25")
    expect(row).to_contain_text("145")
    # Nobody of another organisation reads this page about it; what they see is their own.
    place.as_(page, "Linnet Ash")
    page.goto(f"{place.url}/own/")
    expect(page.get_by_role("heading", name="Nothing of your own is loaded yet")).to_be_visible()
    watch.expect("404")
    assert page.goto(f"{place.url}/own/measures/book_dna_share/").status == 404


def test_a_clinician_finds_whose_record_it_is(page: Page, place: Place, another, watch, assert_accessible):  # noqa: F811
    """Given a pseudonym from the practice's own records, the number is shown once, and the record says who asked."""
    watch.expect("422")
    place.as_(page, "Dr Jay")
    records = page.request.get(f"{place.url}/shared/Y99001/records.csv?purpose=direct_care")
    pseudonym = re.search(r"p[a-z2-7]{26}", records.text()).group()
    page.goto(f"{place.url}/own/")
    page.get_by_role("link", name="Find whose record it is").click()
    assert_accessible(page)
    page.get_by_label("Pseudonym").fill("999 000 0018")
    page.get_by_label("Why do you need to know").fill(REASON)
    page.get_by_role("button", name="Find the patient").click()
    expect(page.get_by_role("alert")).to_contain_text("Copy it from the record, whole")
    page.get_by_label("Pseudonym").fill(pseudonym)
    page.get_by_role("button", name="Find the patient").click()
    expect(page.get_by_role("status")).to_contain_text(re.compile(r"999 \d{3} \d{4}"))
    assert_accessible(page)
    # Whoever goes back to it later finds that the browser has kept nothing.
    page.goto(f"{place.url}/own/")
    with pytest.raises(Error, match="CACHE_MISS"):
        page.go_back()
    administrator = another("Robin Wren")
    administrator.goto(f"{place.url}/organisation/record/")
    expect(administrator.locator("tbody")).to_contain_text(f"Dr Jay found out whose record {pseudonym} is: {REASON}")


def test_how_long_a_new_key_and_leaving(page: Page, place: Place, watch):  # noqa: F811
    watch.expect("422")
    place.as_(page, "Robin Wren")
    page.goto(f"{place.url}/own/keeping/")
    page.get_by_label("For how many months").fill("2")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_contain_text("from 3 to 120")
    page.get_by_label("For how many months").fill("24")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("main")).to_contain_text("24 months")
    page.goto(f"{place.url}/own/key/")
    page.get_by_label("I know that pseudonyms").check()
    page.get_by_role("button", name="Change the key").click()
    expect(page.get_by_role("status")).to_contain_text("The key has been changed")
    page.goto(f"{place.url}/own/leave/")
    page.get_by_label("Type the name").fill("Queens Park Surgery")
    page.get_by_role("button", name="Delete everything").click()
    expect(page.get_by_role("status")).to_contain_text("are deleted")
    page.goto(f"{place.url}/own/")
    expect(page.get_by_role("heading", name="Nothing of your own is loaded yet")).to_be_visible()
    assert not (place.home / "own" / "Y99001").exists()
