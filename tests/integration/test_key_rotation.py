"""A practice's new key: every record has its new pseudonym, or none has, whenever the program is cut off."""

import datetime as dt
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from openpractice.analysis.recompute import ingest
from openpractice.cli.integrity import check
from openpractice.kinds import Refused
from openpractice.store import Store, writing
from openpractice.store.identifiers import Identifiers
from openpractice.store.keyring import KeyRing
from openpractice.store.secret import Secret
from openpractice.web.demo.book import nhs_numbers, write_book

CODE = "Y99001"
# Where a rotation is cut off: before what, and whether the old key counts from then on, or the new one.
MOMENTS = {
    "the new key is written": ("store.secret.Secret.write", "old"),
    "the identifiers are sealed": ("store.identifiers.Identifiers.renewed", "old"),
    "the records are rewritten": ("store.rewriting.rename", "old"),
    "the second part is rewritten": ("store.rewriting.rewrite 2", "old"),
    "the tree is built": ("store.store.Change.settle", "old"),
    "the change is committed": ("store.store.Change.is_new", "old"),
    "the old key is overwritten": ("store.keyring.KeyRing._finish 2", "new"),
    "the new key takes its place": ("store.keyring.os.replace", "new"),
    "old seals are forgotten": ("store.identifiers.Identifiers.forget_other_keys 2", "new"),
    "old files are removed": ("store.parquet.sweep 2", "new"),
}
_DYING = """
import importlib, os, sys
from pathlib import Path
from openpractice.store.keyring import KeyRing
place, _, nth = sys.argv[2].partition(" ")
parts = ("openpractice." + place).split(".")
for length in range(len(parts) - 1, 0, -1):
    try:
        holder = importlib.import_module(".".join(parts[:length]))
        break
    except ModuleNotFoundError:
        continue
for name in parts[length:-1]:
    holder = getattr(holder, name)
left, real = [int(nth or 1)], getattr(holder, parts[-1])
def die(*a, **k):
    left[0] -= 1
    if not left[0]:
        os._exit(9)
    return real(*a, **k)
ring = KeyRing.open_or_make(Path(sys.argv[1]))
setattr(holder, parts[-1], die)
ring.rotate()
"""


@pytest.fixture(scope="module")
def filled(tmp_path_factory) -> Path:
    """A practice's store of two parts, loaded with its first key."""
    home, folder = tmp_path_factory.mktemp("filled") / CODE, tmp_path_factory.mktemp("books")
    owner = KeyRing.open_or_make(home).owner(CODE)
    for name, until in (("winter", dt.date(2026, 1, 31)), ("spring", dt.date(2026, 4, 30))):
        ingest(home, [write_book(folder / f"{name}.csv", CODE, until, days=20, patients=60)], owner=owner)
    return home


@pytest.fixture
def home(filled, tmp_path) -> Path:
    return Path(shutil.copytree(filled, tmp_path / CODE))


def people(home: Path) -> list[tuple]:
    """Every appointment with whom it was with: pseudonyms opened with the key that counts, in the order of the rows."""
    store, ring = Store(home), KeyRing.open_or_make(home)
    secret, identifiers = Secret.read(home / "key"), Identifiers(home / "identifiers.sqlite")
    rows = store.rows("appointment_book")
    store.close()
    numbers = {patient: ring.number_of(patient) for patient in {row[16] for row in rows} - {None}}
    names = {clinician: identifiers.opened(secret, clinician) for clinician in {row[17] for row in rows} - {None}}
    assert set(numbers.values()) <= set(nhs_numbers(60))
    assert None not in names.values()
    return sorted((row[4], row[12], numbers.get(row[16]), names.get(row[17])) for row in rows)


def pseudonyms(home: Path) -> set[str]:
    store = Store(home)
    found = {row[16] for row in store.rows("appointment_book") if row[16]}
    store.close()
    return found


def results(home: Path) -> list[tuple]:
    store = Store(home)
    found = [tuple(row) for row in store.catalogue.execute("SELECT * FROM results ORDER BY area, measure, month")]
    store.close()
    return found


def bytes_of(home: Path) -> bytes:
    return b"".join(file.read_bytes() for file in home.rglob("*.parquet"))


def test_a_new_key_renames_everybody_and_changes_no_figure(home):
    before, figures, old, key = people(home), results(home), pseudonyms(home), (home / "key").read_bytes()
    KeyRing.open_or_make(home).rotate()
    assert (people(home), results(home)) == (before, figures)
    assert not pseudonyms(home) & old
    assert (home / "key").read_bytes() != key
    assert not any(pseudonym.encode() in bytes_of(home) for pseudonym in old)
    assert check(home).problems == ()


def test_a_store_that_is_open_sees_the_new_names(home):
    store = Store(home)
    before = store.version, store.rows("appointment_book")[0][16]
    store.facts()
    KeyRing.open_or_make(home).rotate()
    assert store.version == before[0] + 1
    assert store.rows("appointment_book")[0][16] != before[1]
    store.close()


def test_the_same_file_is_still_known_and_a_new_one_fits(home, tmp_path):
    ring = KeyRing.open_or_make(home)
    ring.rotate()
    again = write_book(tmp_path / "again.csv", CODE, dt.date(2026, 1, 31), days=20, patients=60)
    newer = write_book(tmp_path / "newer.csv", CODE, dt.date(2026, 5, 31), days=20, patients=60)
    accounts = ingest(home, [again, newer], owner=ring.owner(CODE))
    assert [account.status for account in accounts] == ["unchanged", "loaded"]
    people(home)


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_rotation_that_is_cut_off_has_happened_or_it_has_not(moment, home):
    before, figures, old = people(home), results(home), pseudonyms(home)
    place, counts = MOMENTS[moment]
    died = subprocess.run([sys.executable, "-c", _DYING, str(home), place], check=False)
    assert died.returncode == 9
    assert (people(home), results(home)) == (before, figures)
    assert (pseudonyms(home) == old) == (counts == "old")
    KeyRing.open_or_make(home).rotate()  # and another one goes through
    assert (people(home), results(home)) == (before, figures)
    assert not pseudonyms(home) & old
    assert not (home / "key.next").exists()
    assert check(home).problems == ()


def test_an_ingest_at_work_is_not_disturbed(home):
    with writing(home, "an ingest"), pytest.raises(Refused, match="Another ingest is writing"):
        KeyRing.open_or_make(home).rotate()
    people(home)


def test_without_the_sealed_identifiers_no_new_key_is_taken(home):
    old = pseudonyms(home)
    (home / "identifiers.sqlite").unlink()
    with pytest.raises(Refused, match="have no sealed identifier, so no new key can be taken"):
        KeyRing.open_or_make(home).rotate()
    assert pseudonyms(home) == old
