"""Whether a server or a worker runs over a home: nothing is restored under its feet."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from openpractice.kinds import Refused


@contextmanager
def running(home: Path) -> Iterator[None]:
    """A server or a worker is at work inside. Raises Refused while the home is being restored."""
    with (home / "running.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError as busy:
            raise Refused(f"{home} is being restored from a backup. Start again when that is done.") from busy
        yield


@contextmanager
def stopped(home: Path) -> Iterator[None]:
    """Nobody is at work inside, and nobody begins. Raises Refused while a server, a worker or a load is."""
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    with ExitStack() as held:
        for path in (home / "running.lock", home / "writer.lock", *home.glob("own/*/writer.lock")):
            lock = held.enter_context(path.open("a"))
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as busy:
                raise Refused(
                    f"OpenPractice is running over {home}. Stop the server, the worker and every load first."
                ) from busy
        yield
