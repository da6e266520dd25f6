"""What an administrator of the database can do to the record behind its back, and how the check names it."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing

import pytest

from openpractice.web.audit import chain
from tests.integration.audit.place import WRITE, Place

OFF_POSTGRESQL = """
import sys
from django.db import connection
with connection.cursor() as cursor:
    for statement in ("DROP TRIGGER audit_entry_no_change ON audit_entry", *sys.argv[1:]):
        cursor.execute(statement)
"""
OFF_SQLITE = [f"DROP TRIGGER audit_entry_no_{deed}" for deed in ("update", "delete", "replace")]
FIELDS = "at, person, who, acting_for, about, action, detail, previous, hash"
COPY = f"INSERT INTO audit_entry (number, {FIELDS}) SELECT {{}}, {FIELDS} FROM audit_entry WHERE number = 3"
DEEDS = {
    "alter": (["UPDATE audit_entry SET who = 'Somebody else' WHERE number IN (9, 5)"], 5, "not as it was written"),
    "alter a hash": ([f"UPDATE audit_entry SET hash = '{'0' * 64}' WHERE number = 5"], 5, "not as it was written"),
    "delete": (["DELETE FROM audit_entry WHERE number = 5"], 5, "entry 6 stands where entry 5 should"),
    "delete and close the gap": (
        ["DELETE FROM audit_entry WHERE number = 5", "UPDATE audit_entry SET number = number - 1 WHERE number = 6"],
        5,
        "does not follow",
    ),
    "delete the first": (["DELETE FROM audit_entry WHERE number = 1"], 1, "entry 2 stands where entry 1 should"),
    "insert at the end": ([COPY.format(13)], 13, "does not follow"),
    "insert before the first": ([COPY.format(0)], 1, "entry 0 stands where entry 1 should"),
    "reorder": (
        ["UPDATE audit_entry SET number = 99 WHERE number = 5", "UPDATE audit_entry SET number = 5 WHERE number = 6",
         "UPDATE audit_entry SET number = 6 WHERE number = 99"],
        5,
        "does not follow",
    ),
}  # fmt: skip
CUT = "DELETE FROM audit_entry WHERE number > 8"


@pytest.fixture(scope="module")
def twelve(tmp_path_factory, migrated) -> bytes:
    """A database with twelve entries."""
    home = tmp_path_factory.mktemp("twelve")
    (home / "openpractice.sqlite3").write_bytes(migrated)
    Place(home, {}).run(WRITE + "from django.db import connection; connection.cursor().execute('PRAGMA journal_mode = DELETE')", 12)  # fmt: skip
    return (home / "openpractice.sqlite3").read_bytes()


@pytest.fixture
def written(tmp_path, twelve) -> Place:
    (tmp_path / "openpractice.sqlite3").write_bytes(twelve)
    return Place(tmp_path, {})


def tamper(place: Place, *statements: str) -> None:
    """As an attacker would: the triggers first."""
    with closing(sqlite3.connect(place.home / "openpractice.sqlite3")) as database, database:
        for statement in (*OFF_SQLITE, *statements):
            database.execute(statement)


def write_anew(place: Place, start: int) -> None:
    """Change an entry and compute every hash from there on anew, as somebody would who has read this program."""
    tamper(place, f"UPDATE audit_entry SET who = 'Somebody else' WHERE number = {start}")
    with closing(sqlite3.connect(place.home / "openpractice.sqlite3")) as database, database:
        previous = chain.START
        for *values, told in database.execute(f"SELECT {', '.join(chain.FIELDS)}, hash FROM audit_entry").fetchall():
            if values[0] >= start:
                told = chain.digest([*values[:-1], previous])
            database.execute(
                "UPDATE audit_entry SET previous = ?, hash = ? WHERE number = ?", [previous, told, values[0]]
            )
            previous = told


@pytest.fixture
def noted(written) -> str:
    """What the check printed when all was well."""
    ran = written.openpractice("audit", "verify")
    assert (ran.returncode, ran.stderr) == (0, "")
    said, line = ran.stdout.splitlines()
    assert said.startswith("12 entries, each as it was written.")
    return line


@pytest.mark.parametrize("deed", DEEDS)
def test_the_first_broken_entry_is_named(written, deed):
    statements, number, why = DEEDS[deed]
    tamper(written, *statements)
    ran = written.openpractice("audit", "verify", "--json")
    assert ran.returncode == 2
    assert f"The record is broken at entry {number}: " in ran.stderr
    found = json.loads(ran.stdout)
    assert (found["whole"], found["entries"], found["broken"]["number"]) == (False, number - 1, number)
    assert why in found["broken"]["why"]


def test_the_same_on_postgresql(on_postgresql):
    on_postgresql.run(WRITE, 12)
    assert on_postgresql.openpractice("audit", "verify").returncode == 0
    on_postgresql.run(OFF_POSTGRESQL, *DEEDS["alter"][0])
    ran = on_postgresql.openpractice("audit", "verify")
    assert (ran.returncode, ran.stdout) == (2, "")
    assert "broken at entry 5: entry 5 is not as it was written. 4 entries before it held." in ran.stderr


def test_an_end_that_was_cut_off_shows_only_to_whoever_kept_the_line(written, noted):
    assert written.openpractice("audit", "verify", "--expect", noted).returncode == 0
    tamper(written, CUT)
    assert written.openpractice("audit", "verify").returncode == 0
    ran = written.openpractice("audit", "verify", "--expect", noted)
    assert ran.returncode == 2
    assert "broken at entry 9: the record ends with entry 8, and entry 12 was noted before" in ran.stderr


def test_so_does_a_chain_that_was_written_anew(written, noted):
    write_anew(written, 5)
    assert written.openpractice("audit", "verify").returncode == 0
    ran = written.openpractice("audit", "verify", "--expect", noted)
    assert ran.returncode == 2
    assert "entry 12 is not the one that was noted: it or one before it was written anew" in ran.stderr


def test_a_record_that_went_on_still_fits_the_line(written, noted):
    written.run(WRITE, 3)
    assert written.openpractice("audit", "verify", "--expect", noted).stdout.startswith("15 entries")


def test_a_record_that_is_gone_is_missed(written, noted, tmp_path):
    (tmp_path / "openpractice.sqlite3").unlink()
    assert "There is no record yet" in written.openpractice("audit", "verify").stderr
    assert not (tmp_path / "openpractice.sqlite3").exists()
    ran = written.openpractice("audit", "verify", "--expect", noted)
    assert (ran.returncode, ran.stderr.count("one was noted before")) == (2, 1)


def test_text_that_cannot_even_be_read_is_said_and_is_no_crash(written):
    tamper(written, "UPDATE audit_entry SET who = CAST(x'ff' AS TEXT) WHERE number = 5")
    ran = written.openpractice("audit", "verify")
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr.startswith("openpractice: The record cannot be read to its end: ")


def test_a_line_that_is_none_is_refused(written):
    ran = written.openpractice("audit", "verify", "--expect", "12:abc")
    assert ran.returncode == 2
    assert "a number, a colon, 64 characters" in ran.stderr
