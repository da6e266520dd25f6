"""What is sent to the server: too much, half of it, with no room for it, and many at once."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest

from tests.integration.uploads.desk import REPOSITORY, SECONDS, SOURCES, Desk, waited_for
from tests.web.conftest import start_site

PAYMENTS = SOURCES / "payments_22-23.csv"


class Visitor:
    """Somebody with a session, who sends files as our script does."""

    def __init__(self, url: str, session: str):
        self.url, self.cookies = url, f"openpractice={session}; csrftoken={'c' * 32}"
        self.headers = {"Cookie": self.cookies, "X-CSRFToken": "c" * 32, "Accept": "application/json"}

    def ask(self, path: str, body: bytes | None = None, **headers: str) -> SimpleNamespace:
        request = urllib.request.Request(self.url + path, body, {**self.headers, **headers})
        try:
            answer = urllib.request.urlopen(request, timeout=SECONDS)
        except urllib.error.HTTPError as error:
            answer = error
        with answer:
            return SimpleNamespace(status=answer.status, body=answer.read().decode(), headers=answer.headers)

    def send(self, name: str, body: bytes) -> SimpleNamespace:
        kind = {"Content-Type": "application/octet-stream", "X-File-Name": name}
        return self.ask("/uploads/", body, **kind)


@contextmanager
def visited(desk: Desk, *logged: str) -> Iterator[Visitor]:
    """A server over the desk's home, and the analyst who visits it. Its log may hold no other lines than these."""
    with start_site(desk.home, OPENPRACTICE_LARGEST_UPLOAD="1", **desk.variables) as url:
        yield Visitor(url, desk.ask("session"))
    assert set((desk.home / "server.log").read_text().splitlines()) <= set(logged)


def left(desk: Desk) -> tuple[list, list]:
    return desk.ask("numbers"), desk.files()


def test_what_is_sent_waits_on_the_disk_before_it_is_acknowledged(either):
    with visited(either) as visitor:
        answer = visitor.send("../../Caf%C3%A9%20%E2%80%AEbook.csv", PAYMENTS.read_bytes())
    assert answer.status == 201
    [path] = either.files()
    assert path.name == "Café book.csv"
    assert path.read_bytes() == PAYMENTS.read_bytes()
    assert either.show(json.loads(answer.body)["id"])["state"] == "waiting"


def test_what_is_too_large_is_refused_in_words_and_leaves_nothing(desk):
    with visited(desk) as visitor:
        a_little, much = visitor.send("book.csv", b"x" * 1_050_000), visitor.send("book.csv", b"x" * 3_000_000)
        assert a_little.status == much.status == 413
        assert json.loads(a_little.body)["detail"].startswith("book.csv is larger than 1.0 MB")
        assert "split a large one" in json.loads(much.body)["detail"]
        elsewhere = visitor.ask("/organisation/people/invite/", b"x" * 3_000_000)
        assert elsewhere.status == 413
        page = visitor.ask("/uploads/", b"x" * 3_000_000, Accept="text/html")
        assert page.status == 413
        assert "That is more than is taken here at once" in page.body
        assert "nonce-" in page.headers["Content-Security-Policy"]
        assert visitor.ask("/health").body == "ok\n"
    assert left(desk) == ([], [])


def test_without_a_length_the_bytes_are_counted(desk):
    with visited(desk) as visitor:
        answered = _in_pieces(visitor, pieces=40, size=100_000, ends=True)
        assert b" 413 " in answered.split(b"\r\n")[0]
    assert left(desk) == ([], [])


def test_a_lost_connection_leaves_nothing(desk):
    with visited(desk) as visitor:
        _in_pieces(visitor, pieces=3, size=100_000, ends=False)
        waited_for(lambda: visitor.ask("/health").body == "ok\n")
    assert left(desk) == ([], [])


def _in_pieces(visitor: Visitor, pieces: int, size: int, ends: bool) -> bytes:
    """Send a body of which the length is not said beforehand; without its end, go away in the middle of it."""
    place = urlsplit(visitor.url)
    head = [f"{name}: {value}" for name, value in visitor.headers.items()]
    head += ["Host: localhost", "X-File-Name: book.csv", "Content-Type: application/octet-stream"]
    with socket.create_connection((place.hostname, place.port), timeout=SECONDS) as line:
        line.sendall("\r\n".join(["POST /uploads/ HTTP/1.1", *head, "Transfer-Encoding: chunked", "", ""]).encode())
        for _ in range(pieces):
            line.sendall(b"%x\r\n%s\r\n" % (size, b"x" * size))
        if not ends:
            return b""
        line.sendall(b"0\r\n\r\n")
        return line.recv(4096)


