"""`openpractice fetch` against a server of our own that serves pages like the publisher's. No outside connection."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from openpractice.fetch import publications
from openpractice.fetch.links import newest_edition

SERIES = "/data-and-information/publications/statistical/patients-registered-at-a-gp-practice"
INDEX = f"""<!DOCTYPE html><html><head><title>Patients Registered at a GP Practice - NHS England Digital</title></head><body>
<nav><a href="/">Home</a> <a href="#section">Skip</a></nav><h2>Latest statistics</h2>
<ul><li><a class="cta__button" href="{SERIES}/december-2025">Patients Registered at a GP Practice,
  <span>December 2025</span></a></li>
<li><a href="{SERIES}/february-2026/">Patients Registered at a GP Practice, February 2026</a></li>
<li><a href="{SERIES}/january-2026">Patients Registered at a GP Practice, January 2026</a></li>
<li><a href="{SERIES}/data-quality-statement">Data quality statement</a></li></ul></body></html>"""
EDITION = """<html><body><h3>Resources</h3>
<a href="/files/AB/12CD34/gp-reg-pat-prac-sing-age-female.csv">Single year of age, female</a>
<a href="/files/AB/12CD34/gp-reg-pat-prac-all.csv">Totals (GP practice-all persons)
  <span>CSV, 600 KB</span></a></body></html>"""
FILE = "/files/AB/12CD34/gp-reg-pat-prac-all.csv"


class Site(ThreadingHTTPServer):
    """Address → (status, headers, body), and a list of what was asked for."""

    def __init__(self, pages):
        super().__init__(("127.0.0.1", 0), Answers)
        self.pages, self.asked = pages, []
        self.base = f"http://127.0.0.1:{self.server_address[1]}"


class Answers(BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.asked.append(self.path)
        status, headers, body = self.server.pages.get(self.path, (404, {}, b"Page not found"))
        self.send_response(status)
        for name, value in ({"Content-Length": str(len(body))} | headers).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@pytest.fixture
def site(small, tmp_path, monkeypatch):
    """A site with three editions; tests break it as they need."""
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"):
        monkeypatch.delenv(name, raising=False)
    data = small.patients(tmp_path / "served.csv", "2026-02", {"Y99001": 9000, "Y99002": 8000}).read_bytes()
    html = {"Content-Type": "text/html; charset=utf-8"}
    pages = {
        SERIES: (200, html, INDEX.encode()),
        f"{SERIES}/february-2026/": (200, html, EDITION.encode()),
        FILE: (200, {"Content-Type": "text/csv"}, data),
    }
    with Site(pages) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def fetch(openpractice, site):
    def run(*arguments):
        return openpractice("fetch", "registered-patients", "--base-url", site.base, *arguments)

    return run


@pytest.fixture
def downloads(tmp_path):
    def listed():
        return sorted(str(p.relative_to(tmp_path / "home" / "downloads")) for p in (tmp_path / "home").rglob("*.csv*"))

    return listed


def test_the_newest_edition_is_downloaded_and_loaded(fetch, downloads, openpractice):
    ran = fetch("--json")
    assert (ran.code, ran.err) == (0, "")
    answer = json.loads(ran.out)
    assert [d["edition"] for d in answer["downloads"]] == ["2026-02"]
    assert answer["files"][0]["status"] == "loaded"
    assert answer["files"][0]["rows_kept"] == 2
    assert downloads() == ["registered-patients/2026-02/gp-reg-pat-prac-all.csv"]
    assert json.loads(openpractice("measure", "list_size", "--area", "Y99001", "--json").out)[0]["value"] == 9000


def test_what_is_here_is_not_downloaded_again_unless_asked(fetch, site):
    fetch("--no-ingest")
    assert site.asked.count(FILE) == 1
    again = fetch("--no-ingest")
    assert again.code == 0
    assert "here already" in again.out
    assert site.asked.count(FILE) == 1
    fetch("--no-ingest", "--again")
    assert site.asked.count(FILE) == 2


def test_a_publication_may_be_named_by_its_format_or_not_at_all(openpractice, site):
    assert openpractice("fetch", "registered_patients", "--base-url", site.base, "--no-ingest").code == 0
    everything = openpractice("fetch", "--base-url", site.base, "--no-ingest")
    assert everything.code == 2  # the others are not served
    assert "registered-patients" in everything.out
    assert "answered 404" in everything.err
    unknown = openpractice("fetch", "weather")
    assert unknown.code == 2
    assert "registered-patients" in unknown.err


def test_a_page_that_is_gone_is_said_with_what_to_do(fetch, site):
    del site.pages[SERIES]
    ran = fetch()
    assert ran.code == 2
    assert "answered 404" in ran.err
    assert "download the file yourself from https://digital.nhs.uk/" in ran.err
    assert "openpractice ingest" in ran.err


@pytest.mark.parametrize(
    ("address", "body", "missing"),
    [
        (SERIES, b"<a href='/about'>About</a>", "no edition"),
        (f"{SERIES}/february-2026/", b"<p>Moved</p>", "no data file"),
    ],
)
def test_a_page_that_has_changed_is_said(fetch, site, address, body, missing):
    site.pages[address] = (200, {}, body)
    ran = fetch()
    assert ran.code == 2
    assert missing in ran.err
    assert "may have changed" in ran.err


def test_a_truncated_download_leaves_nothing(fetch, site, downloads):
    status, headers, data = site.pages[FILE]
    site.pages[FILE] = (status, headers | {"Content-Length": str(len(data) + 1000)}, data)
    ran = fetch()
    assert ran.code == 2
    assert f"broke off after {len(data)} of {len(data) + 1000:,} bytes" in ran.err
    assert downloads() == []


def test_a_redirect_loop_ends(fetch, site):
    site.pages[SERIES] = (302, {"Location": SERIES}, b"")
    ran = fetch()
    assert ran.code == 2
    assert "round in circles" in ran.err


def test_a_redirect_to_somebody_else_is_not_followed_into_the_store(fetch, site):
    with Site({"/elsewhere.csv": (200, {}, b"a,b\n1,2\n")}) as other:
        thread = threading.Thread(target=other.serve_forever, args=(0.01,))
        thread.start()
        site.pages[FILE] = (302, {"Location": f"http://localhost:{other.server_address[1]}/elsewhere.csv"}, b"")
        ran = fetch()
        other.shutdown()
        thread.join()
    assert ran.code == 2
    assert "does not belong to the publisher" in ran.err


def test_a_file_that_is_too_large_is_not_kept(fetch, site, downloads):
    site.pages[FILE] = (200, {}, b"x" * (2 * 1024**2))
    ran = fetch("--largest", "1")
    assert ran.code == 2
    assert "larger than 1 MB" in ran.err
    assert downloads() == []


def test_no_connection_is_said_in_words(openpractice, site):
    site.server_close()
    ran = openpractice("fetch", "telephony", "--base-url", site.base)
    assert ran.code == 2
    assert ran.err.startswith("openpractice: Could not reach")
    assert "Check the connection" in ran.err
    assert "Traceback" not in ran.err


def test_the_list_names_every_publication_and_its_page(openpractice):
    listed = json.loads(openpractice("fetch", "--list", "--json").out)
    assert [entry["name"] for entry in listed] == list(publications())
    assert all(entry["page"].startswith("https://digital.nhs.uk/") for entry in listed)


def test_every_publication_is_a_format_that_is_read():
    from openpractice.sources import catalogue

    assert {p.source for p in publications().values()} <= set(catalogue())


@pytest.mark.parametrize(
    "name", ["registered-patients", "appointments", "telephony", "online-consultations", "workforce"]
)
def test_the_newest_month_is_found_whatever_the_order(name):
    publication = publications()[name]
    path = publication.page.removeprefix("https://digital.nhs.uk")
    html = "".join(
        f'<a href="{path}/{month}">x</a>' for month in ("march-2025", "november-2025", "february-2026", "january-2026")
    )
    month, address = newest_edition(html, publication.page, publication.edition)
    assert (month, address) == ("2026-02", f"{publication.page}/february-2026")
