"""The trial: people and programs at work while something is killed at random moments, and then the reckoning."""

from __future__ import annotations

import json
import os
import random
import signal
import sqlite3
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from bench.faults.begun import MISSING
from bench.faults.clients import ENDED, Ledger, Loader, Reader, Signer, Uploader, Visitor, at_work
from bench.faults.place import Cluster, Place, Program, at

BETWEEN = (0.5, 6.0)  # seconds from one kill to the next
LOOKS = 30.0  # seconds from one look at everything to the next
DRAINED = 600  # seconds in which everything acknowledged must have ended once nobody kills any more
WHOLE = "is whole"


@dataclass(frozen=True)
class Outcome:
    """What a trial did and what it found."""

    database: str
    seconds: float
    kills: Counter
    counted: Counter
    statuses: Counter
    looks: int
    lost: tuple[str, ...]

    @property
    def writes(self) -> int:
        return sum(self.counted[kind] for kind in ("invited", "proposed", "signed", "withdrawn"))


class Trial:
    """One home, everybody at work there, and whoever kills."""

    def __init__(self, place: Place, cluster: Cluster | None, seed: int, tell: Callable[[str], None]):
        self.place, self.cluster, self.tell = place, cluster, tell
        self.chance, self.ledger, self.kills = random.Random(seed), Ledger(), Counter()
        self.stop, self.looks = threading.Event(), 0
        self.web = place.started("serve", "--port", str(place.port), "--no-worker")
        self.worker = place.started("worker")
        self.loader = Loader(place, self.ledger)
        practice, network = (Visitor(place, self.ledger, who) for who in ("practice", "network"))
        self.uploaders = [
            Uploader(practice, True, False, self.stop), Uploader(practice, True, True, self.stop),
            Uploader(network, False, False, self.stop), Uploader(network, False, True, self.stop),
        ]  # fmt: skip
        self.turns = [
            *self.uploaders, self.loader, Signer(practice, network, self.ledger),
            Reader(practice, network, self.ledger), Reader(practice, network, self.ledger),
        ]  # fmt: skip

    def victims(self) -> dict[str, Callable[[], bool]]:
        """What can be killed."""
        found: dict[str, Callable[[], bool]] = {
            "web": self.web.kill, "worker": self.worker.kill, "worker in an ingest": self._in_an_ingest,
            "ingest of the worker": self._ingest, "ingest by command": self.loader.kill,
        }  # fmt: skip
        if self.cluster:
            found["database, stopped at once"] = lambda: self.cluster.kill(signal.SIGQUIT)
            found["database"] = lambda: self.cluster.kill(signal.SIGKILL)
        return found

    def _children(self) -> list[int]:
        """The ingest that the worker has begun, waited for a moment."""
        until = time.monotonic() + 5
        while not (found := self.worker.children()) and time.monotonic() < until:
            time.sleep(0.005)
        time.sleep(self.chance.random() * 0.6 if found else 0)
        return self.worker.children()

    def _in_an_ingest(self) -> bool:
        return bool(self._children()) and self.worker.kill()

    def _ingest(self) -> bool:
        for child in self._children():
            try:
                os.kill(child, signal.SIGKILL)
                return True
            except ProcessLookupError:
                pass
        return False

    def run(self, seconds: float) -> None:
        """Everybody works and something dies, for so long; then nobody kills, and all that waits is read."""
        with at_work(self.turns, self.ledger, self.stop):
            until, look = time.monotonic() + seconds, time.monotonic() + LOOKS
            while time.monotonic() < until:
                time.sleep(self.chance.uniform(*BETWEEN))
                self._kill()
                if time.monotonic() > look:
                    self.look(over=False)
                    look = time.monotonic() + LOOKS
            self.stop.set()
        self._drain()
        self._end()

    def _kill(self) -> None:
        name = self.chance.choice(list(self.victims()))
        if self.victims()[name]():
            self.kills[name] += 1

    def _drain(self) -> None:
        """Everything that was acknowledged comes to its end."""
        until = time.monotonic() + DRAINED
        for kind, *what in list(self.ledger.acknowledged):
            if kind == "uploaded":
                own, other = self.uploaders[0], self.uploaders[2]
                here = own.visitor.ask("GET", f"/api/v1/uploads/own/{what[0]}").status != 404
                left = max(until - time.monotonic(), 1)
                if (state := (own if here else other).follow(what[0], left)) not in ENDED:
                    self.ledger.complain(f"upload {what[0]} is still {state or 'unknown'}")

    def _end(self) -> None:
        """Everything ends in order; a worker that starts once more sweeps up what nobody waits for."""
        self.worker.kill()
        time.sleep(2)
        until = time.monotonic() + 30
        while self.place.arrived() and time.monotonic() < until:
            time.sleep(0.2)
        for program in (self.worker, self.web):
            program.stop()
        self.look(over=True)
        for path in self.place.arrived():
            self.ledger.complain(f"a file of an upload was left: {path.relative_to(self.place.home.parent)}")

    def look(self, over: bool) -> None:
        """Whether everything acknowledged is there, and all that is kept is whole."""
        self.looks += 1
        acknowledged = list(self.ledger.acknowledged)
        given = json.dumps({"acknowledged": acknowledged, "over": over})
        missing, sealed = json.loads(self._patiently(lambda: self.place.run(MISSING, given=given)))
        for what in missing:
            self.ledger.complain(f"lost: {what}")
        self._stores(acknowledged, sealed, over)
        self._patiently(lambda: _done(self.place.verb("audit", "verify")))
        if not self.cluster:
            self._sqlite(self.place.home / "openpractice.sqlite3")

    def _patiently(self, ask: Callable[[], str]) -> str:
        """What is asked of a database that may have been killed a moment ago is asked again."""
        for turn in range(20):
            try:
                return ask()
            except RuntimeError as trouble:
                if turn == 19:
                    self.ledger.complain(str(trouble)[-500:])
                time.sleep(0.5)
        return "[[], []]"

    def _stores(self, acknowledged: list[tuple], sealed: list, over: bool) -> None:
        """Each store opens and is whole, and holds the files that were loaded into it."""
        homes = {"": self.place.home, "Y99001": self.place.home / "own" / "Y99001"}
        wanted = [("", what[1]) for what in acknowledged if what[0] == "ingested"] + [tuple(one) for one in sealed]
        for code, home in homes.items():
            if not (home / "catalogue.sqlite").exists():
                continue
            checked = self.place.verb("check", home=home)
            if checked.returncode not in (0, 1):
                self.ledger.complain(f"the store of {code or 'all'}: {checked.stdout}{checked.stderr}")
            self._sqlite(home / "catalogue.sqlite")
            with closing(sqlite3.connect(f"file:{home / 'catalogue.sqlite'}?mode=ro", uri=True)) as store:
                held = {sha for (sha,) in store.execute("SELECT sha256 FROM files WHERE status = 'loaded'")}
            for whose, sha in wanted:
                if whose == code and sha not in held:
                    self.ledger.complain(f"a loaded file is not in the store of {code or 'all'}")

    def _sqlite(self, path: Path) -> None:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=60)) as database:
            if (said := database.execute("PRAGMA integrity_check").fetchone()[0]) != "ok":
                self.ledger.complain(f"{path.name}: {said}")

    def close(self) -> None:
        for program in (self.worker, self.web):
            program.stop()
            self._read_log(program)

    def _read_log(self, program: Program) -> None:
        """What a program wrote to its log: a traceback is a fault, whatever it says."""
        lines = program.log.read_text(errors="replace").splitlines()
        for n, line in enumerate(lines):
            if line.startswith("Traceback"):
                end = next((m for m in range(n + 1, len(lines)) if not lines[m].startswith((" ", "Traceback"))), n)
                self.ledger.complain(
                    f"a traceback in the log of {program.name}: {' | '.join(lines[end - 6 : end + 3])}"
                )


def _done(ran) -> str:
    if ran.returncode:
        raise RuntimeError(f"{' '.join(map(str, ran.args[-2:]))}: {ran.stdout}{ran.stderr}")
    return ran.stdout


def run(database: str, seconds: float, seed: int, tell: Callable[[str], None] = print) -> Outcome:
    """A trial of so many seconds on a database of a kind, in a folder of its own that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="op-faults-") as folder, at(Path(folder), database) as (place, cluster):
        began = time.monotonic()
        trial = Trial(place, cluster, seed, tell)
        try:
            trial.run(seconds)
        finally:
            trial.close()
        ledger = trial.ledger
        return Outcome(
            database, time.monotonic() - began, trial.kills, ledger.counted, ledger.statuses, trial.looks,
            tuple(ledger.wrong),
        )  # fmt: skip
