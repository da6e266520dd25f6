"""What was made once is not made again, and takes a bounded place."""

import re
from urllib.parse import urlencode

import pytest

from openpractice.web.explore.kept import Kept

ICB = "/areas/QHM/"
PAGE = {"body": "x" * 1000}


@pytest.fixture
def made(explored_home):
    """How many pages and reports the server has made since it was started: each leaves a file."""
    return lambda: sum(1 for file in (explored_home / "cache").glob("*/*") if file.is_file())


def words(answer) -> str:
    """A page without what is new in every frame."""
    assert answer.status == 200
    return re.sub(r'nonce="[^"]*"', "", answer.body.decode())


@pytest.mark.parametrize(
    ("one", "same"),
    [
        (ICB, f"{ICB}?utm_source=x"),
        (ICB, f"{ICB}?foo=1&of=&q=2"),
        (f"{ICB}?of=pcn&sort=name", f"{ICB}?sort=name&foo=1&of=pcn"),
        ("/areas/A81002/compare/?without=imd&without=list_size", "/areas/A81002/compare/?without=list_size&k=&without=imd"),
        ("/search?q=stockton+on", "/search?q=++stockton%09on%00"),
        (f"/search?{urlencode({'q': 'y' * 100})}", f"/search?{urlencode({'q': 'y' * 3000})}"),
    ],
)  # fmt: skip
def test_what_a_page_does_not_read_makes_no_other_page(ask, made, one, same):
    first = words(ask(one))
    before = made()
    assert words(ask(same)) == first
    assert made() == before


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (ICB, f"{ICB}?of=pcn"),
        (ICB, f"{ICB}?page=2"),
        ("/areas/A81002/compare/", "/areas/A81002/compare/?without=list_size"),
        ("/calls/", "/calls/?each=band"),
        ("/measures/", "/measures/?q=calls"),
        ("/areas/ENG/measures/calls_missed/", "/areas/ENG/measures/calls_missed/?from=2025-06"),
    ],
)
def test_what_a_page_reads_makes_another_page(ask, one, other):
    assert words(ask(one)) != words(ask(other))


@pytest.mark.parametrize("kind", ["pdf", "html", "xlsx"])
def test_a_report_is_made_once_however_its_address_is_written(ask, made, kind):
    first = ask(f"/areas/A81002/report.{kind}")
    assert first.headers["Content-Disposition"] == f'attachment; filename="openpractice-A81002.{kind}"'
    assert len(first.body) > 5000
    before = made()
    assert ask(f"/areas/a81002/report.{kind}?foo=1").body == first.body
    assert made() == before


def test_a_practice_offers_its_report(ask):
    offered = re.findall(r'href="([^"]+report\.[a-z]+)" download', words(ask("/areas/A81002/")))
    assert offered == [f"/areas/A81002/report.{kind}" for kind in ("pdf", "xlsx", "html")]


def test_the_next_process_finds_what_this_one_made(tmp_path):
    Kept().put(tmp_path, "1", "/", PAGE)
    assert Kept().of(tmp_path, "1", "/", lambda: pytest.fail("made again")) == PAGE
    assert Kept().get(tmp_path, "2", "/") is None


def test_the_longest_unused_leaves_memory_first(tmp_path):
    nowhere = tmp_path / "file"
    nowhere.touch()  # so that nothing can be kept on disk
    kept = Kept(memory=5000)  # two pages and what goes with them
    for address in ("/a", "/b"):
        kept.put(nowhere, "1", address, PAGE)
    kept.get(nowhere, "1", "/a")
    kept.put(nowhere, "1", "/c", PAGE)
    assert [kept.get(nowhere, "1", address) for address in ("/a", "/b", "/c")] == [PAGE, None, PAGE]


def test_the_disk_holds_one_version_and_no_more_than_it_may(tmp_path):
    Kept().put(tmp_path, "1", "/", PAGE)
    kept = Kept(disk=100)
    for number in range(9):
        kept.put(tmp_path, "2", f"/{number}", PAGE)
    assert [folder.name for folder in (tmp_path / "cache").iterdir()] == ["2"]
    assert sum(file.stat().st_size for file in (tmp_path / "cache" / "2").iterdir()) < 200


def test_a_spoilt_file_is_made_again(tmp_path):
    Kept().put(tmp_path, "1", "/", PAGE)
    for file in (tmp_path / "cache" / "1").iterdir():
        file.write_bytes(b"half a pa")
    assert Kept().of(tmp_path, "1", "/", lambda: {"body": "anew"}) == {"body": "anew"}
