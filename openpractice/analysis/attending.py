"""Work that somebody watches, and can stop: it is done in a thread of its own while this one tells how it goes."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import TypeVar

from openpractice.store.stopping import Stopping

T = TypeVar("T")
OFTEN = 0.25  # seconds between two times that the watcher is told


def attended(work: Callable[[], T], tell: Callable[[], None], stopping: Stopping) -> T:
    """Do the work; `tell` is called at once and several times a second until it is done.

    What `tell` raises, or Ctrl+C, stops the work and is raised here once it has ended. What the work raises, likewise.
    """
    tell()
    with ThreadPoolExecutor(max_workers=1) as pool:
        doing = pool.submit(work)
        try:
            while not _done(doing):
                tell()
        except BaseException:
            stopping.ask()
            while not _done(doing):
                stopping.ask()
            raise
        return doing.result()


def _done(doing: Future) -> bool:
    return bool(wait([doing], timeout=OFTEN).done)
