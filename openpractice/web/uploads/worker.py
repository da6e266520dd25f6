"""The worker: reads uploads as they come, watches the folder, and keeps house.

It waits in one place only, for a signal, for the end of the server beside which it was started, or for time to pass.
One that is killed leaves an upload without signs of life; the next to look, here or in another worker, puts it back.
"""

from __future__ import annotations

import datetime
import logging
import os
import secrets
import select
import signal
import socket
import time
from collections.abc import Callable
from contextlib import suppress

from django.db import OperationalError, close_old_connections, connection
from django.utils import timezone

from openpractice.web.config import pulse
from openpractice.web.config.seeing import across
from openpractice.web.uploads import daily, jobs
from openpractice.web.uploads.course import PutBack
from openpractice.web.uploads.inbox import Inbox
from openpractice.web.uploads.models import State, Upload
from openpractice.web.uploads.reading import Watcher, watcher

LOOK, TICK = 0.3, 2.0  # seconds between looks into the queue, and into the folder
LIFELESS = datetime.timedelta(seconds=15)  # without a sign of life, a worker is taken for dead; it gives one a second
log = logging.getLogger("openpractice.worker")


class Worker:
    """Works until it is told to stop, or until `beside`, a file descriptor, is closed at its other end."""

    def __init__(self, beside: int | None = None):
        self.name = f"{socket.gethostname()[:40]}:{os.getpid()}:{secrets.token_hex(4)}"
        self.beside, self.told = beside, False
        self._woken, self._wake = os.pipe()
        os.set_blocking(self._wake, False)
        self._due: dict[Callable[[], object], float] = {}
        self._inbox = Inbox()

    @across()  # it reads files of all
    def run(self) -> None:
        """Work until told to stop."""
        before = signal.set_wakeup_fd(self._wake)  # a signal ends the wait at once
        for kind in (signal.SIGTERM, signal.SIGINT):
            signal.signal(kind, lambda number, frame: self.stop())
        watcher.set(Watcher(self.is_stopping, self._pipes()))
        try:
            self.house(daily.sweep)
            while not self.is_stopping():
                if not self.one():
                    select.select(self._pipes(), [], [], LOOK)
        finally:
            signal.set_wakeup_fd(before)
            pulse.ended()

    def stop(self) -> None:
        self.told = True

    def is_stopping(self) -> bool:
        """Whether somebody has said so, or the server beside it is gone."""
        if self.beside is not None and select.select([self.beside], [], [], 0)[0] and not os.read(self.beside, 1):
            self.told = True
        return self.told

    def _pipes(self) -> list[int]:
        return [self._woken] if self.beside is None else [self._woken, self.beside]

    def one(self) -> bool:
        """Keep house where that is due, and read one upload; False when none waits."""
        pulse.beat()
        for chore, seconds in ((self._inbox.look, TICK), (revive, TICK), (daily.run_due, 60.0)):
            if time.monotonic() >= self._due.get(chore, 0):
                self.house(chore)
                self._due[chore] = time.monotonic() + seconds
        return bool(self.house(self._read_one))

    def house(self, chore: Callable[[], object]) -> object:
        """Do something that must not end the worker, whatever happens to it."""
        close_old_connections()
        try:
            return chore()
        except OperationalError as trouble:  # the database restarts, or is busy
            connection.close()
            log.warning("The database does not answer, and is asked again: %s", " ".join(str(trouble).split())[:200])
        except Exception:
            log.exception("The worker had trouble, and goes on.")
        select.select(self._pipes(), [], [], 1.0)
        return None

    def _read_one(self) -> bool:
        job = jobs.claim(self.name)
        if job is None:
            return False
        with suppress(PutBack):
            jobs.over(job, job.task.call(*job.args_kwargs["args"]))
        return True


def revive() -> int:
    """Put back what a worker that is dead was reading; returns how many."""
    lifeless = Upload.objects.filter(state=State.READING, heartbeat__lt=timezone.now() - LIFELESS)
    return sum(jobs.put_back(upload, heartbeat=upload.heartbeat) for upload in lifeless)
