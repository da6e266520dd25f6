"""A home with uploads, on either database; a program that receives and shows them; and workers that read them."""

from __future__ import annotations

import ctypes
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

REPOSITORY = Path(__file__).parents[3]
SOURCES = REPOSITORY / "tests" / "data" / "sources"
SECONDS = 60
# Answers one line of JSON for each line of JSON: what to do, and with what.
AT_THE_DESK = """
import json, sys
from pathlib import Path
from openpractice.web.config import database
database.bring_up_to_date(Path(sys.argv[1]))
from openpractice.web.accounts.models import Person
from openpractice.web.config.seeing import across
from openpractice.web.audit.models import Entry
from openpractice.web.organisations.actions import add_organisation, appoint
from openpractice.web.uploads import actions
from openpractice.web.uploads.models import Upload

def begin():
    place = add_organisation(code="U99001", name="North Network", kind="pcn")
    person = Person.objects.create_user("merlin.oak@network.example", name="Merlin Oak")
    appoint(person=person, organisation=place, role="network_analyst")
    practice = add_organisation(code="Y99001", name="Queens Park Surgery", kind="practice")

def session():
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore
    person, made = Person.objects.get(), SessionStore()
    made[SESSION_KEY], made[BACKEND_SESSION_KEY] = str(person.pk), settings.AUTHENTICATION_BACKENDS[0]
    made[HASH_SESSION_KEY] = person.get_session_auth_hash()
    made.create()
    return made.session_key

def receive(path):
    with open(path, "rb") as stream:
        return actions.receive(organisation=None, by=Person.objects.get(), how="browser", name=path, stream=stream).pk

def show(number):
    one = Upload.objects.get(pk=number)
    names = ("state", "doing", "done", "error", "account", "attempts", "reader", "sha256", "name", "how")
    return {name: getattr(one, name) for name in names}

def cancel(number):
    actions.cancel(upload=Upload.objects.get(pk=number), by=Person.objects.get())

def again(number):
    actions.again(upload=Upload.objects.get(pk=number), by=Person.objects.get())

def numbers():
    return list(Upload.objects.order_by("pk").values_list("pk", flat=True))

def recorded():
    return [[one.action, json.loads(one.detail).get("what")] for one in Entry.objects.order_by("number")]

with across():
    for line in sys.stdin:
        name, *arguments = json.loads(line)
        print(json.dumps(globals()[name](*arguments)), flush=True)
"""


class Desk:
    """A home, its database, and somebody at the desk."""

    def __init__(self, home: Path, variables: dict[str, str]):
        self.home, self.variables = home, variables
        self.environment = {**os.environ, "OPENPRACTICE_HOME": str(home), **variables}
        command = [sys.executable, "-W", "error", "-c", AT_THE_DESK, str(home)]
        self.program = subprocess.Popen(
            command, env=self.environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.ask("begin")

    def ask(self, name: str, *arguments: Any) -> Any:
        self.program.stdin.write(json.dumps([name, *arguments]) + "\n")
        self.program.stdin.flush()
        answer = self.program.stdout.readline()
        assert answer, "the desk was left, with a traceback above"
        return json.loads(answer)

    def receive(self, path: Path | str) -> int:
        return self.ask("receive", str(path))

    def show(self, number: int) -> dict[str, Any]:
        return self.ask("show", number)

    def until(self, number: int, *states: str) -> dict[str, Any]:
        """Wait for an upload to come into one of these states."""
        return waited_for(lambda: found if (found := self.show(number))["state"] in states else None)

    def files(self) -> list[Path]:
        """What lies in the folders of arrivals."""
        return [path for path in self.home.rglob("arrived/*/*") if path.is_file()]

    def close(self) -> None:
        self.program.stdin.close()
        self.program.wait(timeout=SECONDS)
        self.program.stdout.close()

    @contextmanager
    def worker(self, *options: str, says: Sequence[str] = (), **more: Any) -> Iterator[subprocess.Popen]:
        """A worker, which must have nothing to say in its log but what is expected."""
        log = self.home / f"worker-{time.monotonic_ns()}.log"
        command = [sys.executable, "-W", "error", "-m", "openpractice", "--home", str(self.home), "worker", *options]
        with log.open("w") as errors:
            program = subprocess.Popen(command, env=self.environment, stderr=errors, **more)
        try:
            yield program
        finally:
            resume(program.pid)
            if program.poll() is None:
                program.send_signal(signal.SIGTERM)
            program.wait(timeout=SECONDS)
            if program.stdin:
                program.stdin.close()
        said = [line for line in log.read_text().splitlines() if not line.startswith("Reading what is uploaded")]
        assert [one for one in says if one not in "\n".join(said)] == []
        assert says or said == []


def waited_for(found: Callable[[], Any]) -> Any:
    """What is found at last; fails after a minute."""
    until = time.monotonic() + SECONDS
    while time.monotonic() < until:
        if answer := found():
            return answer
        time.sleep(0.05)
    raise AssertionError(f"not in {SECONDS} seconds")


def children(pid: int) -> list[int]:
    """The processes that a process has started."""
    try:
        return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except FileNotFoundError:
        return []


def paused_child(pid: int) -> int:
    """The ingest that a worker has begun, stopped before it has gone far, so that a test can act in the middle of it."""
    [child] = waited_for(lambda: children(pid))
    os.kill(child, signal.SIGSTOP)
    return child


def resume(pid: int) -> None:
    for child in children(pid):
        os.kill(child, signal.SIGCONT)


def obeying() -> None:
    """Called in a new process: not even root may then read or write what its permissions do not allow it."""
    libc = ctypes.CDLL(None)
    for capability in (1, 2, 3):  # override permissions, read whatever there is, do as an owner
        libc.prctl(24, capability, 0, 0, 0)  # out of the set that the program to come may have


def is_running(pid: int) -> bool:
    """Whether a process does anything still; one that is dead and only not yet buried does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except (FileNotFoundError, ProcessLookupError):
        return False
