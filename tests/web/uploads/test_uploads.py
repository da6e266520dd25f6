"""Files brought in the browser: dragged, chosen, followed, stopped, and told of, with scripts and without."""

from __future__ import annotations

import base64
import os
import re
import signal
import time
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.integration.own.books import USUAL, write
from tests.integration.uploads.desk import SOURCES, children, is_running, paused_child, waited_for

PAYMENTS = SOURCES / "payments_22-23.csv"
SOON = 40_000  # milliseconds, within which a small file is read also where two cores are shared by many
# News of a row comes while the answer to its button is awaited, and replaces the button.
NEWS = """() => {
  const ask = window.fetch;
  window.fetch = (address, asked) => {
    if (asked.method === "POST") document.querySelectorAll("li.op-upload").forEach(row => { row.innerHTML += ""; });
    return ask(address, asked);
  };
}"""
DROP = """([name, content]) => {
  const data = new DataTransfer();
  data.items.add(new File([Uint8Array.from(atob(content), one => one.charCodeAt(0))], name));
  for (const kind of ["dragenter", "dragover", "drop"])
    document.getElementById("bring").dispatchEvent(new DragEvent(kind, {dataTransfer: data, bubbles: true, cancelable: true}));
}"""


def drop(page: Page, path: Path) -> None:
    page.evaluate(DROP, [path.name, base64.b64encode(path.read_bytes()).decode()])


def row(page: Page, name: str):
    return page.locator("li.op-upload", has=page.get_by_role("heading", name=name, exact=True))


def state(page: Page, name: str):
    return row(page, name).locator(".op-upload__state")


def worker_of(place) -> int:
    """The worker that the server keeps beside itself."""
    [pid] = waited_for(lambda: children_of_any_thread(place.server.pid))
    return pid


def children_of_any_thread(pid: int) -> list[int]:
    return [int(one) for path in Path(f"/proc/{pid}/task").glob("*/children") for one in path.read_text().split()]


def test_a_published_file_is_dragged_and_told_of(page: Page, place, sign_in, assert_accessible):
    sign_in("Merlin Oak")
    page.goto(f"{place.url}/uploads/")
    expect(page.get_by_role("heading", name="Nothing was uploaded yet")).to_be_visible()
    assert_accessible(page)
    drop(page, PAYMENTS)
    page.get_by_label("Choose files").set_input_files(SOURCES / "not_for_us_roles.csv")
    expect(page.get_by_role("heading", name="Nothing was uploaded yet")).to_have_count(0)
    expect(state(page, PAYMENTS.name)).to_have_text("Loaded", timeout=SOON)
    expect(row(page, PAYMENTS.name)).to_contain_text("11 rows kept, 7 refused. March 2023.")
    expect(state(page, "not_for_us_roles.csv")).to_have_text("Refused", timeout=SOON)
    expect(page.get_by_role("status")).to_contain_text(re.compile("(Loaded|Refused)[.]"))  # whichever ended last
    expect(page.get_by_role("progressbar")).to_have_count(0)
    assert_accessible(page)
    page.get_by_role("link", name=PAYMENTS.name).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(PAYMENTS.name)
    expect(page.locator("dl.op-account-of-rows")).to_have_text(re.compile(r"Rows read\s*18\s*Kept\s*11\s*Refused\s*7"))
    refused = page.get_by_role("row", name=re.compile("no weighted patients"))
    expect(refused).to_contain_text("LAGAN SURGERY")
    expect(page.get_by_text("Was deleted here.")).to_be_visible()
    assert_accessible(page)
    page.goto(f"{place.url}/data/")
    expect(page.get_by_role("link", name=PAYMENTS.name).first).to_be_visible()


def test_progress_is_shown_while_a_file_is_read_and_it_can_be_stopped(page: Page, place, sign_in, assert_accessible):
    sign_in("Merlin Oak")
    page.goto(f"{place.url}/uploads/")
    expect(page.get_by_label("Choose files")).to_be_attached()
    worker = worker_of(place)
    drop(page, PAYMENTS)
    child = paused_child(worker)
    expect(state(page, PAYMENTS.name)).to_have_text("Being read", timeout=SOON)
    expect(page.get_by_role("progressbar", name=f"Reading {PAYMENTS.name}")).to_be_visible()
    assert_accessible(page)
    button = row(page, PAYMENTS.name).get_by_role("button", name=f"Cancel {PAYMENTS.name}")
    page.evaluate(NEWS)
    button.focus()
    page.keyboard.press("Enter")
    expect(state(page, PAYMENTS.name)).to_have_text("Cancelled", timeout=SOON)
    expect(row(page, PAYMENTS.name)).to_contain_text("nothing of it was loaded")
    assert not is_running(child)
    assert not (place.home / "catalogue.sqlite").exists() or not list((place.home / "facts").rglob("*.parquet"))
    assert list(place.home.rglob("arrived/*/*")) == []


