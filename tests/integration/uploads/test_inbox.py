"""The watched folder: what is laid there is received once it lies still; what cannot be received is laid by, with a note."""

from __future__ import annotations

import os
import shutil
import time

from openpractice.web.uploads import refused
from tests.integration.uploads.desk import SOURCES, obeying, waited_for

PAYMENTS, DAILY = SOURCES / "payments_22-23.csv", SOURCES / "gpad_daily.csv"


def notes(desk) -> dict[str, str]:
    """What was laid by, and why."""
    return {path.name: path.read_text() for path in (desk.home / "inbox" / "refused").glob("*/*.why.txt")}


def test_a_published_file_is_received_and_goes_from_the_folder(either):
    folder = either.home / "inbox" / "published"
    folder.mkdir(parents=True)
    shutil.copy(PAYMENTS, folder)
    with either.worker():
        [number] = waited_for(lambda: either.ask("numbers"))
        read = either.until(number, "loaded", "refused", "failed")
        waited_for(lambda: not list(folder.iterdir()))
    assert (read["state"], read["how"], read["name"]) == ("loaded", "folder", "payments_22-23.csv")


def test_a_file_that_still_grows_is_left_until_it_is_whole(desk):
    folder = desk.home / "inbox" / "published"
    folder.mkdir(parents=True)
    whole, other = PAYMENTS.read_bytes(), DAILY.read_bytes()
    half = folder / PAYMENTS.name
    half.write_bytes(whole[:1000])
    (folder / "gpad_daily.csv.part").write_bytes(other)
    with desk.worker():
        for end in range(1000, len(whole), 200):  # somebody copies it slowly
            half.write_bytes(whole[:end])
            assert desk.ask("numbers") == []
            time.sleep(0.1)
        half.write_bytes(whole)
        [number] = waited_for(lambda: desk.ask("numbers"))
        read = desk.until(number, "loaded", "refused", "failed")
    assert (read["state"], read["account"][0]["rows_read"]) == ("loaded", 18), read
    assert [path.name for path in folder.iterdir()] == ["gpad_daily.csv.part"]


def test_what_cannot_be_received_is_laid_by_with_a_note(desk):
    inbox, secret = desk.home / "inbox", desk.home / "secret.csv"
    secret.write_text("not for anybody\n")
    for name in ("published", "X99999", ".copying"):
        (inbox / name).mkdir(parents=True)
    for name in ("X99999", ".copying"):
        shutil.copy(PAYMENTS, inbox / name / "book.csv")
    (inbox / "published" / "empty.csv").touch()
    (inbox / "published" / "link.csv").symlink_to(secret)
    (inbox / "published" / "folder").mkdir()
    (inbox / "Y99001").symlink_to(desk.home)  # a folder that leads elsewhere is not looked into
    os.mkfifo(inbox / "published" / "pipe.csv")
    with desk.worker():
        told = waited_for(lambda: found if len(found := notes(desk)) == 5 else None)
    assert desk.ask("numbers") == []
    assert secret.read_text() == "not for anybody\n"
    said = {name.split("-", 4)[-1]: why for name, why in told.items()}
    assert "No organisation here has the code X99999" in said["book.csv.why.txt"]
    assert [path.parent.name for path in (inbox / "refused").glob("*/*book.csv")] == ["X99999"]
    assert "empty.csv is empty" in said["empty.csv.why.txt"]
    for name in ("link.csv", "folder", "pipe.csv"):
        assert "is a folder or a link" in said[f"{name}.why.txt"]
    assert list((inbox / "published").iterdir()) == []
    assert (inbox / ".copying" / "book.csv").exists()  # nobody's folder any more


def test_what_cannot_be_taken_or_read_stands_in_no_others_way(desk):
    """A folder in which nothing may be moved, and a file that only somebody else may read."""
    inbox = desk.home / "inbox"
    for name in ("Y99001", "published"):
        (inbox / name).mkdir(parents=True)
    shutil.copy(PAYMENTS, inbox / "Y99001" / "stays.csv")
    shutil.copy(PAYMENTS, inbox / "published" / "a.csv")
    shutil.copy(DAILY, inbox / "published" / "b.csv")
    (inbox / "published" / "a.csv").chmod(0)
    (inbox / "Y99001").chmod(0o500)
    told = ["A file in the watched folder Y99001 cannot be taken from it: Permission denied"]
    with desk.worker(says=told, preexec_fn=obeying):
        [number] = waited_for(lambda: desk.ask("numbers"))
        assert desk.until(number, "loaded", "refused", "failed")["name"] == "b.csv"
        [why] = waited_for(lambda: notes(desk)).values()
        assert "may not be read by the account" in why
        time.sleep(3)  # for more than one look
    assert desk.ask("numbers") == [number]
    assert (inbox / "Y99001" / "stays.csv").exists()


def test_what_a_killed_worker_had_taken_is_received(desk):
    taken = desk.home / "inbox" / "published" / ".taken-0123456789abcdef"
    taken.mkdir(parents=True)
    shutil.copy(PAYMENTS, taken / "list.csv")
    with desk.worker():
        [number] = waited_for(lambda: desk.ask("numbers"))
        assert desk.until(number, "loaded", "refused", "failed")["name"] == "list.csv"
        waited_for(lambda: not taken.exists())


def test_what_was_refused_is_kept_for_a_month(tmp_path):
    for name in ("2020-01-01-120000-list.csv", "2020-01-01-120000-list.csv.why.txt", "2999-01-01-120000-list.csv"):
        (tmp_path / "refused" / "Y99001" / name).mkdir(parents=True)
    (tmp_path / "refused" / "Y99001" / "named by somebody.csv").touch()
    assert refused.forget_old(tmp_path) == 2
    left = sorted(path.name for path in (tmp_path / "refused" / "Y99001").iterdir())
    assert left == ["2999-01-01-120000-list.csv", "named by somebody.csv"]


def test_an_organisations_own_file_goes_to_its_own_store(desk):
    folder = desk.home / "inbox" / "Y99001"
    folder.mkdir(parents=True)
    shutil.copy(PAYMENTS, folder)
    with desk.worker():
        [number] = waited_for(lambda: desk.ask("numbers"))
        read = desk.until(number, "loaded", "refused", "failed")
    assert read["state"] == "refused"  # published data are not a practice's own, and a sentence says so
    assert read["error"]
    assert not (desk.home / "catalogue.sqlite").exists()
    assert (desk.home / "own" / "Y99001" / "catalogue.sqlite").exists()
