"""Files that are no backup, not whole, or made to do harm: each refused in words, and nothing changed."""

from __future__ import annotations

import gzip
import io
import json
import os
import tarfile
import tracemalloc
from pathlib import Path

import pytest

from openpractice.kinds import Refused
from openpractice.web.config.backup import archive, sealing
from tests.integration.audit.place import Place

WORDS = "three words of ours"


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Path:
    """What a backup is made of: a file that is larger than a piece, an empty one, and one with a strange name."""
    folder = tmp_path_factory.mktemp("content")
    (folder / "home" / "inbox").mkdir(parents=True)
    (folder / "home" / "large").write_bytes(os.urandom(3 * sealing.PIECE // 2))
    (folder / "home" / "empty").touch()
    (folder / "home" / "inbox" / "Bögen \udcff ‘x’.csv").write_text("a,b\n")
    return folder


@pytest.fixture(scope="module", params=[None, WORDS], ids=["plain", "sealed"])
def made(request, home, tmp_path_factory) -> tuple[Path, str | None]:
    file = tmp_path_factory.mktemp("made") / "backup"
    archive.write(file, {"program": "0"}, home, request.param)
    return file, request.param


def unpacked(file: Path, words: str | None) -> dict[str, bytes]:
    found: dict[str, bytes] = {}

    def keep(name: str, stream) -> str:
        into = io.BytesIO()
        told = archive.copy(stream, into)
        found[name] = into.getvalue()
        return told

    archive.read(file, words, lambda said: None, keep)
    return found


def test_what_was_packed_comes_out(made, home):
    there = {str(path.relative_to(home)): path.read_bytes() for path in home.rglob("*") if path.is_file()}
    assert unpacked(*made) == there


def test_damage_anywhere_is_refused(made, tmp_path):
    file, words = made
    whole = bytearray(file.read_bytes())
    step = len(whole) // 40
    for place in (*range(3, len(whole), step), len(whole) - 1):
        changed = bytearray(whole)
        changed[place] ^= 0xFF
        (tmp_path / "changed").write_bytes(changed)
        try:
            found = unpacked(tmp_path / "changed", words)
        except Refused:
            continue
        assert found == unpacked(file, words), (
            f"byte {place} was changed, and nobody saw it"
        )  # such as the packer's name


def test_a_file_that_is_cut_off_is_refused(made, tmp_path):
    file, words = made
    whole = file.read_bytes()
    lengths = {0, 1, 30, 100, sealing.PIECE, len(whole) // 2, len(whole) - sealing.TAG, len(whole) - 1}
    head = len(sealing.MAGIC) + sealing._HEAD.size
    for length in lengths | {head, head + sealing.PIECE + sealing.TAG}:
        (tmp_path / "cut").write_bytes(whole[:length])
        with pytest.raises(Refused):
            unpacked(tmp_path / "cut", words)


def test_pieces_that_change_places_do_not_open(home, tmp_path):
    file = tmp_path / "sealed"
    archive.write(file, {}, home, WORDS)
    whole, head, piece = file.read_bytes(), len(sealing.MAGIC) + sealing._HEAD.size, sealing.PIECE + sealing.TAG
    first, second, rest = whole[head : head + piece], whole[head + piece : head + 2 * piece], whole[head + 2 * piece :]
    for order in ((second, first, rest), (first, first, second, rest), (first, rest)):
        (tmp_path / "mixed").write_bytes(whole[:head] + b"".join(order))
        with pytest.raises(Refused):
            unpacked(tmp_path / "mixed", WORDS)


def test_a_wrong_passphrase_and_none_are_told_apart(made):
    file, words = made
    if words is None:
        return
    with pytest.raises(Refused, match="This passphrase does not open"):
        unpacked(file, "other words")
    with pytest.raises(Refused, match="is sealed"):
        unpacked(file, None)


def test_nothing_of_what_is_sealed_can_be_read(home, tmp_path):
    archive.write(tmp_path / "sealed", {"program": "a word to look for"}, home, WORDS)
    whole = (tmp_path / "sealed").read_bytes()
    assert b"a word to look for" not in whole
    assert gzip.compress(b"")[:2] not in whole[:200]


def test_memory_does_not_grow_with_the_file(tmp_path):
    (tmp_path / "content").mkdir()
    (tmp_path / "content" / "large").write_bytes(os.urandom(40_000_000))
    tracemalloc.start()
    try:
        archive.write(tmp_path / "sealed", {}, tmp_path / "content", WORDS)
        assert tracemalloc.get_traced_memory()[1] < 12_000_000
    finally:
        tracemalloc.stop()


def forged(path: Path, *members: tuple[tarfile.TarInfo, bytes], about: dict | None = None, manifest=None) -> Path:
    """A file as a stranger might make it."""
    said = {
        "format": archive.FORMAT,
        "bytes": 10_000,
        "program": "9.9.9",
        "database": "database.sqlite3",
        **(about or {}),
    }
    front, end = tarfile.TarInfo(archive.ABOUT), tarfile.TarInfo(archive.MANIFEST)
    all_members = [(front, json.dumps(said).encode()), *members]
    all_members.append((end, json.dumps({} if manifest is None else manifest).encode()))
    with tarfile.open(path, "w:gz") as tar:
        for member, content in all_members:
            member.size = len(content) if member.type in (tarfile.REGTYPE, tarfile.AREGTYPE) else 0
            tar.addfile(member, io.BytesIO(content))
    return path


def member(name: str, kind: bytes = tarfile.REGTYPE, link: str = "") -> tarfile.TarInfo:
    made = tarfile.TarInfo(name)
    made.type, made.linkname = kind, link
    return made


STRAYS = {
    "above": member("home/../../escaped"),
    "absolute": member("/tmp/escaped"),
    "dot": member("home/./escaped"),
    "twice": member("home//escaped"),
    "symlink": member("home/link", tarfile.SYMTYPE, "/etc"),
    "hard link": member("home/link", tarfile.LNKTYPE, "about.json"),
    "device": member("home/null", tarfile.CHRTYPE),
    "pipe": member("home/pipe", tarfile.FIFOTYPE),
    "folder": member("home/folder", tarfile.DIRTYPE),
}


@pytest.mark.parametrize("stray", STRAYS)
def test_what_is_no_plain_file_inside_is_refused(stray, tmp_path):
    file = forged(tmp_path / "backup", (STRAYS[stray], b"x"))
    with pytest.raises(Refused, match="no plain file inside it"):
        unpacked(file, None)


def test_more_than_was_said_two_of_a_name_and_what_nobody_named_are_refused(tmp_path):
    large = forged(tmp_path / "large", (member("home/a"), bytes(20_000)))
    with pytest.raises(Refused, match="holds more than it says"):
        unpacked(large, None)
    twice = forged(tmp_path / "twice", (member("home/a"), b"x"), (member("home/a"), b"y"))
    with pytest.raises(Refused, match="no plain file"):
        unpacked(twice, None)
    unnamed = forged(tmp_path / "unnamed", (member("home/a"), b"x"))
    with pytest.raises(Refused, match="home/a is not as it was packed"):
        unpacked(unnamed, None)
    missing = forged(tmp_path / "missing", manifest={"home/a": "0" * 64})
    with pytest.raises(Refused, match="home/a is not as it was packed"):
        unpacked(missing, None)


@pytest.mark.parametrize(
    ("file", "said"),
    [
        (lambda path: path.write_text("Dear diary"), "is not a backup that OpenPractice made"),
        (lambda path: path.write_bytes(gzip.compress(b"Dear diary" * 100)), "is not a backup that OpenPractice made"),
        (lambda path: forged(path, about={"format": 2}), "made by a newer version of OpenPractice (9.9.9)"),
        (lambda path: forged(path, about={"format": "1"}), "does not begin as one"),
        (lambda path: forged(path, about={"database": "database.pgdump"}), "holds a database of PostgreSQL"),
        (lambda path: forged(path, about={"bytes": 10**18}), "Make room first"),
        (lambda path: forged(path), "does not hold the stores that it says"),
        (lambda path: forged(path, about={"stores": {}}), "holds no database"),
    ],
)
def test_the_program_says_why_and_changes_nothing(file, said, tmp_path):
    file(tmp_path / "backup")
    place = Place(tmp_path / "home", {})
    place.home.mkdir()
    (place.home / "secret-key").write_text("of before")
    ran = place.openpractice("restore", tmp_path / "backup", "--replace")
    assert ran.returncode == 2
    assert said in ran.stderr
    assert "Traceback" not in ran.stderr
    left = {path.name for path in place.home.iterdir()} - {"running.lock", "writer.lock", "migrating.lock"}
    assert left == {"secret-key"}
    assert (place.home / "secret-key").read_text() == "of before"
