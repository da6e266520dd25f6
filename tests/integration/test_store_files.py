"""The store and real files: what a file leaves, what a refused one does not, versions, and orphans swept away."""

from __future__ import annotations

import dataclasses
import json
import shutil
import signal
import sqlite3
from pathlib import Path

import pytest

from openpractice.analysis import answers, loaded
from openpractice.analysis.recompute import ingest, renew
from openpractice.kinds import Refused
from openpractice.measures import find
from openpractice.store import Store, loading, refusals, writing

CALLS = {"Y99001": (6000, 3900, 1400, 240, 390), "Y99002": (8000, 4000, 2000, 800, 1200)}
LISTS = {"Y99001": 9000, "Y99002": 12000}


@pytest.fixture
def home(tmp_path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def folder(tmp_path, small) -> Path:
    """A list and a telephony workbook of February 2026."""
    folder = tmp_path / "files"
    folder.mkdir()
    small.patients(folder / "patients.csv", "2026-02", LISTS)
    small.telephony(folder / "telephony.xlsx", "2026-02", CALLS)
    return folder


def results(home: Path) -> list[tuple]:
    sql = """SELECT m.name, r.area, r.month, r.level, r.numerator, r.denominator, r.value, r.coverage, r.unknown, r.confidence
             FROM results r JOIN measures m ON m.id = r.measure ORDER BY m.name, r.area, r.month"""
    return [tuple(row) for row in Store(home).catalogue.execute(sql)]


def facts(home: Path) -> set[str]:
    return {p.relative_to(home).as_posix() for p in (*home.glob("facts/*/*"), *home.glob("presence/*"))}


def test_a_file_is_accounted_for_row_by_row(home, folder):
    accounts = {account.source: account for account in ingest(home, [folder])}
    assert {account.status for account in accounts.values()} == {"loaded"}
    for account in accounts.values():
        assert account.rows_read == account.rows_kept + account.rows_refused
        assert account.rows_refused == sum(refusal.count for refusal in account.refusals)
    assert accounts["registered_patients"].tables["list_size"] == 2
    assert accounts["registered_patients"].periods == ("2026-02",)


def test_the_same_file_twice_changes_nothing(home, folder):
    ingest(home, [folder])
    before, on_disk = results(home), facts(home)
    again = ingest(home, [folder, folder / "telephony.xlsx"])
    assert {account.status for account in again} == {"unchanged"}
    assert results(home) == before
    assert facts(home) == on_disk
    assert before


def test_the_same_bytes_under_another_name_change_nothing(home, folder):
    ingest(home, [folder])
    before = results(home)
    copy = shutil.copy(folder / "patients.csv", folder / "patients (1).csv")
    (account,) = ingest(home, [Path(copy)])
    assert (account.status, account.source) == ("unchanged", "registered_patients")
    assert results(home) == before


def test_each_change_is_a_version_with_its_note(home, folder):
    ingest(home, [folder / "patients.csv"])
    ingest(home, [folder / "telephony.xlsx"])
    store = Store(home)
    assert store.version == 2
    assert [(number, note) for number, _, note in loaded.versions(store)] == [
        (2, "ingest of 1 files"),
        (1, "ingest of 1 files"),
    ]


def test_an_open_reader_follows_new_versions(home, folder):
    ingest(home, [folder / "patients.csv"])
    store = Store(home)
    assert answers.series(store, "calls_answered", "Y99001") == []
    before = store.facts()
    assert store.facts() is before
    ingest(home, [folder / "telephony.xlsx"])
    assert store.version == 2
    assert [r.value for r in answers.series(store, "calls_answered", "Y99001")] == [0.65]
    assert store.facts() is not before


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("notes.csv", b"a,b\n1,2\n"),
        ("empty.csv", b""),
        ("broken.xlsx", b"PK\x03\x04 not a workbook"),
        ("people.csv", b"NHS Number,Name\n9990000001,Somebody\n"),
    ],
)
def test_a_refused_file_leaves_its_account_and_no_part(name, content, home, folder):
    (folder / "refused").mkdir()
    refused = folder / "refused" / name
    refused.write_bytes(content)
    ingest(home, [folder / "patients.csv"])
    before, on_disk = results(home), facts(home)
    (account,) = ingest(home, [refused])
    assert (account.status, account.source) == ("refused", None)
    assert account.reason
    assert results(home) == before
    assert facts(home) == on_disk
    assert [file.name for file in loaded.files(Store(home)) if file.status == "refused"] == [name]
    assert not (home / "tmp").exists() or list((home / "tmp").iterdir()) == []


