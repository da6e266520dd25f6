"""`openpractice ingest --practice`: a practice's own records into a store of its own, from the command line."""

import datetime as dt
import json

import pytest

from openpractice.store import Store
from openpractice.store.keyring import KeyRing
from openpractice.web.demo.book import write_book

CODE = "Y99001"


@pytest.fixture
def book(tmp_path):
    return write_book(tmp_path / "book.csv", CODE, dt.date(2026, 3, 31), days=20, patients=60)


def test_a_practices_records_lie_in_a_store_of_their_own(openpractice, book, tmp_path):
    ran = openpractice("ingest", "--practice", CODE.lower(), book)
    assert ran.code == 0, ran.err
    assert "loaded     book.csv (appointment_book" in ran.out
    assert "Never stored, because they name people or hold free text: Patient name." in ran.out
    own = tmp_path / "home" / "own" / CODE
    assert not (tmp_path / "home" / "catalogue.sqlite").exists()
    store = Store(own)
    ring = KeyRing.open_or_make(own)
    patients = {row[16] for row in store.rows("appointment_book") if row[16]}
    store.close()
    assert patients
    assert all(ring.number_of(patient).startswith("999") for patient in patients)
    again = json.loads(openpractice("ingest", "--practice", CODE, book, "--json").out)
    assert [file["status"] for file in again["files"]] == ["unchanged"]
    assert openpractice("--home", own, "check").code == 0
    assert "book_dna_share" in openpractice("--home", own, "measure", "book_dna_share", "--area", CODE).out


def test_it_goes_by_the_name_that_the_open_data_give_it(openpractice, book, small, tmp_path):
    patients = small.patients(tmp_path / "patients.csv", "2026-01", {CODE: 9000})
    telephony = small.telephony(tmp_path / "calls.xlsx", "2026-01", {CODE: (6000, 3900, 1400, 240, 390)})
    assert openpractice("ingest", patients, telephony).code == 0
    assert openpractice("ingest", "--practice", CODE, book).code == 0
    store = Store(tmp_path / "home" / "own" / CODE)
    names = [row[0] for row in store.catalogue.execute("SELECT name FROM areas WHERE code = ?", [CODE])]
    store.close()
    assert names == ["Y99001 Surgery"]


def test_without_practice_it_says_how(openpractice, book):
    ran = openpractice("ingest", book)
    assert ran.code == 2
    assert "Load it with 'openpractice ingest --practice CODE'" in ran.err


@pytest.mark.parametrize("code", ["../etc", "Y9900", "Y99001/..", ""])
def test_what_is_no_practices_code_makes_no_folder(code, openpractice, book, tmp_path):
    ran = openpractice("ingest", "--practice", code, book)
    assert ran.code == 2
    assert "is not a practice's ODS code" in ran.err
    assert not (tmp_path / "home" / "own").exists()


def test_the_format_lists_the_columns_it_reads(openpractice):
    ran = openpractice("sources", "appointment_book")
    assert "nhs number, nhs no" in ran.out
    assert "pseudonym of the patient" in ran.out
    assert json.loads(openpractice("sources", "appointment_book", "--json").out)["own"] is True
