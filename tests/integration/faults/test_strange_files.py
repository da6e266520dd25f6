"""Files that are not what they say they are: a few of each format here; `python -m bench.faults --fuzz` brings thousands."""

from __future__ import annotations

import io
import json
import os
import random
import signal
import threading
import zipfile
from pathlib import Path
from urllib.parse import quote

import pytest

from bench.faults import fuzz, strange
from bench.faults.clients import Ledger, Visitor
from bench.faults.place import Place
from tests.integration.uploads.desk import waited_for

SEED, EACH = 20, 1  # another seed than the thousands have; so many of each format
OVER_HTTP = 24


def test_each_format_damaged_in_every_way_is_loaded_or_refused_in_words():
    found = fuzz.run(EACH * len(strange.formats()), SEED)
    assert found.wrong == ()
    assert found.ended["loaded"] > 5
    assert found.ended["refused"] > 10
    assert found.memory < fuzz.MEMORY


@pytest.mark.parametrize("name", ["appointment_book_synthetic.csv", "online_consultations_feb26.xlsx", "coordinates.parquet"])  # fmt: skip
def test_every_kind_of_damage_can_be_done(name):
    """A kind of damage that raised would be left out of the thousands by and by."""
    known, chance = strange.formats(), random.Random(1)
    kinds = {"csv": strange.TEXT, "xlsx": strange.BOOK, "parquet": strange.PARQUET}[name.rpartition(".")[2]]
    for change in (*strange.ANY, *kinds):
        assert isinstance(change(known[name], chance), bytes), change.__name__
    for wrap in strange.WRAPPED:
        assert isinstance(wrap(name, known[name], chance), bytes), wrap.__name__


def test_the_same_seed_gives_the_same_files():
    first, again = (list(strange.files(3, 30, 100)) for _ in range(2))
    assert first == again
    assert list(strange.files(3, 1, 129)) == first[29:]


@pytest.fixture
def place(tmp_path) -> Place:
    return Place(tmp_path / "home", {})


def ended(visitor: Visitor, kind: str, upload: int) -> str:
    said = visitor.ask("GET", f"/api/v1/uploads/{kind}/{upload}")
    state = json.loads(said.body)["state"] if said.status == 200 else ""
    return state if state in ("loaded", "unchanged", "refused", "failed") else ""


@pytest.mark.timeout(900)
def test_over_http_the_server_and_the_worker_stay_up(place):
    """Strange names, strange bodies, sent as a browser and as programs do, several at once."""
    ledger = Ledger()
    web, worker = place.started("serve", "--port", str(place.port), "--no-worker"), place.started("worker")
    practice, network = (Visitor(place, ledger, who) for who in ("practice", "network"))
    files = list(strange.files(SEED + 1, OVER_HTTP))
    taken: list[tuple[Visitor, str, int]] = []

    def bring(some: list[strange.Strange]) -> None:
        for n, file in enumerate(some):
            own = file.format.startswith(strange.OWN)
            visitor, kind = (practice, "own") if own else (network, "published")
            answer = _sent(visitor, kind, file, by_program=n % 2 == 0)
            assert answer.status in (201, 400, 413, 422), (answer.status, file[:3], answer.body[:300])
            if answer.status == 201:
                taken.append((visitor, kind, json.loads(answer.body)["id"]))

    try:
        waited_for(lambda: practice.ask("GET", "/health").status == 200)
        troubles: list[BaseException] = []
        senders = [threading.Thread(target=_kept(bring, troubles), args=(files[n::4],)) for n in range(4)]
        for sender in senders:
            sender.start()
        for sender in senders:
            sender.join()
        assert troubles == []
        assert len(taken) > OVER_HTTP / 2
        states = [waited_for(lambda one=one: ended(*one)) for one in taken]
        assert set(states) <= {"loaded", "unchanged", "refused"}
        for visitor, _, upload in taken:
            assert visitor.ask("GET", f"/uploads/{upload}/").status == 200
        assert practice.ask("GET", "/uploads/").status == network.ask("GET", "/uploads/").status == 200
        assert (web.starts, worker.starts) == (1, 1)
        waited_for(lambda: not place.arrived())
    finally:
        worker.stop()
        web.stop()
    assert ledger.wrong == []
    assert "Traceback" not in web.log.read_text() + worker.log.read_text()


