"""Every page there is: followed from the first one as a visitor would, read by a browser, and pictured for the guide."""

import os
import re
from collections import Counter, deque
from html import unescape
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
from playwright.sync_api import expect

PRACTICE, ICB = "A81002", "QHM"
IMAGES = Path(__file__).parents[2] / "docs" / "images"
MOST = 6  # pages of a kind, besides those that are asked for by name
MOST_FILES = 2

# One of each kind of page, for the browser.
PAGES = {
    "home": "/",
    "search": "/search?q=stockton",
    "practice": f"/areas/{PRACTICE}/",
    "icb": f"/areas/{ICB}/",
    "england": "/areas/ENG/",
    "measure": f"/areas/{PRACTICE}/measures/calls_missed/",
    "compare": "/compare/",
    "comparison": f"/areas/{PRACTICE}/compare/",
    "icb-comparison": f"/areas/{ICB}/compare/",
    "calls": "/calls/",
    "measures": "/measures/",
    "definition": "/measures/calls_missed/",
    "data": "/data/",
    "data-file": "/data/files/1/",
    "glossary": "/glossary/",
    "accessibility": "/accessibility/",
}
WORDS_ONLY = {"glossary", "accessibility"}  # these rest on no facts, so they are drawn for each visitor
# name: (address, what is pictured). Nothing but the page itself where no part is named.
PICTURES = {
    "home": ("/", ""),
    "practice": (f"/areas/{PRACTICE}/", ""),
    "measure": (f"/areas/{PRACTICE}/measures/calls_answered/", ""),
    "alike": (f"/areas/{PRACTICE}/compare/", ""),
    "spine": (f"/areas/{PRACTICE}/compare/", "#spine"),
    "calls": ("/calls/", ""),
    "network": (f"/areas/{ICB}/", "#lines"),
    "catalogue": ("/measures/", ""),
    "definition": ("/measures/dna_rate/", "section:has(> #family)"),
}


def kind(path: str) -> str:
    """The address with its particulars taken out: pages of one kind are drawn by one view."""
    path = re.sub(r"^/areas/[^/]+/", "/areas/<code>/", path)
    path = re.sub(r"/measures/[a-z0-9_]+", "/measures/<name>", path)
    return re.sub(r"/files/\d+/", "/files/<number>/", path)


def links(address: str, body: str) -> set[str]:
    """Where a page leads on this site: links, pictures, styles, scripts and the charts a browser fetches."""
    found = re.findall(r"""(?:href|src|data-vega|action)="([^"#]+)""", body)
    absolute = (urljoin(address, unescape(one)) for one in found)
    return {
        urlsplit(one)._replace(fragment="").geturl() for one in absolute if one.startswith(("http://127.0.0.1", "/"))
    }


def page_of(ask, path: str):
    answer = ask(path)
    assert answer.status == 200, f"{path} answers {answer.status}"
    return answer


def check(path: str, body: str) -> None:
    assert len(re.findall(r"<h1[ >]", body)) == 1, path
    assert re.search(r"<title>\s*\S", body), path
    assert not re.search(r"""(?:src|srcset|data-vega)="https?://(?!127\.0\.0\.1)""", body), path
    ids = Counter(re.findall(r"""\sid="([^"]+)""", body))
    assert not [one for one, count in ids.items() if count > 1], path


@pytest.fixture(scope="module")
def crawled(explored, get) -> dict[str, list[str]]:
    """Kind of address → the addresses visited, by way of links alone, some of each kind."""
    seen: dict[str, list[str]] = {}
    waiting, known = deque(["/"]), {"/"}
    while waiting:
        path = waiting.popleft()
        one = kind(urlsplit(path).path)
        of_kind = seen.setdefault(one, [])
        if len(of_kind) >= (MOST_FILES if "." in one.rsplit("/", 1)[-1] else MOST):
            continue
        of_kind.append(path)
        answer = get(explored + path)
        assert answer.status == 200, f"{path} answers {answer.status}"
        if not answer.headers["Content-Type"].startswith("text/html"):
            continue
        body = answer.body.decode()
        check(path, body)
        for found in sorted(links(answer.url, body)):
            on = found.removeprefix(explored)
            if on not in known:
                known.add(on)
                waiting.append(on)
    return seen


def test_every_link_from_the_first_page_leads_somewhere(crawled):
    """The crawl itself asks every address; here it must have come to every kind of page."""
    pages = {kind(urlsplit(path).path) for path in PAGES.values()}
    assert pages <= set(crawled), pages - set(crawled)
    for ending in (".csv", ".png", ".svg", ".vega.json"):
        assert any(one.endswith(ending) for one in crawled), ending


def test_every_practice_of_one_network_has_its_pages(ask, sample_store):
    from openpractice.analysis import places

    network = places.area(sample_store, places.area(sample_store, PRACTICE).pcn)
    members = places.members(sample_store, network, "practice")
    assert len(members) > 2
    for area in [network, *members]:
        for path in (f"/areas/{area.code}/", f"/areas/{area.code}/compare/"):
            check(path, page_of(ask, path).body.decode())


def test_every_measure_of_one_practice_has_its_page(ask, sample_store):
    from openpractice.analysis import answers

    names = list(answers.history(sample_store, PRACTICE))
    assert len(names) > 20
    for name in names:
        path = f"/areas/{PRACTICE}/measures/{name}/"
        check(path, page_of(ask, path).body.decode())


@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES)
def test_everybody_can_read_it(page, explored, assert_accessible, path):
    page.goto(explored + path)
    expect(page.locator("h1")).to_have_count(1)
    assert_accessible(page)


@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES)
def test_it_is_whole_without_javascript(browser, explored, path):
    context = browser.new_context(java_script_enabled=False, viewport={"width": 1280, "height": 900})
    page = context.new_page()
    answer = page.goto(explored + path)
    assert answer.status == 200
    expect(page.locator("h1")).to_be_visible()
    for picture in page.locator(".op-chart--wide svg").all()[:3]:
        expect(picture).to_be_visible()
    for summary in page.locator("main summary").all()[:3]:
        summary.click()
        assert summary.evaluate("one => one.parentElement.open")
    context.close()


@pytest.mark.parametrize("name", sorted(set(PAGES) - WORDS_ONLY))
def test_a_page_that_has_not_changed_is_not_sent_again(ask, name):
    path = PAGES[name]
    first = ask(path)
    again = ask(path, **{"If-None-Match": first.headers["ETag"]})
    assert (again.status, again.body) == (304, b"")
    assert "Content-Security-Policy" not in again.headers  # it would name a nonce that the kept page has not


@pytest.mark.parametrize("name", PICTURES)
def test_pictures_for_the_guide(page, explored, tmp_path, name):
    folder = IMAGES if os.environ.get("OPENPRACTICE_SCREENSHOTS") == "1" else tmp_path
    path, part = PICTURES[name]
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(explored + path)
    file = folder / f"{name}.png"
    if part:
        page.locator(part).scroll_into_view_if_needed()
        if page.locator(f"{part} .op-chart--wide").count():  # the browser draws it when it comes into sight
            expect(page.locator(f"{part} .op-chart--wide svg.marks")).to_be_visible()
        page.locator(part).screenshot(path=file)
    else:
        page.wait_for_load_state("networkidle")
        page.screenshot(path=file)
    assert file.stat().st_size > 10_000
