"""One ingest in a process of its own, beside the worker that looks after it.

So it can be stopped at any moment, also deep inside a query: an ingest is all or nothing, and whatever a process held
in memory is gone with it. What a file does to the engine, it does not do to the worker. It ends with the worker, too:
the pipe between them closes. And it is the politer process: pages come first.
"""

from __future__ import annotations

import json
import logging
import os
import resource
import select
import signal
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.db import connections

from openpractice.kinds import Refused
from openpractice.web.config.trouble import told
from openpractice.web.organisations.models import Organisation
from openpractice.web.uploads.place import owner_of, store_of

NICENESS = 5
MEMORY = 0.85  # of this machine's: DuckDB takes less and spills, and a hostile file takes nobody else's
MINUTES = 30  # of a processor's time: the largest publications take a few
log = logging.getLogger("openpractice.worker")


class Ingest:
    """A running ingest. `messages` gives what it has said since, as dictionaries, the last one with its outcome."""

    def __init__(self, organisation: Organisation | None, path: Path):
        from openpractice.analysis.recompute import ingest  # now, so that each child finds it loaded
        from openpractice.measures import catalogue as measures
        from openpractice.sources import catalogue as sources

        sources(), measures()  # a hundred small modules, which each child would read anew
        connections.close_all()  # a connection does not survive being shared between two processes
        hears, says = os.pipe()
        held, alive = os.pipe()
        self.pid = os.fork()
        if not self.pid:
            os.close(hears)
            os.close(alive)
            _be_child(held, says, lambda progress: _outcome(ingest, organisation, path, progress))
        os.close(says)
        os.close(held)
        self._hears, self._alive, self._rest = hears, alive, b""
        self.ended = False

    def messages(self, wait: float, also: list[int]) -> Iterator[dict[str, Any]]:
        """What it says within `wait` seconds; less when something comes from one of `also`."""
        ready, _, _ = select.select([self._hears, *also], [], [], wait)
        if self._hears not in ready:
            return
        said = os.read(self._hears, 1 << 16)
        self.ended = not said
        *lines, self._rest = (self._rest + said).split(b"\n")
        yield from map(json.loads, lines)

    def stop(self) -> int:
        """End it, if it has not ended, and let go of all that it held. Gives the signal that ended it, or 0."""
        if not self.ended:
            with suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)
        for pipe in (self._hears, self._alive):
            os.close(pipe)
        _, status = os.waitpid(self.pid, 0)
        return os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0


def _be_child(held: int, says: int, work) -> None:
    """Do the work and tell the parent; never return into the parent's code."""
    try:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C in a terminal reaches all; the worker decides
        threading.Thread(target=_end_with_the_worker, args=(held,), daemon=True).start()
        os.nice(NICENESS)
        with suppress(OSError, ValueError):  # not every system can say or hold it
            _take_no_more_than(MEMORY)
            _limit(resource.RLIMIT_CPU, MINUTES * 60)

        def tell(**message: Any) -> None:
            os.write(says, json.dumps(message).encode() + b"\n")

        tell(**work(lambda what, done, steps: tell(doing=what, done=done, steps=steps)))
    except BaseException:
        log.exception("The reading of an upload broke off")
    finally:
        os._exit(0)


def _take_no_more_than(share: float) -> None:
    """Limit the memory of this process: what asks for more ends it, or fails in it, and touches nothing else."""
    machine = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    taken = int(Path("/proc/self/statm").read_text().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    _limit(resource.RLIMIT_AS, taken + int(machine * share))


def _limit(kind: int, most: int) -> None:
    _, hard = resource.getrlimit(kind)
    resource.setrlimit(kind, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))


def _end_with_the_worker(held: int) -> None:
    os.read(held, 1)  # nothing is ever written: it ends when the other end is closed, by the worker or by its death
    os._exit(1)


def _outcome(ingest, organisation: Organisation | None, path: Path, progress) -> dict[str, Any]:
    """What became of the file: its accounts, or that the store is busy, or what stood in the way."""
    try:
        owner = owner_of(organisation)
        ours = {"owner": owner} if owner else {}
        accounts = ingest(store_of(organisation), [path], progress, **ours)
    except Refused as why:
        return {"busy": True} if isinstance(why.__cause__, BlockingIOError) else {"trouble": str(why)}
    except Exception as fault:
        log.exception("An upload could not be read")
        return {"trouble": _in_words(fault), "again": told(fault) is not None}
    return {"accounts": [account.as_json() for account in accounts]}


def _in_words(fault: Exception) -> str:
    """Never in the fault's own words: they may repeat what is in a file, or where it lies."""
    if isinstance(fault, OSError) and fault.strerror:
        return f"The disk of this server gave trouble ({fault.strerror})."
    return f"Something went wrong in this server, not in the file ({type(fault).__name__})."
