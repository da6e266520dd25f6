"""The store keeps its word: killed at any moment, written by two at once, read while written, loaded in any order.

Everything here runs the program as processes of its own, as a person or a timer would.
"""

from __future__ import annotations

import random
import shutil
import signal
import time
from pathlib import Path

import pytest

from openpractice.analysis import answers
from openpractice.store import Store

pytestmark = pytest.mark.timeout(900)

MONTHS = [f"2025-{month:02d}" for month in range(1, 9)]
KILLS = 12


def calls(n: int) -> dict[str, tuple[int, int, int, int, int]]:
    return {"Y99001": (6000 + n, 3900, 1400, 240, 390), "Y99002": (8000 + n, 4000, 2000, 800, 1200)}


@pytest.fixture(scope="module")
def files(tmp_path_factory, small) -> tuple[Path, Path]:
    """Two folders: what a store holds at first, and what is loaded into it later."""
    first, later = tmp_path_factory.mktemp("first"), tmp_path_factory.mktemp("later")
    for n, month in enumerate(MONTHS):
        folder = first if n < 4 else later
        small.patients(
            folder / f"patients-{month}.csv", month, {"Y99001": 9000 + n, "Y99002": 12000 - n, "Y99003": 5000}
        )
        small.telephony(folder / f"telephony-{month}.xlsx", month, calls(n))
    return first, later


@pytest.fixture(scope="module")
def filled(tmp_path_factory, files, small) -> Path:
    """A store that holds the first files."""
    home = tmp_path_factory.mktemp("filled") / "home"
    done = small.finish(small.start(home, "ingest", files[0]))
    assert done.code == 0, done.err
    return home


@pytest.fixture
def home(tmp_path, filled) -> Path:
    """A copy of that store for one test."""
    return Path(shutil.copytree(filled, tmp_path / "home"))


def snapshot(home: Path) -> tuple:
    """Everything a reader can see: the version, every result, every file that is loaded."""
    store = Store(home)
    results = store.catalogue.execute(
        "SELECT m.name, r.* FROM results r JOIN measures m ON m.id = r.measure ORDER BY m.name, r.area, r.month"
    )
    loaded = store.catalogue.execute("SELECT sha256 FROM files WHERE status = 'loaded' ORDER BY sha256")
    found = (store.version, [(r[0], r[1], *tuple(r)[3:]) for r in results], [tuple(r) for r in loaded])
    store.catalogue.close()
    return found


def leftovers(home: Path) -> list[Path]:
    """Files of facts that the catalogue does not name."""
    store = Store(home)
    parts = {str(row[0]) for row in store.catalogue.execute("SELECT id FROM parts")}
    store.catalogue.close()
    return [p for p in (*home.glob("facts/*/*.parquet"), *home.glob("presence/*.parquet")) if p.stem not in parts]


def is_sound(home: Path, small) -> None:
    found = small.finish(small.start(home, "check"))
    assert found.code == 0, f"{found.out}{found.err}"
    assert not leftovers(home)


def until(condition, process, seconds: float = 120) -> None:
    """Wait until something can be seen on disk, or the process has ended."""
    end = time.monotonic() + seconds
    while not condition() and process.poll() is None and time.monotonic() < end:
        time.sleep(0.002)


@pytest.fixture(scope="module")
def whole(tmp_path_factory, filled, files, small) -> tuple[tuple, float]:
    """What the store says once the later files are in, and how long that takes undisturbed."""
    home = Path(shutil.copytree(filled, tmp_path_factory.mktemp("whole") / "home"))
    began = time.monotonic()
    done = small.finish(small.start(home, "ingest", files[1]))
    assert done.code == 0, done.err
    return snapshot(home), time.monotonic() - began


def killed(home: Path, later: Path, small, moment) -> bool:
    """Start an ingest and kill it at a moment; returns whether it was still at work."""
    process = small.start(home, "ingest", later)
    moment(process)
    process.kill()
    return small.finish(process).code == -signal.SIGKILL


@pytest.mark.parametrize("nth", range(KILLS))
def test_an_ingest_killed_at_any_time_has_happened_wholly_or_not_at_all(nth, home, files, filled, whole, small):
    after, seconds = whole
    wait = seconds * (nth + random.Random(nth).random()) / KILLS
    killed(home, files[1], small, lambda process: time.sleep(wait))
    assert snapshot(home) in (snapshot(filled), after)
    is_sound(home, small)
    if nth % 5 == 0:  # and what was cut off can be done again
        assert small.finish(small.start(home, "ingest", files[1])).code == 0
        assert snapshot(home)[1:] == after[1:]


@pytest.mark.parametrize("stage", ["facts are being written", "results are being computed", "results are being stored"])
def test_an_ingest_killed_at_a_stage_has_not_happened(stage, home, files, filled, small):
    before, at_first = snapshot(filled), len(list(home.glob("facts/*/*.parquet")))
    folder = home / "derived" / str(before[0] + 1)
    signs = {
        "facts are being written": lambda: len(list(home.glob("facts/*/*.parquet"))) > at_first + 5,
        "results are being computed": folder.exists,
        "results are being stored": (folder / "covered.parquet").exists,
    }
    assert killed(home, files[1], small, lambda process: until(signs[stage], process))
    assert snapshot(home) == before
    assert leftovers(home)
    is_sound(home, small)
    assert snapshot(home) == before