def test_a_file_refused_half_way_takes_its_parts_back(home, folder, monkeypatch):
    """The first part is on disk when the second turns out to be unusable."""
    sources = loading.sources()
    real = sources["registered_patients"]

    def read(doc):
        return [*real.read(doc), dataclasses.replace(real.read(doc)[0], sql="SELECT no_such_column FROM raw")]

    broken = sources | {"registered_patients": dataclasses.replace(real, read=read)}
    monkeypatch.setattr(loading, "sources", lambda: broken)
    (account,) = ingest(home, [folder / "patients.csv"])
    assert account.status == "refused"
    assert facts(home) == set()
    assert Store(home).catalogue.execute("SELECT count(*) FROM parts").fetchone()[0] == 0


def test_a_refused_file_may_come_again_once_it_is_mended(home, folder):
    path = folder / "patients.csv"
    whole = path.read_bytes()
    path.write_bytes(b"nothing,of,use\n1,2,3\n")
    assert ingest(home, [path])[0].status == "refused"
    assert ingest(home, [path])[0].status == "refused"
    path.write_bytes(whole)
    assert ingest(home, [path])[0].status == "loaded"


def test_one_bad_file_does_not_keep_the_others_out(home, folder):
    (folder / "notes.csv").write_text("a,b\n1,2\n")
    statuses = {Path(account.path).name: account.status for account in ingest(home, [folder])}
    assert statuses == {"notes.csv": "refused", "patients.csv": "loaded", "telephony.xlsx": "loaded"}
    assert answers.series(Store(home), "calls_answered", "Y99001")


def test_an_error_in_the_midst_of_a_change_leaves_no_trace(home, folder):
    ingest(home, [folder / "patients.csv"])
    before = results(home)

    def interrupted() -> None:
        with writing(home, "interrupted") as change:
            change.add(folder / "telephony.xlsx")
            raise RuntimeError("the power went off")

    with pytest.raises(RuntimeError, match="power"):
        interrupted()
    store = Store(home)
    assert store.version == 1
    assert results(home) == before
    assert [file.name for file in loaded.files(store)] == ["patients.csv"]


def test_a_person_who_stops_an_ingest_within_a_query_stops_it(home, folder, monkeypatch):
    """DuckDB passes Ctrl+C on as an error of its own, which must not be taken for the file's."""

    def without_end(con, *_):
        signal.setitimer(signal.ITIMER_REAL, 0.2)
        con.execute("SELECT count(*) FROM range(10_000_000) a, range(10_000_000) b WHERE a.range % 7 = b.range % 5")

    monkeypatch.setattr(refusals, "refuse_unreadable", without_end)
    before = signal.signal(signal.SIGALRM, signal.default_int_handler)
    try:
        with pytest.raises(KeyboardInterrupt):
            ingest(home, [folder])
    finally:
        signal.signal(signal.SIGALRM, before)
    assert loaded.files(Store(home)) == []


def test_files_that_nobody_names_are_swept_by_the_next_writer(home, folder):
    ingest(home, [folder / "patients.csv"])
    named = facts(home)
    for orphan in ("facts/list_size/999.parquet", "facts/calls/998.parquet", "presence/999.parquet"):
        (home / orphan).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(home / next(iter(sorted(named))), home / orphan)
    (home / "tmp" / "left").mkdir(parents=True)
    ingest(home, [folder / "patients.csv"])
    assert facts(home) == named
    assert not (home / "tmp" / "left").exists()


