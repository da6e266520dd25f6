"""The disk is full, or cannot be written: everybody is told so in words, nothing is spoilt, and with room it goes on."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest

from bench.faults import editions
from bench.faults.clients import MARK, Ledger, Visitor
from bench.faults.place import Place, Program
from tests.integration.faults import disks
from tests.integration.uploads.desk import waited_for

SOMEBODY = """
from openpractice.web.accounts.models import Person
from openpractice.web.config.seeing import across
from openpractice.web.organisations.actions import appoint
from openpractice.web.organisations.models import Organisation
with across():
    made = Person.objects.create_user("una@practice.example", "three long words", name="Una Teal")
    appoint(person=made, organisation=Organisation.objects.get(code="Y99001"), role="reception")
"""
BEGIN = "import django; django.setup()\n"


class Used(NamedTuple):
    """A server and a worker over a disk, and those who use them."""

    place: Place
    disk: disks.Disk
    web: Program | None
    worker: Program | None
    practice: Visitor
    network: Visitor

    @property
    def pids(self) -> list[int]:
        return [
            pid for program in (self.web, self.worker) if program for pid in (program.pid, *program.children()) if pid
        ]

    def verb(self, *arguments: str):
        return self.disk.ran(self.place.command(*arguments), env=self.place.environment)

    def upload(self, body: bytes):
        kind = {"X-File-Name": "list.csv", "X-Whose": "published", "Content-Type": "application/octet-stream", "Accept": "application/json"}  # fmt: skip
        return self.network.ask("POST", "/uploads/", body, **kind)

    def upload_by_program(self, body: bytes):
        head = f'--{MARK}\r\nContent-Disposition: form-data; name="file"; filename="list.csv"\r\n\r\n'
        kind = {"Content-Type": f"multipart/form-data; boundary={MARK}"}
        whole = head.encode() + body + f"\r\n--{MARK}--\r\n".encode()
        return self.network.ask("POST", "/api/v1/uploads/published", whole, **kind)

    def sign_in(self):
        return self.practice.form(
            "/account/login/", ("login", "una@practice.example"), ("password", "three long words")
        )

    def invite(self, email: str):
        return self.practice.form("/organisation/people/invite/", ("email", email), ("role", "clinician"))

    def state(self, upload: int) -> str:
        said = self.network.ask("GET", f"/api/v1/uploads/published/{upload}")
        return json.loads(said.body)["state"] if said.status == 200 else ""

    def figures(self) -> set[int]:
        """Of which edition figures are. On a full disk SQLite cannot always begin to read, and that is said, too."""
        said = self.network.ask("GET", "/api/v1/results?measure=list_size&area=Y99001&area=Y99002")
        if self.disk.is_bad and said.status == 503:
            assert b"disk" in said.body
            return set()
        assert said.status == 200
        return editions.of_patients(json.loads(said.body)["results"])


class Site(Used):
    """The same, whose programs can be started again."""

    def start(self, logs: Path) -> Site:
        web = self.place.started("serve", "--port", str(self.place.port), "--no-worker", log=logs)
        begun = self._replace(web=web, worker=self.place.started("worker", log=logs))
        waited_for(lambda: begun.practice.ask("GET", "/health").status == 200)
        return begun

    def stop(self) -> None:
        for program in (self.worker, self.web):
            if program:
                program.stop()


@contextmanager
def a_site(folder: Path, kind) -> Iterator[Site]:
    """On a disk of such a kind, with one file loaded."""
    with disks.disk(folder / "disk", kind) as disk:
        place = Place(folder / "disk" / "home", {}, folder / "tmp")
        place.run(BEGIN + SOMEBODY)
        first = folder / "first.csv"
        first.write_bytes(editions.patients(1))
        assert place.verb("ingest", str(first)).returncode == 0
        people = (Visitor(place, Ledger(), who) for who in ("practice", "network"))
        site = Site(place, disk, None, None, *people).start(folder)
        try:
            for one in (site.practice, site.network):
                one.ask("GET", "/api/v1/whoami")  # a token's first use of a day is written down
            yield site
        finally:
            site.stop()


def says(answer, *statuses: int) -> None:
    """It is an answer for a person: why, and what to do."""
    text = answer.body.decode()
    assert answer.status in statuses, (answer.status, text[:300])
    assert "disk" in text
    assert "Traceback" not in text
    assert "Tell whoever runs this installation" in text


def is_whole(site: Site) -> None:
    assert site.place.verb("check").returncode in (0, 1)
    assert site.place.verb("audit", "verify").returncode == 0
    for name in ("openpractice.sqlite3", "catalogue.sqlite"):
        with closing(sqlite3.connect(f"file:{site.place.home / name}?mode=ro", uri=True)) as database:
            assert database.execute("PRAGMA integrity_check").fetchone()[0] == "ok"


def nothing_can_be_written(site: Site, folder: Path) -> None:
    """What everybody is told meanwhile; what can be read is read."""
    second = folder / "second.csv"
    second.write_bytes(editions.patients(2))
    ran = site.verb("ingest", str(second))
    assert ran.returncode == 2
    assert "disk" in ran.stderr or "space" in ran.stderr, ran.stderr
    assert "Traceback" not in ran.stderr
    says(site.upload(editions.patients(3) + b"\n" * 300_000), *site.disk.said)
    says(site.upload_by_program(editions.patients(4) + b"\n" * 300_000), *site.disk.said)
    says(site.sign_in(), *site.disk.said)
    says(site.invite("late@practice.example"), *site.disk.said)
    assert site.practice.ask("GET", "/health").status == 200
    assert site.practice.ask("GET", "/").status in (200, *site.disk.said)
    assert site.figures() <= {1}


def everything_works_again(site: Site, folder: Path) -> None:
    assert site.sign_in().status == 302
    assert site.invite("early@practice.example").status == 200
    invited = site.practice.ask("GET", "/organisation/people/").body.decode()
    assert "early@practice.example" in invited
    assert "late@practice.example" not in invited
    answer = site.upload(editions.patients(5))
    assert answer.status == 201
    upload = json.loads(answer.body)["id"]
    waited_for(lambda: site.state(upload) == "loaded")
    assert site.figures() == {5}
    assert site.verb("ingest", str(folder / "second.csv")).returncode == 0
    assert site.figures() == {2}
    is_whole(site)
    waited_for(lambda: not site.place.arrived())
    for log in folder.glob("*.log"):
        assert "SynchronousOnlyOperation" not in log.read_text()


@pytest.mark.timeout(600)
@pytest.mark.parametrize("kind", dict.fromkeys([disks.of_kind(disks.InMemory), disks.Limited]))
def test_a_full_disk(kind, tmp_path):
    with a_site(tmp_path, kind) as site:
        site.disk.full(site.pids)
        nothing_can_be_written(site, tmp_path)
        site.disk.free(site.pids)
        everything_works_again(site, tmp_path)


@pytest.mark.timeout(600)
def test_a_disk_that_cannot_be_written_any_more(tmp_path):
    """What was acknowledged before it broke was on it, and is there once it was mended and everything starts again."""
    with a_site(tmp_path, disks.of_kind(disks.InFile)) as site:
        assert site.invite("before@practice.example").status == 200
        site.disk.broken(site.pids)
        nothing_can_be_written(site, tmp_path)
        site.stop()
        site.disk.mended()
        begun = site.start(tmp_path)
        try:
            assert "before@practice.example" in begun.practice.ask("GET", "/organisation/people/").body.decode()
            everything_works_again(begun, tmp_path)
        finally:
            begun.stop()


@pytest.mark.timeout(600)
def test_the_disk_fills_while_a_file_is_read(tmp_path):
    """What was acknowledged waits, or is told to have met a full disk; with room it is read, and nothing is half there."""
    with a_site(tmp_path, disks.of_kind(disks.InMemory)) as site:
        answer = site.upload(editions.patients(6) + b"\n" * 1_000_000)
        site.disk.full(site.pids)
        upload = json.loads(answer.body)["id"]
        time.sleep(4)
        assert site.figures() <= {1, 6}
        site.disk.free(site.pids)
        if waited_for(lambda: (state := site.state(upload)) in ("failed", "loaded") and state) == "failed":
            assert site.network.form(f"/uploads/{upload}/", ("do", "again")).status == 302
            waited_for(lambda: site.state(upload) == "loaded")
        assert site.figures() == {6}
        is_whole(site)