def test_a_worker_that_is_killed_is_started_again_and_reads_to_the_end(page: Page, place, sign_in):
    sign_in("Merlin Oak")
    page.goto(f"{place.url}/uploads/")
    worker = worker_of(place)
    drop(page, PAYMENTS)
    child = paused_child(worker)
    expect(state(page, PAYMENTS.name)).to_have_text("Being read", timeout=SOON)
    os.kill(worker, signal.SIGKILL)
    os.kill(child, signal.SIGCONT)
    waited_for(lambda: not is_running(child))
    assert waited_for(lambda: [pid for pid in children_of_any_thread(place.server.pid) if pid != worker])
    expect(state(page, PAYMENTS.name)).to_have_text("Loaded", timeout=2 * SOON)
    expect(row(page, PAYMENTS.name)).to_contain_text("11 rows kept, 7 refused")


def test_the_worker_ends_with_its_server_also_when_that_is_killed(page: Page, place, sign_in):
    worker = worker_of(place)
    place.server.send_signal(signal.SIGKILL)
    waited_for(lambda: not is_running(worker))


def test_what_a_practice_brings_is_its_own(page: Page, place, sign_in, watch, tmp_path_factory, assert_accessible):
    book = write(tmp_path_factory.mktemp("book") / "book.csv", {"2026-02": USUAL}, "Y99001")
    sign_in("Robin Willow")
    page.goto(f"{place.url}/uploads/")
    expect(page.get_by_text("NHS numbers are replaced on the way in")).to_be_visible()
    drop(page, book)
    expect(state(page, "book.csv")).to_have_text("Loaded", timeout=SOON)
    expect(row(page, "book.csv")).to_contain_text("145 rows kept, none refused. February 2026.")
    page.get_by_role("link", name="book.csv").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("book.csv")
    assert_accessible(page)
    address = page.url
    assert (place.home / "own" / "Y99001" / "catalogue.sqlite").exists()
    assert not (place.home / "catalogue.sqlite").exists()
    sign_in("Linnet Ash")
    watch.expect("404")
    page.goto(address)
    expect(page.get_by_role("heading", level=1)).to_have_text("Page not found")
    page.goto(f"{place.url}/uploads/")
    expect(page.get_by_text("book.csv")).to_have_count(0)


def test_what_is_too_large_is_not_even_sent(page: Page, place, sign_in, tmp_path_factory):
    large = tmp_path_factory.mktemp("large") / "book.csv"
    large.write_bytes(b"a,b\n" * 8_000_000)
    sign_in("Robin Willow")
    page.goto(f"{place.url}/uploads/")
    page.get_by_label("Choose files").set_input_files(large)
    expect(row(page, "book.csv")).to_contain_text("is larger than 30 MB")
    row(page, "book.csv").get_by_role("button", name="Remove from this list").click()
    expect(row(page, "book.csv")).to_have_count(0)


def test_a_name_is_only_a_name(page: Page, place, sign_in, tmp_path_factory):
    odd = tmp_path_factory.mktemp("odd") / "<img src=x onerror=alert(1)>.csv"
    odd.write_text("a,b\n1,2\n")
    sign_in("Robin Willow")
    page.goto(f"{place.url}/uploads/")
    page.get_by_label("Choose files").set_input_files(odd)
    expect(state(page, odd.name)).to_have_text("Refused", timeout=SOON)
    expect(page.get_by_role("link", name=odd.name)).to_be_visible()


def test_without_scripts_a_form_does_the_same(browser, place):
    context = browser.new_context(java_script_enabled=False)
    context.add_cookies([{"name": "openpractice", "value": place.sessions["Merlin Oak"], "url": place.url}])
    page = context.new_page()
    page.goto(f"{place.url}/uploads/")
    page.get_by_role("button", name="Upload").click()
    expect(page.get_by_role("alert")).to_contain_text("Choose at least one file")
    page.get_by_label("Choose files").set_input_files([PAYMENTS, SOURCES / "gpad_daily.csv"])
    page.get_by_role("button", name="Upload").click()
    expect(page.locator("li.op-upload")).to_have_count(2)
    until = time.monotonic() + 2 * SOON / 1000  # one file is read after the other
    while (link := page.get_by_role("link", name="See how far they are")).count() and time.monotonic() < until:
        page.wait_for_timeout(500)  # a page asked without pause takes from the worker what it waits for
        link.click()
    expect(page.locator(".op-upload__state")).to_have_text(["Loaded", "Loaded"])
    context.close()
    assert children(worker_of(place)) == []