def test_results_follow_a_definition_that_changed(home, folder):
    """A store that an earlier edition of the program filled: one measure defined otherwise, one not yet, one no more."""
    ingest(home, [folder])
    today = results(home)
    assert renew(home) == set()
    with sqlite3.connect(home / "catalogue.sqlite") as con:
        con.execute("UPDATE measures SET definition = 'calls_answered v0' WHERE name = 'calls_answered'")
        con.execute("UPDATE results SET value = 0 WHERE measure IN (SELECT id FROM measures WHERE name LIKE 'calls_%')")
        con.execute("UPDATE measures SET name = 'calls_lost', definition = 'calls_lost v1' WHERE name = 'calls_missed'")
    con.close()
    assert results(home) != today
    before = Store(home).version
    assert renew(home) == {"calls_answered", "calls_missed", "calls_lost"}
    renewed = {row[:3]: row for row in results(home)}
    for row in today:
        if row[0] in ("calls_answered", "calls_missed"):
            assert renewed[row[:3]] == row
    assert not [name for name, *_ in renewed if name == "calls_lost"]
    assert Store(home).version == before + 1
    assert renew(home) == set()


def test_an_ingest_of_nothing_new_renews_what_is_defined_anew(home, folder):
    ingest(home, [folder])
    today = results(home)
    with sqlite3.connect(home / "catalogue.sqlite") as con:
        con.execute("UPDATE measures SET definition = name || ' v0'")
        con.execute("DELETE FROM results")
    con.close()
    assert {account.status for account in ingest(home, [folder])} == {"unchanged"}
    assert results(home) == today


def test_only_this_version_s_tables_and_the_last_one_s_are_kept(home, folder, small):
    for n in range(4):
        ingest(home, [small.patients(folder / f"{n}.csv", f"2025-0{n + 1}", LISTS)])
    assert sorted(p.name for p in (home / "derived").iterdir()) == ["3", "4"]


def test_a_second_writer_is_told_to_wait(home, folder):
    with writing(home, "first"), pytest.raises(Refused, match="Another ingest is writing"):
        ingest(home, [folder])


def test_a_path_that_is_not_there_is_named(home, tmp_path):
    with pytest.raises(Refused, match=r"There is no file or folder .*nowhere\.csv"):
        ingest(home, [tmp_path / "nowhere.csv"])


def test_a_reader_of_nothing_says_how_to_begin(tmp_path):
    with pytest.raises(Refused, match="openpractice ingest"):
        Store(tmp_path)


def test_hidden_files_and_the_leavings_of_archives_are_passed_over(home, folder):
    (folder / ".DS_Store").write_bytes(b"x")
    (folder / "__MACOSX").mkdir()
    (folder / "__MACOSX" / "patients.csv").write_bytes(b"x")
    assert len(ingest(home, [folder])) == 2


def test_the_lineage_of_a_number_is_the_file_it_came_from(home, folder):
    ingest(home, [folder])
    (file,) = loaded.lineage(Store(home), find("calls_answered"))
    assert (file.name, file.source, file.last) == ("telephony.xlsx", "telephony", "2026-02")
    assert loaded.calendar(Store(home))["Cloud Based Telephony in General Practice"]["2026-02"] == 1


def test_a_store_of_another_format_is_refused(home, folder):
    ingest(home, [folder / "patients.csv"])
    with writing(home, "as if by a later version") as change:
        change.catalogue.execute("UPDATE meta SET value = '999' WHERE key = 'format'")
    with pytest.raises(Refused, match="another version"):
        ingest(home, [folder / "telephony.xlsx"])
    with pytest.raises(Refused, match="another version"):
        Store(home)


def test_accounts_are_kept_as_json(home, folder):
    ingest(home, [folder])
    kept = [json.loads(row[0]) for row in Store(home).catalogue.execute("SELECT account FROM files ORDER BY id")]
    assert [account["status"] for account in kept] == ["loaded", "loaded"]
