"""Reading one upload: the ingest is watched, its progress told, and it is stopped where somebody asks for that."""

from __future__ import annotations

import signal as signals
import time
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from django.db import OperationalError, connection

from openpractice.web.config import pulse
from openpractice.web.uploads import accounts, course, jobs, place
from openpractice.web.uploads.course import PutBack
from openpractice.web.uploads.ingesting import MINUTES, Ingest
from openpractice.web.uploads.models import Upload
from openpractice.web.uploads.rules import ATTEMPTS

LOOK, BEAT = 0.5, 1.0  # seconds between looks for a cancel, and between signs of life
BUSY = 1.0  # seconds until a store is asked again into which another ingest writes
TROUBLE = 10.0  # seconds until a file is tried again that met a full disk
# How a program ends by its own fault: it would end so each time. Killed by somebody else, it may be tried again.
_OF_ITSELF = {signals.SIGABRT, signals.SIGSEGV, signals.SIGBUS, signals.SIGFPE, signals.SIGILL, signals.SIGTRAP}
WAITS = "Waiting until another load into the same data has finished"
TROUBLED = "Waiting to be tried again, because this server had trouble with its disk"


@dataclass(frozen=True)
class Watcher:
    """How the worker is told to end: `pipes` wake it, `stopping` says whether it shall."""

    stopping: Callable[[], bool] = lambda: False
    pipes: list[int] = field(default_factory=list)


watcher: ContextVar[Watcher] = ContextVar("watcher", default=Watcher())  # noqa: B039  (frozen, and nobody appends)


def read(upload: Upload) -> str:
    """Read a file to its end, and say in which state that leaves the upload. Raises PutBack."""
    path = place.file_of(upload)
    if course.is_cancelled(upload):  # while it waited for another load, or its worker died
        return course.cancel(upload)
    if upload.attempts > ATTEMPTS:
        return course.fail(upload, f"The reading of {upload} was broken off {ATTEMPTS} times.")
    if not path.is_file():
        return course.fail(upload, f"{upload} is not kept here any more. Upload it again.")
    ingest = Ingest(upload.organisation, path)
    watched = _Watched(upload, ingest)
    try:
        said = watched.to_the_end()
    finally:
        signal = ingest.stop()
    return _conclude(upload, said, signal)


class _Watched:
    """An ingest and its upload, kept in step."""

    def __init__(self, upload: Upload, ingest: Ingest):
        self.upload, self.ingest = upload, ingest
        self.looked = self.beaten = time.monotonic()
        self.changed = False

    def to_the_end(self) -> dict[str, Any]:
        """What the ingest said last, or why it was not waited for."""
        watching, last = watcher.get(), {}
        while not self.ingest.ended:
            for message in self.ingest.messages(LOOK / 2, watching.pipes):
                last = message
                self.note(message)
            if watching.stopping():
                return {"stopped": True}
            if why := self.look():
                return why
        return last

    def note(self, message: dict[str, Any]) -> None:
        if "doing" in message:
            before = (self.upload.doing, self.upload.done)
            self.upload.doing = accounts.doing(self.upload, message["doing"])
            self.upload.done, self.upload.steps = message["done"], message["steps"]
            self.changed = self.changed or before != (self.upload.doing, self.upload.done)

    def look(self) -> dict[str, Any]:
        """Twice a second: has somebody cancelled it, or does another worker have it? Then not a moment longer."""
        now = time.monotonic()
        if now - self.looked < LOOK:
            return {}
        self.looked = now
        pulse.beat()
        try:
            if course.is_cancelled(self.upload):
                return {"cancelled": True}
            if self.changed or now - self.beaten >= BEAT:
                self.changed, self.beaten = False, now
                return {} if course.beat(self.upload) else {"lost": True}
        except OperationalError:  # the database is busy or restarts: the ingest need not know
            connection.close()
        return {}


def _conclude(upload: Upload, said: dict[str, Any], signal: int) -> str:
    """Write down what became of it, as soon as the database lets us."""
    if "lost" in said:
        raise PutBack
    if accounts.tells_too_little(upload, said.get("accounts")) and (told := accounts.of_store(upload)):
        said = {"accounts": told}
    while True:
        try:
            return _written(upload, said, signal)
        except OperationalError:
            connection.close()
            if watcher.get().stopping():  # the next worker finds it, and that it was loaded
                raise PutBack from None
            time.sleep(BUSY)


def _written(upload: Upload, said: dict[str, Any], signal: int) -> str:
    if "accounts" in said:
        return course.finish(upload, said["accounts"])
    if "cancelled" in said or course.is_cancelled(upload):
        return course.cancel(upload)
    if "stopped" in said or "busy" in said:
        upload.doing = WAITS if "busy" in said else ""
        upload.attempts -= 1  # it was no fault of the file
        jobs.put_back(upload, BUSY if "busy" in said else 0)
        raise PutBack
    if signal in _OF_ITSELF:
        return course.refuse(
            upload,
            f"{upload} ended the program that reads it, so it is damaged, or far larger than it looks. Nothing of it was "
            "loaded. Export or download it again.",
        )
    if signal == signals.SIGXCPU:
        return course.refuse(
            upload,
            f"{upload} took too long: after {MINUTES} minutes of work its reading was ended. Nothing of it was loaded. "
            "Split it, for example by month, or save a workbook as CSV, and upload that.",
        )
    if said.get("again") and upload.attempts < ATTEMPTS:
        upload.doing = TROUBLED
        jobs.put_back(upload, TROUBLE)
        raise PutBack
    how = f" (signal {signal})" if signal else ""
    return course.fail(upload, said.get("trouble") or f"The reading of {upload} ended without a word{how}.")
