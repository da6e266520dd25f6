"""Readers and a writer at once, in one process: each reader sees a version whole, from any thread."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from openpractice.analysis import answers
from openpractice.analysis.evaluate import evaluate
from openpractice.analysis.recompute import ingest
from openpractice.measures import find
from openpractice.store import Store, connection

MONTHS = ("2025-11", "2025-12", "2026-01", "2026-02")


@pytest.fixture
def files(tmp_path, small):
    for month in MONTHS:
        small.patients(tmp_path / f"patients-{month}.csv", month, {"Y99001": 9000, "Y99002": 12000})
        small.telephony(tmp_path / f"telephony-{month}.xlsx", month, {"Y99001": (6000, 3900, 1400, 240, 390)})
    return lambda month: [tmp_path / f"patients-{month}.csv", tmp_path / f"telephony-{month}.xlsx"]


def test_readers_in_threads_see_whole_versions_while_a_writer_works(files, tmp_path):
    home = tmp_path / "home"
    ingest(home, files(MONTHS[0]))
    store, stop, seen = Store(home), threading.Event(), []

    def read() -> None:
        while not stop.is_set():
            months = {m: len(answers.series(store, m, "Y99001")) for m in ("calls_answered", "calls_missed")}
            seen.append((store.version, *months.values()))

    with ThreadPoolExecutor(3) as pool:
        reading = [pool.submit(read) for _ in range(3)]
        for month in MONTHS[1:]:
            ingest(home, files(month))
        stop.set()
        for one in reading:
            one.result(timeout=60)
    counts = {count for _, *both in seen for count in both}
    assert counts <= {1, 2, 3, 4}
    assert all(answered <= version and missed <= version for version, answered, missed in seen)
    assert len(answers.series(store, "calls_answered", "Y99001")) == 4


def test_questions_of_the_records_may_be_asked_from_many_threads(files, tmp_path):
    home = tmp_path / "home"
    for month in MONTHS:
        ingest(home, files(month))
    store, measure = Store(home), find("calls_answered")
    with ThreadPoolExecutor(4) as pool:
        asked = [pool.submit(evaluate, store, [measure], level=level) for level in ("practice", "nation") * 4]
        found = [one.result(timeout=60) for one in asked]
    assert all(results == found[i % 2] for i, results in enumerate(found))
    assert [r.value for r in found[0]] == [0.65] * 4


def test_stored_results_are_those_that_the_records_give(files, tmp_path):
    home = tmp_path / "home"
    ingest(home, files(MONTHS[0]) + files(MONTHS[1]))
    store = Store(home)
    for name in ("calls_answered", "inbound_calls_per_1000", "list_size"):
        for level in ("practice", "nation"):
            computed = evaluate(store, [find(name)], level=level)
            kept = [r for area in {c.area for c in computed} for r in answers.series(store, name, area)]
            assert {(r.area, r.period, r.numerator, r.denominator, r.value) for r in computed} == {
                (r.area, r.period, r.numerator, r.denominator, r.value) for r in kept
            }


def test_facts_are_the_parts_of_their_own_version(files, tmp_path, monkeypatch):
    """A reader has read the version and not yet the parts when an ingest commits."""
    home = tmp_path / "home"
    ingest(home, files(MONTHS[0]))
    store, see_parts = Store(home), connection.see_parts

    def late(*asked) -> None:
        monkeypatch.undo()
        ingest(home, files(MONTHS[1]))
        see_parts(*asked)

    def parts(up_to: int) -> list[tuple]:
        return [
            tuple(r) for r in store.catalogue.execute("SELECT id FROM parts WHERE version <= ? ORDER BY id", [up_to])
        ]

    monkeypatch.setattr(connection, "see_parts", late)
    seen = [store.facts().con.execute("SELECT part_id FROM parts ORDER BY 1").fetchall() for _ in range(2)]
    assert store.version == 2
    assert seen == [parts(1), parts(2)]
    assert seen[0] != seen[1]
