"""A practice's own records on their way in: nothing that names a patient is ever on the disk, wherever it stood before."""

import csv
import datetime as dt
import gzip
import json
import re
import subprocess
import sys
import time
import zipfile
from contextlib import suppress
from pathlib import Path

import pytest

from openpractice.analysis import answers
from openpractice.analysis.recompute import ingest
from openpractice.cli.integrity import check
from openpractice.kinds import Refused
from openpractice.store import Store
from openpractice.store.keyring import KeyRing
from openpractice.web.demo.book import HEADER, nhs_numbers, write_book

CODE = "Y99001"
UNTIL = dt.date(2026, 3, 31)
DIGITS = re.compile(rb"(?<!\d)999[ -]?\d{3}[ -]?\d{4}(?!\d)")
NAMES = (b"Example", b"TEST, Patient")


@pytest.fixture(scope="module")
def book(tmp_path_factory) -> Path:
    return write_book(tmp_path_factory.mktemp("book") / "book.csv", CODE, UNTIL, days=60, patients=400)


@pytest.fixture
def home(tmp_path) -> Path:
    return tmp_path / "home" / "own" / CODE


@pytest.fixture
def load(home):
    """`load(file, …)`: the practice loads its own files; returns their accounts."""

    def load(*files: Path):
        return ingest(home, list(files), owner=KeyRing.open_or_make(home).owner(CODE, "Fiction Surgery"))

    return load


def told(home: Path) -> list[Path]:
    """The files that hold an NHS number or a name."""
    known = {number.encode() for number in nhs_numbers(400)}
    found = []
    for file in (f for f in home.rglob("*") if f.is_file()):
        bytes_ = file.read_bytes()
        numbers = {hit.translate(None, b" -") for hit in DIGITS.findall(bytes_)}
        if numbers & known or any(name in bytes_ for name in NAMES):
            found.append(file)
    return found


def copied(book: Path, to: Path, change) -> Path:
    """A copy of a book whose rows went through `change`; a row for which that gives None is left out."""
    with book.open(newline="", encoding="utf-8") as read, to.open("w", newline="", encoding="utf-8") as out:
        header, *rows = list(csv.reader(read))
        csv.writer(out).writerows([header, *(changed for row in rows if (changed := change(row)))])
    return to


def values(home: Path, measure: str) -> dict[str, tuple]:
    store = Store(home)
    found = {r.period: (r.numerator, r.denominator) for r in answers.series(store, measure, CODE)}
    store.close()
    return found


def rows(home: Path) -> list[tuple]:
    store = Store(home)
    found = store.rows("appointment_book")
    store.close()
    return found


def test_an_empty_home_gives_figures_of_the_practice_and_of_nobody_else(book, home, load):
    (account,) = load(book)
    assert (account.status, account.rows_read, account.rows_refused) == ("loaded", account.rows_kept, 0)
    store = Store(home)
    levels = {tuple(row) for row in store.catalogue.execute("SELECT DISTINCT area, level FROM results")}
    names = [tuple(row) for row in store.catalogue.execute("SELECT name FROM areas WHERE code = ?", [CODE])]
    store.close()
    assert levels == {(CODE, "practice")}
    assert names == [("Fiction Surgery",)]


def test_the_figures_are_those_of_the_file(book, home, load):
    load(book)
    with book.open(newline="", encoding="utf-8") as file:
        march = [row for row in csv.DictReader(file) if row["Appointment date"].endswith("/03/2026")]
    outcomes = [row["Appointment status"] for row in march]
    missed, attended = outcomes.count("Did Not Attend"), outcomes.count("Attended")
    assert values(home, "book_dna_share")["2026-03"] == (missed, missed + attended)
    assert values(home, "book_time_missed_share")["2026-03"][0] == sum(
        int(row["Planned duration"]) for row in march if row["Appointment status"] == "Did Not Attend"
    )
    assert "2026-04" not in values(home, "book_dna_share")  # booked, and yet to come


def test_no_byte_of_the_home_holds_an_nhs_number_or_a_name(book, home, load):
    load(book)
    assert len(rows(home)) > 1000
    assert told(home) == []
    assert not list(home.glob("tmp/*"))