def test_many_at_once_are_all_kept_and_pages_do_not_wait(either):
    bodies = [b"a,b\n%d,%s\n" % (number, b"x" * 200_000) for number in range(24)]
    answers: list[int] = []
    with visited(either) as visitor:
        visitor.ask("/health")
        senders = [
            threading.Thread(target=lambda body=body: answers.append(visitor.send("small.csv", body).status))
            for body in bodies
        ]
        for sender in senders:
            sender.start()
        waits = []
        while any(sender.is_alive() for sender in senders):
            began = time.monotonic()
            assert visitor.ask("/health").status == 200
            waits.append(time.monotonic() - began)
        for sender in senders:
            sender.join()
    assert answers == [201] * 24
    assert len(either.ask("numbers")) == len(either.files()) == 24
    assert sorted(waits)[len(waits) // 2] < 0.5


def test_what_is_sent_by_a_form_without_scripts(desk):
    mark = "----there"
    parts = [
        f'--{mark}\r\nContent-Disposition: form-data; name="files"; filename="{name}"\r\nContent-Type: image/png\r\n\r\n'
        for name in ("one.csv", "two.csv")
    ]
    body = "".join(part + "a,b\n1,2\n\r\n" for part in parts) + f"--{mark}--\r\n"
    with visited(desk) as visitor:
        kind = {"Content-Type": f"multipart/form-data; boundary={mark}", "Accept": "text/html"}
        answer = visitor.ask("/uploads/", body.encode(), **kind)
        assert (answer.status, "one.csv" in answer.body, "two.csv" in answer.body) == (200, True, True)
        nothing = visitor.ask("/uploads/", f"--{mark}--\r\n".encode(), **kind)
        assert (nothing.status, "Choose at least one file" in nothing.body) == (422, True)
    assert sorted(path.name for path in desk.files()) == ["one.csv", "two.csv"]


FULL = """
import resource, sys
from io import BytesIO
from pathlib import Path
import django; django.setup()
from openpractice.web.uploads import arriving
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
try:
    arriving.write(BytesIO(b"x" * 300_000), Path(sys.argv[1]), "book.csv", 10**6)
except arriving.NotReceived as why:
    print(why.status, why)
"""


def test_no_room_on_the_disk_leaves_nothing_half_written(tmp_path):
    variables = {
        "OPENPRACTICE_HOME": str(tmp_path / "home"),
        "DJANGO_SETTINGS_MODULE": "openpractice.web.config.settings",
    }
    arrived = tmp_path / "arrived"
    arrived.mkdir()
    said = subprocess.run(
        [sys.executable, "-W", "error", "-c", FULL, arrived], env={**os.environ, **variables}, cwd=REPOSITORY,
        capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    assert said.startswith("507 book.csv was not taken, because the disk of this server is full.")
    assert list(arrived.iterdir()) == []


@pytest.fixture
def small_disk(tmp_path) -> Iterator[Path]:
    """A disk of twelve megabytes, where the system lets us have one."""
    place = tmp_path / "disk"
    place.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=12m", "tmpfs", place], capture_output=True)
    if mounted.returncode:
        pytest.skip("no file system of a test's own can be mounted here")
    yield place
    subprocess.run(["umount", "-l", place], check=True)


def test_a_full_disk_and_one_that_cannot_be_written_are_said(small_disk, tmp_path_factory):
    (small_disk / "tmp").mkdir()
    desk = Desk(small_disk, {"TMPDIR": str(small_disk / "tmp")})
    try:
        # Its own trouble is for whoever runs it, too.
        with visited(desk, "Service Unavailable: /uploads/", "Insufficient Storage: /uploads/") as visitor:
            assert visitor.send("first.csv", b"a,b\n" * 1000).status == 201
            # What a request brings waits in memory up to 2.5 MB, so 700 kB finds no room only where it is to stay.
            filler = small_disk / "filler"
            with suppress(OSError), filler.open("wb", buffering=0) as file:
                while file.write(b"x" * 4096):
                    pass
            full = visitor.send("second.csv", b"a,b\n" * 175_000)
            assert full.status == 507
            assert "the disk of this server is full" in json.loads(full.body)["detail"]
            filler.unlink()
            assert visitor.send("third.csv", b"a,b\n" * 175_000).status == 201
            assert len(desk.files()) == len(desk.ask("numbers")) == 2
            arrived = small_disk / "arrived"
            subprocess.run(["mount", "--bind", arrived, arrived], check=True)
            subprocess.run(["mount", "-o", "remount,bind,ro", arrived], check=True)
            unwritable = visitor.send("fourth.csv", b"a,b\n" * 1000)
            subprocess.run(["umount", arrived], check=True)
            assert unwritable.status == 503
            assert "cannot write" in json.loads(unwritable.body)["detail"]
            assert visitor.send("fifth.csv", b"a,b\n" * 1000).status == 201
        assert len(desk.files()) == len(desk.ask("numbers")) == 3
    finally:
        desk.close()
