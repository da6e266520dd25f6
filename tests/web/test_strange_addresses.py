"""Whatever stands in an address, the answer is a page with words, and never a fault of ours."""

import re
from urllib.parse import quote, urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from playwright.sync_api import expect

from openpractice.web.explore.urls import urlpatterns

ROUTES = [pattern.pattern._route for pattern in urlpatterns]
# What each part of an address may be in earnest, so that strange company also comes to a page that exists.
EARNEST = {
    "code": ["A81002", "QHM", "ENG"],
    "name": ["calls_missed", "list_size"],
    "picture": ["spc", "funnel", "matrix", "week", "likeness", "england"],
    "kind": ["csv", "svg", "vega.json", "html"],
    "number": ["1"],
    "of": ["pcn", "online"], "sort": ["patients"], "order": ["down"], "page": ["2"], "measure": ["calls_missed"],
    "k": ["50"], "without": ["list_size"], "from": ["2025-06"], "rebase": ["2025-06"], "by": ["weekday"],
    "month": ["2026-01"], "each": ["band"], "q": ["stockton"], "topic": ["Telephony"], "practice": ["queens"],
    "chart": ["ribbon"], "size": ["narrow"],
}  # fmt: skip
STRANGE = [
    "", "0", "-1", "99999", "9" * 30, "1e9", "²", "٣", "NaN", "2026-13", "0000-01", "9999-12", "2026-2", "\0", "A81002\0",
    "a81002 ", "'", '"><script>', "%", "%s", "_", "../..", "a/b", "?x=y#z", "\n", "\u202e", "x" * 3000,
]  # fmt: skip
PARAMETERS = sorted(EARNEST.keys() - {"code", "name", "picture", "kind", "number"})


def value(name: str) -> st.SearchStrategy[str]:
    return st.sampled_from(EARNEST[name]) | st.sampled_from(STRANGE) | st.text(max_size=20)


parameters = st.lists(
    st.sampled_from(PARAMETERS).flatmap(lambda name: st.tuples(st.just(name), value(name))), max_size=4
)


@pytest.mark.parametrize("route", ROUTES)
def test_no_address_breaks_the_site(ask, route):
    @settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(st.data())
    def check(data):
        path = re.sub(r"<\w+:(\w+)>", lambda part: quote(data.draw(value(part[1])), safe=""), route)
        answer = ask(f"/{path}?{urlencode(data.draw(parameters))}")
        assert answer.status in (200, 400, 404)
        if answer.headers["Content-Type"].startswith("text/html") and "Content-Disposition" not in answer.headers:
            assert answer.body.count(b"<h1") == 1
            assert b'id=""' not in answer.body

    check()


def test_thousands_of_parameters_are_refused_in_words(ask):
    answer = ask("/areas/QHM/?" + "&".join(f"a{number}=1" for number in range(2000)))
    assert answer.status == 400
    assert b"could not understand" in answer.body


def test_the_charts_of_a_page_beyond_the_last_can_be_taken_away(ask):
    body = ask("/areas/QHM/?page=99").body.decode()
    file = re.search(r'href="(/areas/QHM/matrix\.csv[^"]*)"', body)[1]
    assert ask(file).status == 200


def test_a_chart_that_would_begin_too_late_is_replaced_by_words(ask):
    body = ask("/areas/ENG/measures/calls_missed/?from=9999-12").body
    assert b"No chart begins so late" in body
    assert b"Choose an earlier first month" in body


@pytest.mark.parametrize("path", ["areas/qhm/?of=pcn", "areas/QHM%20/?of=pcn", "areas/qhm/compare/?k=10"])
def test_another_way_to_write_a_code_leads_on_with_what_was_asked(ask, path):
    answer = ask(f"/{path}")
    assert answer.status == 200
    assert "/areas/QHM/" in answer.url
    assert answer.url.endswith(path.partition("?")[2])


@pytest.mark.parametrize("path", ["/search?q={}", "/areas/{}/", "/measures/?q={}", "/compare/?practice={}"])
def test_a_long_word_does_not_push_the_page_sideways(page, explored, watch, path):
    watch.expect("status of 404")
    page.set_viewport_size({"width": 320, "height": 800})
    page.goto(explored + path.format("m" * 200))
    expect(page.locator("h1")).to_have_count(1)
    assert page.evaluate("document.documentElement.scrollWidth") == 320