def test_not_even_what_is_refused_is_repeated(book, home, load, tmp_path):
    strange = {"status": "Patient TEST, Patient 7 rang 9990000018", "day": "32/03/2026"}
    uneven = copied(book, tmp_path / "uneven.csv", lambda row: row[:-2] if row[1] == "08:30" else row)
    with uneven.open("a", encoding="utf-8") as file:
        file.write(f"{strange['day']},08:30,,Attended,Dr A Example,GP,,,,,,9990000018,TEST,{CODE}\n")
    (account,) = load(uneven)
    assert account.rows_refused > 50
    assert {r.example.split()[0] for r in account.refusals} == {"line"}
    refused = copied(book, tmp_path / "free text 9990000018.csv", lambda row: [*row[:3], strange["status"], *row[4:]])
    (account,) = load(refused)
    assert account.status == "refused"
    headerless = tmp_path / "headerless.csv"
    headerless.write_text("\n".join(book.read_text(encoding="utf-8").splitlines()[1:]))
    (account,) = load(headerless)
    assert "Its first line must name the columns" in account.reason
    assert told(home) == []
    assert not DIGITS.search(json.dumps([a.as_json() for a in load(refused, headerless, uneven)]).encode())


@pytest.mark.parametrize("kill", ["sealed", "laid down", "written"])
def test_not_even_what_is_left_of_a_killed_ingest(kill, book, home):
    """The process ends as if it were killed, at three moments of the file's way in; nothing tidies up after it."""
    script = f"""
import os, sys
from contextlib import suppress
from pathlib import Path
from openpractice.analysis import recompute
from openpractice.sources import door
from openpractice.store import part
from openpractice.store.keyring import KeyRing
moment = {kill!r}
def dying(name, module, before):
    real = getattr(module, name)
    def die(*a, **k):
        answer = None if before else real(*a, **k)
        os._exit(9)
    setattr(module, name, die)
if moment == "sealed": dying("_lay_down", door, True)
if moment == "laid down": Path.unlink = lambda self, **k: os._exit(9)
if moment == "written": dying("write_presence", part, True)
home = Path(sys.argv[1])
recompute.ingest(home, [Path(sys.argv[2])], owner=KeyRing(home).owner("{CODE}"))
"""
    KeyRing.open_or_make(home)
    assert subprocess.run([sys.executable, "-c", script, str(home), str(book)], check=False).returncode == 9
    if kill == "laid down":
        assert list(home.glob("tmp/*/admitted.csv"))
    assert told(home) == []


def test_a_file_that_is_packed_is_not_unpacked(book, home, load, tmp_path):
    with gzip.open(tmp_path / "book.csv.gz", "wb") as packed:
        packed.write(book.read_bytes())
    with zipfile.ZipFile(tmp_path / "book.zip", "w") as packed:
        packed.write(book)
    for account in load(tmp_path / "book.csv.gz", tmp_path / "book.zip"):
        assert "is packed. Unpack it and load the table in it" in account.reason


def test_without_its_owner_a_practices_own_record_is_told_where_it_belongs(book, tmp_path):
    (account,) = ingest(tmp_path / "home", [book])
    assert re.search(r"practice's own record .*Load it with 'openpractice ingest --practice CODE'", account.reason)
    assert told(tmp_path / "home") == []
    found = Store(tmp_path / "home") if (tmp_path / "home" / "catalogue.sqlite").exists() else None
    if found:
        assert [tuple(row) for row in found.catalogue.execute("SELECT headers FROM files")] == [("[]",)]
        found.close()


def test_what_is_published_does_not_belong_among_a_practices_own(load, small, tmp_path, home):
    published = small.patients(tmp_path / "patients.csv", "2026-01", {CODE: 9000})
    (account,) = load(published)
    assert re.search(r"is published for everybody .* only what is Y99001's own", account.reason)


def test_the_same_file_twice_changes_nothing(book, home, load):
    load(book)
    before = (values(home, "book_dna_share"), rows(home))
    (again,) = load(book)
    assert again.status == "unchanged"
    assert (values(home, "book_dna_share"), rows(home)) == before


