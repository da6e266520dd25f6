"""People and programs at work: they upload, read and write without pause, and remember what was acknowledged."""

from __future__ import annotations

import hashlib
import http.client
import json
import secrets
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import NamedTuple
from urllib.parse import urlencode

from bench.faults import editions
from bench.faults.place import Place

ENDED = ("loaded", "unchanged", "refused", "cancelled")
WAITED_FOR = 20  # seconds: then the next file is brought, and this one is asked for at the end
COOKIE = "c" * 32
MARK = "----------------between-files"


class Answer(NamedTuple):
    """What a server said; a status of 0 when it said nothing to the end."""

    status: int
    body: bytes
    location: str


@dataclass
class Ledger:
    """What was acknowledged and what went wrong, as all who work here tell it."""

    acknowledged: list[tuple] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    counted: Counter = field(default_factory=Counter)
    statuses: Counter = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, *what: object) -> None:
        """Remember an acknowledged write."""
        with self.lock:
            self.acknowledged.append(what)
            self.counted[what[0]] += 1

    def count(self, what: str) -> None:
        with self.lock:
            self.counted[what] += 1

    def complain(self, what: str) -> None:
        with self.lock:
            self.wrong.append(what)

    def answered(self, status: int, where: str) -> None:
        with self.lock:
            self.statuses[status] += 1
            if status == 500:
                self.wrong.append(f"{where} was answered with 500")


class Visitor:
    """Somebody with a session, or a program with a token."""

    def __init__(self, place: Place, ledger: Ledger, who: str):
        known = place.known[who]
        self.place, self.ledger = place, ledger
        self.person = {"Cookie": f"openpractice={known['session']}; csrftoken={COOKIE}", "X-CSRFToken": COOKIE}
        self.program = {"Authorization": f"Bearer {known['token']}"}

    def ask(self, method: str, path: str, body: bytes | None = None, **headers: str) -> Answer:
        """Ask once. A server that is dead or dies meanwhile gives status 0."""
        who = self.program if path.startswith("/api/") else self.person
        line = http.client.HTTPConnection("127.0.0.1", self.place.port, timeout=60)
        try:
            line.request(method, path, body, {**who, **headers})
            with line.getresponse() as said:
                answer = Answer(said.status, said.read(), said.getheader("Location", ""))
        except (OSError, http.client.HTTPException):
            answer = Answer(0, b"", "")
        finally:
            line.close()
        self.ledger.answered(answer.status, f"{method} {path}")
        if answer.status in (0, 503):
            time.sleep(0.1)
        return answer

    def form(self, path: str, *fields: tuple[str, object]) -> Answer:
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        return self.ask("POST", path, urlencode(fields).encode(), **kind)


@contextmanager
def at_work(turns: list[Callable[[], None]], ledger: Ledger, stop: threading.Event) -> Iterator[None]:
    """Each of them again and again, beside each other, until `stop` or the end of the block."""

    def work(turn: Callable[[], None]) -> None:
        while not stop.is_set():
            try:
                turn()
            except Exception as fault:
                ledger.complain(f"the trial itself: {type(fault).__name__}: {fault}")
                time.sleep(1)

    threads = [threading.Thread(target=work, args=(turn,), daemon=True) for turn in turns]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join(timeout=120)


class Uploader:
    """Brings one file after another and looks what becomes of each. `own` are books, else what is published."""

    def __init__(self, visitor: Visitor, own: bool, as_program: bool, stop: threading.Event):
        self.visitor, self.own, self.as_program, self.stop = visitor, own, as_program, stop
        self.kind = "own" if own else "published"
        self.last: bytes = b""

    def __call__(self) -> None:
        body = self._body()
        answer = self._program(body) if self.as_program else self._browser(body)
        if answer.status != 201:
            return
        upload = json.loads(answer.body)["id"]
        self.last = body
        self.visitor.ledger.note("uploaded", upload, hashlib.sha256(body).hexdigest())
        self.follow(upload, WAITED_FOR)

    def _body(self) -> bytes:
        n = editions.number()
        if n % 11 == 0:
            return editions.strange(n)
        if n % 7 == 0 and self.last:
            return self.last
        return editions.book(n, padding=15_000 if n % 5 == 0 else 0) if self.own else editions.patients(n)

    def _browser(self, body: bytes) -> Answer:
        headers = {"X-File-Name": "file.csv", "X-Whose": self.kind, "Content-Type": "application/octet-stream"}
        return self.visitor.ask("POST", "/uploads/", body, **headers)

    def _program(self, body: bytes) -> Answer:
        head = f'--{MARK}\r\nContent-Disposition: form-data; name="file"; filename="file.csv"\r\n'
        whole = f"{head}Content-Type: text/csv\r\n\r\n".encode() + body + f"\r\n--{MARK}--\r\n".encode()
        kind = {"Content-Type": f"multipart/form-data; boundary={MARK}"}
        return self.visitor.ask("POST", f"/api/v1/uploads/{self.kind}", whole, **kind)

    def follow(self, upload: int, seconds: float) -> str:
        """Ask until it has ended. One that was broken off is tried again, as a person would."""
        until = time.monotonic() + seconds
        state = ""
        while state not in ENDED and time.monotonic() < until and not (self.stop.is_set() and seconds == WAITED_FOR):
            answer = self.visitor.ask("GET", f"/api/v1/uploads/{self.kind}/{upload}")
            state = json.loads(answer.body)["state"] if answer.status == 200 else state
            if state == "failed" and self.visitor.form(f"/uploads/{upload}/", ("do", "again")).status == 302:
                self.visitor.ledger.count("tried again")
            time.sleep(0.2)
        return state


