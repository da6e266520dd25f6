"""The demonstration as `openpractice demo` starts it, worker included: every made-up person opens all that is theirs."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from openpractice.web.demo.people import PEOPLE
from tests.databases import environment_of
from tests.web.conftest import REPOSITORY

IMAGES = REPOSITORY / "docs" / "images"
LOOKED = pytest.StashKey[Counter]()
READING = 120  # seconds until the worker has read both books, on a busy machine
# name: (whose page, address, what is pictured)
PICTURES = {
    "you": ("Robin Willow", "/you/", ""),
    "own": ("Robin Willow", "/own/", ""),
    "agreement": ("Robin Willow", "/agreements/", ""),
    "shared": ("Merlin Oak", "/shared/A81002/", ""),
    "record": ("Robin Willow", "/organisation/record/", ""),
    "uploads": ("Robin Willow", "/uploads/", ""),
}


@pytest.fixture(scope="module")
def demonstration(sample_home, tmp_path_factory) -> Iterator[str]:
    """The address of a demonstration whose worker has read what its practices hold."""
    home = Path(shutil.copytree(sample_home, tmp_path_factory.mktemp("whole") / "home", copy_function=os.link))
    (home / "demo").touch()
    command = [sys.executable, "-W", "error", "-m", "openpractice", "--home", str(home), "serve", "--port", "0"]
    log = home / "server.log"
    with log.open("w") as errors:
        server = subprocess.Popen(
            command, cwd=REPOSITORY, env={**os.environ, **environment_of(home)}, stdout=subprocess.PIPE, stderr=errors,
            text=True,
        )  # fmt: skip
    try:
        line = server.stdout.readline()
        assert line, log.read_text()
        yield next(word for word in line.split() if word.startswith("http")).rstrip("/")
    finally:
        server.terminate()
        server.communicate(timeout=30)


@pytest.fixture
def be(page: Page, demonstration) -> Callable[[str], None]:
    """Signs in as one of the made-up people, with one click."""

    def click(name: str) -> None:
        page.goto(f"{demonstration}/demo/")
        page.get_by_role("button", name=f"Be {name}").first.click()
        page.wait_for_url("**/you/")

    return click


@pytest.fixture
def read(page: Page, be, demonstration) -> SimpleNamespace:
    """The books are read: a start does not wait for the worker, and these tests do."""
    be("Robin Willow")
    until = time.monotonic() + READING
    while True:
        page.goto(f"{demonstration}/own/")
        if page.get_by_role("link", name="Missed appointments in the practice's own book").count():
            break
        assert time.monotonic() < until, page.locator("main").inner_text()
        page.wait_for_timeout(500)
    page.context.clear_cookies()
    return SimpleNamespace(url=demonstration)


@pytest.mark.timeout(300)
@pytest.mark.parametrize("name", [name for name, _ in PEOPLE])
def test_everybody_opens_what_is_theirs(page, request, be, read, assert_accessible, name):
    """All that the page of what one can do leads to, and all that these pages lead to, has an answer and no barrier."""
    be(name)
    looked = request.config.stash.setdefault(LOOKED, Counter())
    parts = [link.get_attribute("href") for link in page.locator(".op-card__name a").all()]
    assert parts
    seen = {"/you/"}
    for path in parts:
        answer = page.goto(read.url + path)
        assert answer.status == 200, path
        looked[path] += 1
        if looked[path] <= 2:  # as two people with other rights see it
            assert_accessible(page)
        seen.add(path)
    for path in parts:
        page.goto(read.url + path)
        found = {urlsplit(link.get_attribute("href")).path for link in page.locator("main a[href^='/']").all()}
        for further in sorted(found - seen)[:6]:
            seen.add(further)
            answer = page.request.get(read.url + further)
            assert answer.status == 200, f"{path} leads to {further}, which answers {answer.status}"


@pytest.mark.parametrize("name", PICTURES)
def test_pictures_for_the_guide(page, be, read, tmp_path, name):
    folder = IMAGES if os.environ.get("OPENPRACTICE_SCREENSHOTS") == "1" else tmp_path
    person, path, part = PICTURES[name]
    be(person)
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(read.url + path)
    expect(page.locator("h1")).to_be_visible()
    (page.locator(part) if part else page).screenshot(path=folder / f"{name}.png")
    assert (folder / f"{name}.png").stat().st_size > 10_000
