"""Where a trial happens: a home, its database, and the programs over it, each started again whenever it ends."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from bench.faults.begun import BEGIN
from tests import postgres

REPOSITORY = Path(__file__).parents[2]
AGAIN = 0.3  # seconds until a program that ended is started again
PATIENCE = 120


class Place:
    """A home with a database of either kind."""

    def __init__(self, home: Path, variables: dict[str, str], temporary: Path | None = None):
        self.home, self.variables = home, variables
        self.temporary = temporary or home.parent / "tmp"  # where requests lay down what does not fit into memory
        for folder in (home, self.temporary):
            folder.mkdir(parents=True)
        settings = {"DJANGO_SETTINGS_MODULE": "openpractice.web.config.settings", "OPENPRACTICE_HOME": str(home)}
        many = {"OPENPRACTICE_API_OPEN": "1000000", "OPENPRACTICE_API_TOKEN": "1000000"}
        ours = {"TMPDIR": str(self.temporary), "PYTHONPATH": str(REPOSITORY)}
        self.environment = {**os.environ, **settings, **many, **ours, **variables}
        self.known = json.loads(self.run(BEGIN, str(home)))
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]

    def run(self, script: str, *arguments: str, given: str = "") -> str:
        """Run a Python program to its end and give what it printed."""
        command = [sys.executable, "-W", "error", "-c", script, *arguments]
        ran = subprocess.run(command, env=self.environment, input=given, capture_output=True, text=True)
        if ran.returncode:
            raise RuntimeError(ran.stderr)
        return ran.stdout

    def verb(self, *arguments: str, home: Path | None = None) -> subprocess.CompletedProcess:
        """Run the program to its end."""
        return subprocess.run(self.command(*arguments, home=home), env=self.environment, capture_output=True, text=True)

    def command(self, *arguments: str, home: Path | None = None) -> list[str]:
        return [sys.executable, "-W", "error", "-m", "openpractice", "--home", str(home or self.home), *arguments]

    def started(self, *arguments: str, log: Path | None = None) -> Program:
        """A program over the home, with its log in a folder: beside the home, unless another is named."""
        return Program(self, arguments[0], self.command(*arguments), log or self.home.parent)

    def arrived(self) -> list[Path]:
        """Files of uploads that lie on the disk, and what a request may have laid there before it was taken."""
        waiting = [path for path in self.home.rglob("arrived/*/*") if path.is_file()]
        laid_down = [path for path in self.temporary.rglob("*") if path.is_file()]
        # A killed reader leaves its plans: which month of which area a part speaks of, and nothing of any file.
        return waiting + [path for path in laid_down if not path.parent.name.startswith("openpractice-")]


class Program:
    """A program that is started again whenever it ends, as a service manager would."""

    def __init__(self, place: Place, name: str, command: Sequence[str], logs: Path):
        self.place, self.name, self.command = place, name, command
        self.log = logs / f"{name}.log"
        self.stopping, self.killed, self.starts = False, 0, 0
        self._process: subprocess.Popen | None = None
        self._keeper = threading.Thread(target=self._keep, name=f"keeps {name}", daemon=True)
        self._keeper.start()

    def _keep(self) -> None:
        while not self.stopping:
            with self.log.open("ab") as log:
                self._process = subprocess.Popen(
                    self.command, env=self.place.environment, stdout=subprocess.DEVNULL, stderr=log
                )
            self.starts += 1
            self._process.wait()
            time.sleep(AGAIN)

    @property
    def pid(self) -> int | None:
        """The number of the process, while it lives."""
        process = self._process
        return process.pid if process and process.poll() is None else None

    def kill(self) -> bool:
        """Kill it with a signal that it cannot catch."""
        if pid := self.pid:
            os.kill(pid, signal.SIGKILL)
            self.killed += 1
        return bool(pid)

    def children(self) -> list[int]:
        if not (pid := self.pid):
            return []
        try:
            return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
        except (FileNotFoundError, ProcessLookupError):
            return []

    def stop(self) -> None:
        """Let it end in order."""
        self.stopping = True
        if pid := self.pid:
            os.kill(pid, signal.SIGTERM)
        self._keeper.join(timeout=PATIENCE)


class Cluster:
    """The PostgreSQL server of a trial, which can be stopped at once and started again over the same folder."""

    def __init__(self, environment: dict[str, str]):
        self.folder, self.killed = Path(environment["PGHOST"]), 0
        self._again: subprocess.Popen | None = None

    def kill(self, number: int) -> bool:
        """An immediate stop (SIGQUIT), or not even that; then a start, which recovers from the log."""
        try:
            pid = int((self.folder / "data" / "postmaster.pid").read_text().splitlines()[0])
        except (OSError, IndexError):  # it is only just starting
            return False
        os.kill(pid, number)
        self.killed += 1
        self._wait_for_end()
        command = [postgres._found()["postgres"], "-D", self.folder / "data", "-k", self.folder]
        options = ["-c", "listen_addresses=", "-c", "restart_after_crash=off"]
        quiet = {"cwd": self.folder, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        self._again = subprocess.Popen([*command, *options], **postgres._unprivileged(), **quiet)
        return True

    def _wait_for_end(self) -> None:
        """Its own processes must be gone, or the next server may not begin."""
        if self._again:
            self._again.wait(timeout=PATIENCE)
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until and any(_belongs(one, self.folder) for one in _processes()):
            time.sleep(0.05)
        # What it held is a process that nobody has buried yet, which the next one would take for alive.
        for lock in (self.folder / "data" / "postmaster.pid", *self.folder.glob(".s.PGSQL.*.lock")):
            lock.unlink(missing_ok=True)

    def stop(self) -> None:
        if self._again:
            self._again.send_signal(signal.SIGINT)
            self._again.wait(timeout=PATIENCE)


def _processes() -> list[int]:
    return [int(path.name) for path in Path("/proc").iterdir() if path.name.isdigit()]


def _belongs(pid: int, folder: Path) -> bool:
    """Whether a living process works in a folder."""
    try:
        dead = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] in "ZX"
        return not dead and os.readlink(f"/proc/{pid}/cwd").startswith(str(folder))
    except OSError:
        return False


@contextmanager
def at(folder: Path, database: str) -> Iterator[tuple[Place, Cluster | None]]:
    """A place in a folder, and where it has one its PostgreSQL."""
    with ExitStack() as held:
        variables, cluster = {}, None
        if database == "postgresql":
            made = held.enter_context(postgres.cluster())
            cluster = Cluster(made)
            held.callback(cluster.stop)
            variables = postgres.two_roles(made, "trial")
        yield Place(folder / "home", variables), cluster