class Loader:
    """Loads published files by the command line; the trial kills it now and then."""

    def __init__(self, place: Place, ledger: Ledger):
        self.place, self.ledger, self.killed = place, ledger, 0
        self.process: subprocess.Popen | None = None

    def __call__(self) -> None:
        n = editions.number()
        body = editions.patients(n)
        path = self.place.home.parent / f"list-{n}.csv"
        path.write_bytes(body)
        self.process = subprocess.Popen(
            self.place.command("ingest", str(path)), env=self.place.environment, stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        _, said = self.process.communicate()
        path.unlink()
        code = self.process.returncode
        if code == 0:
            self.ledger.note("ingested", hashlib.sha256(body).hexdigest())
        elif code != -9 and "Another ingest is writing" not in said:
            self.ledger.complain(f"an ingest ended with {code}: {said[-300:]}")
        time.sleep(1)

    def kill(self) -> bool:
        if self.process and self.process.poll() is None:
            self.process.kill()
            self.killed += 1
            return True
        return False


class Signer:
    """Proposes agreements, signs them for both sides and withdraws; and invites people."""

    def __init__(self, practice: Visitor, network: Visitor, ledger: Ledger):
        self.practice, self.network, self.ledger = practice, network, ledger

    def __call__(self) -> None:
        self.invite()
        title = f"Agreement {secrets.token_hex(6)}"
        known, day = self.network.place.known, time.strftime("%Y-%m-%d")
        made = self.network.form(
            "/agreements/new/", ("title", title), ("purpose", "commissioning"), ("legal_basis", "Article 6(1)(e)."),
            ("givers", known["practice"]["pk"]), ("receivers", known["network"]["pk"]), ("topics", "Appointment book"),
            ("granularity", "aggregate"), ("roles", "network_manager"), ("starts", day), ("review", day), ("ends", day),
        )  # fmt: skip
        if made.status != 302:
            return
        self.ledger.note("proposed", title)
        for who, code, do in ((self.practice, "Y99001", "signed"), (self.network, "U99001", "signed"), (self.practice, "Y99001", "withdrawn")):  # fmt: skip
            fields = [("do", "sign")] if do == "signed" else [("do", "withdraw"), ("reason", "Enough.")]
            if who.form(made.location, *fields).status != 302:
                return
            self.ledger.note(do, title, code)

    def invite(self) -> None:
        email = f"{secrets.token_hex(6)}@practice.example"
        if self.practice.form("/organisation/people/invite/", ("email", email), ("role", "clinician")).status == 200:
            self.ledger.note("invited", email)
        time.sleep(0.2)


class Reader:
    """Reads pages and figures, and looks whether they are of one edition."""

    PAGES = ("/", "/areas/Y99001/", "/areas/ENG/measures/list_size/", "/data/", "/search?q=Y99")
    OWN = ("/own/", "/uploads/", "/agreements/", "/organisation/record/", "/you/")
    SHARED = (
        "/shared/",
        "/shared/Y99001/?purpose=service_evaluation",
        "/shared/Y99001/figures.csv?purpose=service_evaluation",
    )
    LISTS = "/api/v1/results?measure=list_size&area=Y99001&area=Y99002&area=ENG"

    def __init__(self, practice: Visitor, network: Visitor, ledger: Ledger):
        self.practice, self.network, self.ledger, self.turn = practice, network, ledger, 0

    def __call__(self) -> None:
        self.turn += 1
        self.practice.ask("GET", self.PAGES[self.turn % len(self.PAGES)])
        self.practice.ask("GET", self.OWN[self.turn % len(self.OWN)])
        self.network.ask("GET", self.SHARED[self.turn % len(self.SHARED)])
        for _ in range(5):
            self.figures("lists", self.practice.ask("GET", self.LISTS), editions.of_patients)
        self.figures("book", self.practice.ask("GET", "/api/v1/own/results"), editions.of_book)

    def figures(self, what: str, answer: Answer, of: Callable[[list[dict]], set[int]]) -> None:
        """Figures are of one edition, and of one that was brought."""
        if answer.status != 200:
            return
        self.ledger.count("figures")
        found = of(json.loads(answer.body)["results"])
        if len(found) > 1 or any(not 0 < n < 10**6 for n in found):
            self.ledger.complain(f"{what}: figures of the editions {sorted(found)} at once")
