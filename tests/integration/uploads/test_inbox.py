"""The watched folder: what is laid there is received once it lies still; what cannot be received is laid by, with a note."""

from __future__ import annotations

import os
import shutil
import time

from tests.integration.uploads.desk import SOURCES, waited_for

PAYMENTS, DAILY = SOURCES / "payments_22-23.csv", SOURCES / "gpad_daily.csv"


def notes(desk) -> dict[str, str]:
    """What was laid by, and why."""
    return {path.name: path.read_text() for path in (desk.home / "inbox" / "refused").glob("*.why.txt")}


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
    for name in ("published", "X99999"):
        (inbox / name).mkdir(parents=True)
    shutil.copy(PAYMENTS, inbox / "X99999" / "book.csv")
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
    assert "No organisation here has the code X99999" in said["X99999-book.csv.why.txt"]
    assert "empty.csv is empty" in said["published-empty.csv.why.txt"]
    for name in ("link.csv", "folder", "pipe.csv"):
        assert "is a folder or a link" in said[f"published-{name}.why.txt"]


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
