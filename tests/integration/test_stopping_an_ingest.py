"""Whoever watches an ingest can stop it: within a second, deep inside a file too, and nothing of it has happened."""

import datetime as dt
import signal
import threading
import time
from contextlib import closing

import pytest

from openpractice.analysis.attending import OFTEN, attended
from openpractice.analysis.recompute import ingest
from openpractice.store import Store
from openpractice.store.keyring import KeyRing
from openpractice.store.stopping import Stopped, Stopping
from openpractice.web.demo.book import write_book

CODE = "Y99001"


class Cancelled(Exception):
    """What whoever watches raises."""


@pytest.fixture(scope="module")
def big(tmp_path_factory):
    """A book that takes some seconds to load."""
    file = tmp_path_factory.mktemp("big") / "book.csv"
    header, *rows = write_book(file, CODE, dt.date(2026, 3, 31), days=180).read_text(encoding="utf-8").splitlines()
    file.write_text("\n".join([header, *rows * 3]), encoding="utf-8")
    return file


@pytest.fixture
def home(tmp_path):
    """A practice's store that holds something already."""
    home = tmp_path / CODE
    before = write_book(tmp_path / "before.csv", CODE, dt.date(2025, 6, 30), days=20, patients=60)
    ingest(home, [before], owner=KeyRing.open_or_make(home).owner(CODE))
    return home


def seen(home):
    store = Store(home)
    results = [tuple(row) for row in store.catalogue.execute("SELECT * FROM results ORDER BY 1, 2, 3")]
    found = store.version, len(store.rows("appointment_book")), results
    store.close()
    return found


def files(home):
    return {file.relative_to(home) for file in home.rglob("*.parquet")}


@pytest.mark.parametrize("when", [1, 3, 6])
def test_who_watches_can_stop_it_and_nothing_has_happened(when, home, big):
    before, there, calls, asked = seen(home), files(home), [], []

    def watch(*step):
        calls.append(step)
        if len(calls) == when:
            asked.append(time.monotonic())
            raise Cancelled("enough")

    with pytest.raises(Cancelled, match="enough"):
        ingest(home, [big], watch, owner=KeyRing.open_or_make(home).owner(CODE))
    assert time.monotonic() - asked[0] < 15  # under a second on a machine that has nothing else to do
    assert calls == [("book.csv", 0, 2)] * when
    assert seen(home) == before
    assert not (home / "tmp").exists() or not list((home / "tmp").iterdir())
    ingest(home, [], owner=KeyRing.open_or_make(home).owner(CODE))  # whoever writes next sweeps up
    assert files(home) == there


@pytest.mark.parametrize("what", ["computing results", "done"])
def test_it_can_still_be_stopped_at_the_very_end(what, home, big):
    before = seen(home)

    def watch(step, *_):
        if step == what:
            raise Cancelled

    with pytest.raises(Cancelled):
        ingest(home, [big], watch, owner=KeyRing.open_or_make(home).owner(CODE))
    assert seen(home) == before


def test_one_big_file_is_told_of_many_times(home, big):
    calls = []
    ingest(
        home, [big], lambda *step: calls.append((time.monotonic(), *step)), owner=KeyRing.open_or_make(home).owner(CODE)
    )
    assert sum(step == ("book.csv", 0, 2) for _, *step_ in calls for step in [tuple(step_)]) > 5
    assert calls[-1][1:] == ("done", 2, 2)
    assert len(seen(home)[2]) > 0


def test_a_published_file_is_stopped_as_well(tmp_path, small):
    calls = {f"Y{99001 + n}": (6000 + n, 3900, 1400, 240, 390) for n in range(300)}
    book = small.telephony(tmp_path / "telephony.xlsx", "2026-01", calls)
    ingest(tmp_path / "home", [small.patients(tmp_path / "patients.csv", "2026-01", {"Y99001": 9000})])
    before = files(tmp_path / "home")

    def watch(step, *_):
        if step == "computing results":
            raise Cancelled

    with pytest.raises(Cancelled):
        ingest(tmp_path / "home", [book], watch)
    with closing(Store(tmp_path / "home")) as store:
        assert store.version == 1
    ingest(tmp_path / "home", [])
    assert files(tmp_path / "home") == before


def test_ctrl_c_stops_it_at_once(home, big, small, tmp_path):
    before = seen(home)
    process = small.start(tmp_path, "ingest", "--practice", CODE, big)
    mine = tmp_path / "own" / CODE
    end = time.monotonic() + 60
    while not list(mine.glob("tmp/*")) and process.poll() is None and time.monotonic() < end:
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    done = small.finish(process)
    assert (done.code, done.err.strip()) == (130, "Stopped. Nothing was half-done.")
    assert not list(mine.glob("facts/*/*"))
    assert seen(home) == before


def test_work_that_ends_by_itself_gives_its_answer_or_its_trouble():
    told = []
    assert attended(lambda: 7, lambda: told.append(1), Stopping()) == 7
    assert told == [1]
    with pytest.raises(ZeroDivisionError):
        attended(lambda: 1 // 0, lambda: None, Stopping())


def test_who_watches_is_told_several_times_a_second_and_the_work_hears_of_it():
    stopping, told = Stopping(), []
    begun = threading.Event()

    def work():
        begun.set()
        while True:
            stopping.heed()
            time.sleep(0.01)

    def tell():
        told.append(time.monotonic())
        if len(told) == 4:
            raise Cancelled

    with pytest.raises(Cancelled):
        attended(work, tell, stopping)
    assert begun.is_set()
    assert told[-1] - told[0] < 3 * OFTEN + 10
    with pytest.raises(Stopped):
        stopping.heed()