def test_a_newer_export_replaces_its_own_days_and_leaves_the_others(book, home, load, tmp_path):
    load(book)
    before = rows(home)
    days = {f"{day:02d}/03/2026" for day in range(9, 14)}
    kept = [
        row
        for row in before
        if not dt.date(2026, 3, 9) <= dt.date(1970, 1, 1) + dt.timedelta(row[4]) <= dt.date(2026, 3, 13)
    ]
    newer = copied(
        book, tmp_path / "newer.csv",
        lambda row: ([*row[:3], "Attended", *row[4:]] if row[5] != "GP Registrar" else None) if row[0] in days else None,
    )  # fmt: skip
    (account,) = load(newer)
    replaced = len(before) - len(kept)
    assert (
        f"Of 9 March 2026 to 13 March 2026, {replaced:,} rows of earlier files were replaced by this file's {account.rows_kept:,}."
        in account.notes
    )
    store = Store(home)
    (live,) = [store.rows("appointment_book", "part_id = (SELECT max(part_id) FROM asked) AND month_no = 24314")]
    store.close()
    march = [row[1:18] for row in kept if row[3] == 24314]
    assert sorted(map(str, march)) == sorted(
        str(row[1:18]) for row in live if not day_in(row[4], dt.date(2026, 3, 9), dt.date(2026, 3, 13))
    )
    missed = sum(row[7] == "DNA" for row in live)
    attended = sum(row[7] == "Attended" for row in live)
    assert values(home, "book_dna_share")["2026-03"] == (missed, missed + attended)


def day_in(day_no: int, first: dt.date, last: dt.date) -> bool:
    return first <= dt.date(1970, 1, 1) + dt.timedelta(day_no) <= last


def test_days_loaded_one_file_after_another_are_those_loaded_at_once(book, home, load, tmp_path):
    """Whatever the order, as long as no two files speak of the same day. What a last day left open is told next time."""

    def of_march(days: range, file: str) -> Path:
        days_ = {f"{day:02d}/03/2026" for day in days}
        return copied(book, tmp_path / file, lambda row: row if row[0] in days_ and row[3] != "Booked" else None)

    for days in (range(1, 8), range(22, 32), range(8, 15), range(15, 22)):
        load(of_march(days, f"{days[0]}.csv"))
    whole = tmp_path / "whole"
    ingest(whole, [of_march(range(1, 32), "march.csv")], owner=KeyRing.open_or_make(whole).owner(CODE))
    for name in ("book_time_missed_share", "book_same_day_share", "book_gp_share"):
        assert values(home, name) == values(whole, name)


def test_the_last_file_counts_whatever_days_it_reaches_back_to(book, home, load, tmp_path):
    """An older file loaded again in a corrected form is believed, though another one reaches further."""
    load(book)
    february = copied(
        book, tmp_path / "february.csv",
        lambda row: [*row[:3], "Attended", *row[4:]] if row[0].endswith("/02/2026") else None,
    )  # fmt: skip
    load(february)
    assert values(home, "book_dna_share")["2026-02"][0] == 0
    assert values(home, "book_dna_share")["2026-03"][0] > 0


def test_the_header_of_the_demonstration_is_what_the_format_reads(book):
    assert book.read_text(encoding="utf-8").splitlines()[0] == ",".join(HEADER)


@pytest.mark.parametrize("nth", range(5))
def test_killed_at_any_time_it_has_happened_wholly_or_not_at_all(nth, book, tmp_path, small):
    own = tmp_path / "own" / CODE
    process = small.start(tmp_path, "ingest", "--practice", CODE, book)
    signs = (
        lambda: (own / "key").exists(), lambda: list(own.glob("tmp/*")), lambda: (own / "identifiers.sqlite").exists(),
        lambda: list(own.glob("facts/appointment_book/*")), lambda: list(own.glob("derived/*/covered.parquet")),
    )  # fmt: skip
    end = time.monotonic() + 120
    while not signs[nth]() and process.poll() is None and time.monotonic() < end:
        time.sleep(0.002)
    process.kill()
    small.finish(process)
    assert told(own) == []
    there = len(book.read_text(encoding="utf-8").splitlines()) - 1
    with suppress(Refused):  # there is no store yet
        store = Store(own)
        assert len(store.rows("appointment_book")) == (there if store.version else 0)
        store.close()
    ring = KeyRing.open_or_make(own)
    ingest(own, [book], owner=ring.owner(CODE))
    found = {row[16] for row in rows(own) if row[16]}
    assert len(rows(own)) == there
    assert len({ring.number_of(pseudonym) for pseudonym in found} - {None}) == len(found)
    assert check(own).problems == ()