def _kept(work, troubles: list[BaseException]):
    def kept(*arguments):
        try:
            work(*arguments)
        except BaseException as trouble:
            troubles.append(trouble)

    return kept


def _sent(visitor: Visitor, kind: str, file: strange.Strange, by_program: bool):
    if not by_program:
        headers = {"X-File-Name": quote(file.name), "X-Whose": kind, "Content-Type": "application/octet-stream"}
        return visitor.ask("POST", "/uploads/", file.body, **headers)
    mark, name = "-" * 20 + "mark", file.name.encode("utf-8", "replace").replace(b'"', b"%22").replace(b"\r\n", b" ")
    head = b'--%s\r\nContent-Disposition: form-data; name="file"; filename="%s"\r\n\r\n' % (mark.encode(), name)
    whole = head + file.body + b"\r\n--%s--\r\n" % mark.encode()
    address = f"/api/v1/uploads/{kind}"
    return visitor.ask("POST", address, whole, **{"Content-Type": f"multipart/form-data; boundary={mark}"})


def test_a_file_that_ends_the_program_that_reads_it_is_refused_and_goes(place):
    """As a fault in an engine would end it. Killed by somebody else, it is kept and may be tried again: see test_worker."""
    web, worker = place.started("serve", "--port", str(place.port), "--no-worker"), place.started("worker")
    network = Visitor(place, Ledger(), "network")
    try:
        waited_for(lambda: network.ask("GET", "/health").status == 200)
        first = network.ask("POST", "/uploads/", _large(), **{"X-File-Name": "large.zip", "X-Whose": "published", "Content-Type": "application/octet-stream"})  # fmt: skip
        [child] = waited_for(worker.children)
        os.kill(child, signal.SIGSEGV)
        upload = json.loads(first.body)["id"]
        assert waited_for(lambda: ended(network, "published", upload)) == "refused"
        said = json.loads(network.ask("GET", f"/api/v1/uploads/published/{upload}").body)["error"]
        assert said.startswith("large.zip ended the program that reads it")
        assert place.arrived() == []
    finally:
        worker.stop()
        web.stop()


def _large() -> bytes:
    """What takes a while to read."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for n in range(40):
            archive.writestr(f"{n}.csv", (strange.SEEDS / "gpad_practice_synthetic.csv").read_bytes() + b"\n" * n)
    return out.getvalue()


TRIED = 4  # bytes: Python tries a folder for temporary files once, with a word


def _size(path: Path) -> int:
    try:
        return path.stat().st_size if path.is_file() else 0
    except FileNotFoundError:
        return 0


def test_a_large_file_of_a_form_has_no_name_on_the_disk(place):
    """What is too large for the memory lies on the disk while the request lasts, and goes with whoever was killed."""
    body = b"x" * 8_000_000
    web = place.started("serve", "--port", str(place.port), "--no-worker")
    network = Visitor(place, Ledger(), "network")
    seen: set[Path] = set()
    try:
        waited_for(lambda: network.ask("GET", "/health").status == 200)
        sender = threading.Thread(target=_sent, args=(network, "published", strange.Strange("", "", "large.csv", body), True))  # fmt: skip
        sender.start()
        while sender.is_alive():
            seen |= {path for path in place.temporary.rglob("*") if path.suffix != ".db" and _size(path) > TRIED}
        sender.join()
    finally:
        web.stop()
    assert seen == set()
    assert [path.stat().st_size for path in place.arrived()] == [len(body)]
