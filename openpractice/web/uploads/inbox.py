"""The watched folder: what is laid into HOME/inbox/CODE/ is received as that organisation's own, and what is laid into
HOME/inbox/published/ as published data for everybody. What cannot be received goes to HOME/inbox/refused/CODE/, with a note.

A file is moved into a folder of ours before it is read. So it is received once, whoever else looks, and what is laid in
its place meanwhile is another file. From a folder in which we may move nothing, nothing is received.
"""

from __future__ import annotations

import fcntl
import logging
import os
import secrets
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from django.conf import settings

from openpractice.kinds import Refused
from openpractice.web.organisations.models import Organisation
from openpractice.web.organisations.rules import NotAllowed
from openpractice.web.uploads import actions, refused
from openpractice.web.uploads.arriving import NotReceived
from openpractice.web.uploads.models import How
from openpractice.web.uploads.names import tidy

STILL = 3.0  # seconds without a change, after which a file is taken for whole
PUBLISHED = "published"
TAKEN = ".taken-"  # begins the name of a folder of ours, with one file in it that is being received
UNFINISHED = (".part", ".partial", ".tmp", ".crdownload", ".filepart", "~")  # names under which programs copy
log = logging.getLogger("openpractice.worker")


class Inbox:
    """The folder, and what was seen there the last time."""

    def __init__(self) -> None:
        self.folder = Path(settings.HOME) / "inbox"
        self.seen: dict[Path, tuple[tuple[int, int], float]] = {}
        self.said: dict[Path, str] = {}

    def look(self) -> int:
        """Receive every file that has not changed for some seconds; returns how many came in."""
        there = dict(self._there())
        self.seen = {path: seen for path, seen in self.seen.items() if path in there}
        self.said = {path: said for path, said in self.said.items() if path in there}
        return sum(self._tried(path, found) for path, found in there.items() if self._is_still(path, found))

    def _there(self) -> Iterator[tuple[Path, os.stat_result]]:
        for folder in _folders(self.folder):
            if folder.name != refused.FOLDER and not folder.name.startswith("."):
                yield from _files(Path(folder.path))
                for taken in _folders(Path(folder.path)):  # by a worker that was killed, or that met a full disk
                    if taken.name.startswith(TAKEN):
                        yield from _files(Path(taken.path))

    def _is_still(self, path: Path, found: os.stat_result) -> bool:
        now = time.monotonic()
        before = self.seen.get(path)
        if before is None or before[0] != _mark(found):
            self.seen[path] = (_mark(found), now)
            return False
        return now - before[1] >= STILL

    def _tried(self, path: Path, found: os.stat_result) -> bool:
        """One that gives trouble stands in no other's way, and is told of once."""
        try:
            return self._take(path, found)
        except FileNotFoundError:  # gone meanwhile
            return False
        except OSError as trouble:
            why = trouble.strerror or type(trouble).__name__
            if self.said.get(path) != why:
                log.warning("A file in the watched folder %s cannot be taken from it: %s", tidy(_code_of(path)), why)
            self.said[path] = why
            return False

    def _take(self, path: Path, found: os.stat_result) -> bool:
        code = _code_of(path)
        ours = path.parent if _is_taken(path) else path.with_name(f"{TAKEN}{secrets.token_hex(8)}")
        with _alone(ours) as alone:
            if not alone:  # another worker receives it
                return False
            if path.parent != ours:
                path = path.rename(ours / path.name)
            if _mark(path.lstat()) != _mark(found):  # it became another one; that is looked at from now on
                return False
            return self._received(path, code)

    def _received(self, path: Path, code: str) -> bool:
        try:
            _receive(path, code)
        except (NotAllowed, Refused, NotReceived, PermissionError) as why:
            if isinstance(why, NotReceived) and why.status >= 500:  # the server's trouble, not the file's: it stays
                self.seen.pop(path, None)
                return False
            unreadable = (
                f"{path.name} may not be read by the account under which OpenPractice runs. Change its permissions."
            )
            refused.lay_by(self.folder, code, path, unreadable if isinstance(why, PermissionError) else str(why))
            return False
        path.unlink()
        return True


def _receive(path: Path, code: str) -> None:
    if not stat.S_ISREG(path.lstat().st_mode):
        raise Refused(f"{path.name} is a folder or a link. Put the file itself into {code}.")
    organisation = None if code == PUBLISHED else Organisation.objects.filter(code=code).first()
    if organisation is None and code != PUBLISHED:
        raise Refused(f"No organisation here has the code {tidy(code)}. Name the folder after one that has been added.")
    # Not followed and never waited for, should it have become something else since it was looked at.
    with os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb") as file:
        actions.receive(organisation=organisation, by=None, how=How.FOLDER, name=path.name, stream=file)


@contextmanager
def _alone(ours: Path) -> Iterator[bool]:
    """A folder of ours that nobody else works in, made where there is none; gone once it is empty."""
    ours.mkdir(mode=0o700, exist_ok=True)
    handle = os.open(ours, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        yield _locked(handle)
    finally:
        with suppress(OSError):  # something is left in it
            ours.rmdir()
        os.close(handle)


def _locked(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _is_taken(path: Path) -> bool:
    return path.parent.name.startswith(TAKEN)


def _code_of(path: Path) -> str:
    return path.parent.parent.name if _is_taken(path) else path.parent.name


def _mark(found: os.stat_result) -> tuple[int, int]:
    return found.st_size, found.st_mtime_ns


def _folders(folder: Path) -> list[os.DirEntry]:
    return [entry for entry in _inside(folder) if entry.is_dir(follow_symlinks=False)]


def _files(folder: Path) -> Iterator[tuple[Path, os.stat_result]]:
    for entry in _inside(folder):
        if not entry.name.startswith((".", "~")) and not entry.name.lower().endswith(UNFINISHED):
            with suppress(OSError):  # gone in this moment
                yield Path(entry.path), entry.stat(follow_symlinks=False)


def _inside(folder: Path) -> list[os.DirEntry]:
    """What is in a folder, in order; nothing, where there is none or it cannot be read."""
    try:
        with os.scandir(folder) as entries:
            return sorted(entries, key=lambda entry: entry.name)
    except OSError:
        return []