def test_of_two_ingests_at_once_the_second_is_refused_and_the_first_finishes(home, files, whole, small):
    at_first = len(list(home.glob("presence/*")))
    first = small.start(home, "ingest", files[1])
    until(lambda: len(list(home.glob("presence/*"))) > at_first, first)
    first.send_signal(signal.SIGSTOP)
    try:
        second = small.finish(small.start(home, "ingest", files[1]))
    finally:
        first.send_signal(signal.SIGCONT)
    assert second.code == 2
    assert "Another ingest is writing" in second.err
    assert "Traceback" not in second.err
    assert small.finish(first).code == 0
    assert snapshot(home) == whole[0]


def test_a_reader_sees_the_old_answers_while_an_ingest_is_at_work(home, files, small):
    asked = ("measure", "inbound_calls_per_1000", "--area", "Y99001", "--json")
    before = small.finish(small.start(home, *asked))
    at_first = len(list(home.glob("presence/*")))
    writer = small.start(home, "ingest", files[1])
    until(lambda: len(list(home.glob("presence/*"))) > at_first, writer)
    writer.send_signal(signal.SIGSTOP)
    try:
        during = small.finish(small.start(home, *asked))
        checked = small.finish(small.start(home, "check"))
    finally:
        writer.send_signal(signal.SIGCONT)
    assert (during.code, during.out) == (0, before.out)
    assert checked.code == 0, checked.err
    assert small.finish(writer).code == 0
    assert small.finish(small.start(home, *asked)).out != before.out


def test_a_reader_kept_open_sees_either_the_old_or_the_new_answers(home, files, whole, small):
    store = Store(home)
    old = answers.series(store, "calls_answered", "Y99001")
    writer = small.start(home, "ingest", files[1])
    seen = {len(old)}
    while writer.poll() is None:
        seen.add(len(answers.series(store, "calls_answered", "Y99001")))
        time.sleep(0.001)
    assert small.finish(writer).code == 0
    new = answers.series(store, "calls_answered", "Y99001")
    assert seen <= {len(old), len(new)}
    assert len(new) == 2 * len(old)
    assert store.version == whole[0][0]


def test_a_refused_file_is_remembered_beside_the_facts_as_they_were(home, files, small, tmp_path):
    stray = tmp_path / "stray.csv"
    stray.write_text("a,b,c\n1,2,3\n")
    assert small.finish(small.start(home, "ingest", stray)).code == 2
    asked = small.finish(small.start(home, "measure", "calls_answered", "--engine", "duckdb", "--json"))
    assert asked.code == 0, asked.err
    assert small.finish(small.start(home, "check")).code == 0


def test_the_same_files_again_change_nothing(home, files, small):
    before = snapshot(home)
    again = small.finish(small.start(home, "ingest", files[0]))
    assert again.code == 0
    assert "8 files: 8 unchanged." in again.out
    assert snapshot(home) == before
    asked = small.finish(small.start(home, "measure", "calls_answered", "--engine", "duckdb", "--json"))
    assert asked.code == 0, asked.err


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_a_later_edition_restates_a_month_in_whatever_order_they_arrive(order, tmp_path, small):
    january = small.telephony(tmp_path / "january.xlsx", "2026-01", {"Y99001": (6000, 3000, 1400, 240, 390)})
    february = small.telephony(tmp_path / "february.xlsx", "2026-02", {"Y99001": (6000, 4500, 1000, 240, 260)})
    editions = (january, february)
    for n in order:
        done = small.finish(small.start(tmp_path / "home", "ingest", editions[n]))
        assert done.code == 0, done.err
    store = Store(tmp_path / "home")
    england = {r.period: r.value for r in answers.series(store, "calls_answered", "ENG")}
    assert england["2026-01"] == 4500 / 6000  # as February's edition says, not January's own
    practice = {r.period: r.value for r in answers.series(store, "calls_answered", "Y99001")}
    assert practice == {"2026-01": 3000 / 6000, "2026-02": 4500 / 6000}


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
def test_the_order_of_loading_never_changes_a_result(order, tmp_path, small):
    files = [
        small.patients(tmp_path / "2025-12.csv", "2025-12", {"Y99001": 9000, "Y99002": 8000}),
        small.patients(tmp_path / "2026-01.csv", "2026-01", {"Y99001": 9100, "Y99002": 8100}),
        small.telephony(tmp_path / "telephony.xlsx", "2026-01", calls(0)),
    ]
    for n in order:
        assert small.finish(small.start(tmp_path / "home", "ingest", files[n])).code == 0
    results = snapshot(tmp_path / "home")[1]
    small.finish(small.start(tmp_path / "at-once", "ingest", *files))
    assert results == snapshot(tmp_path / "at-once")[1]
