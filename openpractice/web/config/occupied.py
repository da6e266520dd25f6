"""Whether a server or a worker runs over a home: nothing is restored under its feet."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from openpractice.kinds import Refused

RESTORING = ".restoring-"  # begins the name of the folder that a backup is unpacked in, until the home is whole again


def check_whole(home: Path) -> None:
    """Raises Refused where a backup is being put back, or was and did not come to its end: half of it may be missing."""
    if any(home.glob(f"{RESTORING}*")):
        raise Refused(
            f"{home} is being restored from a backup, or that was cut off before its end. Where no restore is at work, "
            "run 'openpractice restore FILE --replace' again; what was there is put aside, and nothing is lost."
        )


@contextmanager
def running(home: Path) -> Iterator[None]:
    """A server or a worker is at work inside. Raises Refused while the home is being restored, or is half restored."""
    with (home / "running.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError as busy:
            raise Refused(f"{home} is being restored from a backup. Start again when that is done.") from busy
        check_whole(home)
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
