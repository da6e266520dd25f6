"""Several server processes on one socket: the system hands each visitor to one that is free.

This process only keeps them: it starts each, says when all of them answer, and starts one again that dies. A process
ends when this one does, in whatever way: it holds the other end of a pipe.
"""

from __future__ import annotations

import os
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from tempfile import TemporaryDirectory

AGAIN_AFTER = 1.0  # seconds: one that dies at once is not started a hundred times a second
PATIENCE = 10  # seconds that a process has to end
_ONE = "import sys; from openpractice.web.processes import one; one(int(sys.argv[1]), int(sys.argv[2]))"


class Process:
    """One server process: its number in the system, and the end of the pipe on which it says that it answers."""

    def __init__(self, listening: socket.socket):
        self.says, told = os.pipe()
        try:
            command = [sys.executable, "-c", _ONE, str(listening.fileno()), str(told)]  # this very program
            shared = [listening.fileno(), told]
            self.program = subprocess.Popen(command, stdin=subprocess.PIPE, pass_fds=shared)  # nosec B603
        finally:
            os.close(told)

    def answers(self) -> bool:
        """Waits until it does, or has died."""
        return os.read(self.says, 1) == b"."

    def lives(self) -> bool:
        return self.program.poll() is None

    def end(self) -> None:
        self.program.terminate()
        try:
            self.program.communicate(timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            self.program.kill()
            self.program.communicate()
        os.close(self.says)


def keep(listening: socket.socket, count: int, ready: Callable[[], None]) -> None:
    """Serve with `count` processes until told to stop. Calls `ready` once all of them answer.

    Raises KeyboardInterrupt when it was Ctrl+C that told it.
    """
    told: list[int] = []
    with _signals(told) as woken, TemporaryDirectory(prefix="openpractice-figures-") as figures:
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = figures  # of each process; see config/measured.py
        processes = [Process(listening) for _ in range(count)]
        try:
            if all(process.answers() for process in processes):
                ready()
            while not select.select([woken], [], [], AGAIN_AFTER)[0]:
                processes = [one if one.lives() else _again(one, listening) for one in processes]
        finally:
            for process in processes:
                process.program.terminate()
            for process in processes:
                process.end()
    if signal.SIGINT in told:
        raise KeyboardInterrupt


@contextmanager
def _signals(told: list[int]) -> Iterator[int]:
    """A pipe that can be read once somebody has said stop; who said it stands in `told`."""
    woken, wake = os.pipe()

    def note(number: int, _) -> None:
        told.append(number)
        os.write(wake, b".")

    before = {number: signal.signal(number, note) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield woken
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        os.close(woken)
        os.close(wake)


def _again(process: Process, listening: socket.socket) -> Process:
    print(f"A server process ended by itself ({process.program.returncode}) and is started again.", file=sys.stderr)
    process.end()
    return Process(listening)


def one(listening: int, told: int) -> None:
    """Be one of them: serve the socket that was handed over, until told to stop or left alone."""
    from openpractice.web.serve import run

    def ready(_: str) -> None:
        os.write(told, b".")
        os.close(told)

    with socket.socket(fileno=listening) as shared, suppress(KeyboardInterrupt):
        run(shared, ready, beside=sys.stdin.fileno())
    os._exit(0)  # pages may be reading ahead in a thread inside DuckDB; see cli/serve.py
