"""Strange files through the real door: received, queued, read as the worker reads, and what became of each.

A batch is a program of its own with a home of its own, so that neither grows without end.
"""

from __future__ import annotations

import hashlib
import io
import json
import resource
import sqlite3
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

from bench.faults import strange
from bench.faults.place import Place

BATCH = 250
BATCHED = "import sys; from bench.faults.fuzz import batch; batch(*map(int, sys.argv[1:]))"
APART = 10  # one file in so many is read by a process of its own, as the worker does; the others in this one, which is quicker
MEMORY = 2_000_000  # kilobytes that the reading of one file may take
ENDS = ("loaded", "unchanged", "refused")


@dataclass(frozen=True)
class Outcome:
    """How many files ended how, the most memory that one took in kilobytes, and what went wrong."""

    ended: Counter
    formats: int
    memory: int
    wrong: tuple[str, ...]


def run(count: int, seed: int, beside: int = 2) -> Outcome:
    """So many strange files, batch after batch, some beside each other."""
    ended, wrong, memory = Counter(), [], 0
    with ThreadPoolExecutor(beside) as pool:
        for said in pool.map(lambda first: _batch(seed, first, min(BATCH, count - first)), range(0, count, BATCH)):
            *told, last = map(json.loads, said.splitlines())
            ended.update(one["state"] for one in told)
            wrong += [f"{one['what']}: {one['wrong']}" for one in told if one["wrong"]]
            memory = max(memory, last["memory"])
            print(
                f"{sum(ended.values()):,} files, {len(wrong)} wrong",
                *wrong[-3:],
                sep="\n  ",
                file=sys.stderr,
                flush=True,
            )
    return Outcome(ended, len(strange.formats()), memory, tuple(wrong))


def _batch(seed: int, first: int, count: int) -> str:
    """What a batch printed. One that ends before its end is itself what is wrong."""
    with tempfile.TemporaryDirectory(prefix="op-strange-") as folder:
        place = Place(Path(folder) / "home", {})
        ran = subprocess.run(
            [sys.executable, "-W", "error", "-c", BATCHED, str(seed), str(first), str(count)], env=place.environment,
            capture_output=True, text=True,
        )  # fmt: skip
    if not ran.returncode:
        return ran.stdout
    lines = ran.stdout.splitlines()
    what = f"the batch from {first} has ended with {ran.returncode} at its file {len(lines)}: {ran.stderr[-1500:]}"
    return "\n".join([*lines, json.dumps({"state": "broken", "wrong": what, "what": ""}), json.dumps({"memory": 0})])


def batch(seed: int, first: int, count: int) -> None:
    """Bring so many files, one after another, and print a line of JSON for each and one for all."""
    import django

    django.setup()
    from openpractice.web.config.seeing import across
    from openpractice.web.uploads import ingesting

    ingesting.NICENESS = 0  # nobody else is here to be polite to
    with across():
        _begin()
        for n, file in enumerate(strange.files(seed, count, first), first):
            before, told, after = _memory(), _brought(n, file), _memory()
            if before <= MEMORY < after:
                told["wrong"] += f" took {after // 1000:,} MB"
            print(json.dumps(told), flush=True)
    print(json.dumps({"memory": _memory()}))


def _memory() -> int:
    """The most that this program and its children ever held, in kilobytes."""
    return max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))


def _begin() -> None:
    """Both stores hold something that a refused file could spoil."""
    known = strange.formats()
    for name in ("appointment_book_synthetic.csv", "registered_patients_jan26.csv"):
        if (told := _brought(-1, strange.Strange(name, "nothing", name, known[name])))["state"] != "loaded":
            raise RuntimeError(told)


def _brought(n: int, file: strange.Strange) -> dict[str, str]:
    from openpractice.web.accounts.models import Person
    from openpractice.web.organisations.models import Organisation
    from openpractice.web.uploads import actions, arriving, reading
    from openpractice.web.uploads.worker import Worker

    own = file.format.startswith(strange.OWN)
    organisation = Organisation.objects.get(code="Y99001") if own else None
    by = Person.objects.get(memberships__organisation__code="Y99001" if own else "U99001")
    what = f"file {n} ({file.format}: {file.done}; {file.name[:40]!r})"
    try:
        upload = actions.receive(
            organisation=organisation, by=by, how="browser", name=file.name, stream=io.BytesIO(file.body)
        )
    except arriving.NotReceived as why:
        return {"state": "refused", "wrong": _of_sentence(str(why)), "what": what}
    before = _store_of(upload)
    with mock.patch.object(reading, "Ingest", reading.Ingest if n % APART == 0 else Within):
        Worker()._read_one()
    upload.refresh_from_db()
    return {"state": upload.state, "wrong": " ".join(_wrong(upload, before)), "what": what}


class Within:
    """An ingest in this process: the same code, without a process of its own around it."""

    def __init__(self, organisation, path: Path):
        from openpractice.analysis.recompute import ingest
        from openpractice.web.uploads import ingesting

        self.ended, self._said = False, ingesting._outcome(ingest, organisation, path, lambda *_: None)

    def messages(self, wait: float, also: list[int]) -> Iterator[dict]:
        self.ended = True
        yield self._said

    def stop(self) -> int:
        return 0


def _wrong(upload, before: str) -> Iterator[str]:
    """What is not as it should be once a file has been read."""
    from openpractice.web.uploads.place import arrived_in

    if upload.state not in ENDS:
        yield f"ended as {upload.state}: {upload.error}"
    if upload.state == "refused":
        yield _of_sentence(upload.error)
        if _store_of(upload) != before:
            yield "refused, and the store has changed"
    if any(one["rows_read"] != one["rows_kept"] + one["rows_refused"] for one in upload.account):
        yield "rows read are not those kept and those refused"
    if any(path.is_dir() for path in arrived_in(upload.organisation).iterdir()):
        yield "the file is still there"


def _of_sentence(why: str) -> str:
    """What is wrong with a reason, if anything: it is for a person to read."""
    said = why.strip()
    if not said.endswith((".", "?", ")")) or "Traceback" in said or "/tmp/" in said or len(said) > 3000:
        return f"no sentence: {said[:300]!r}"
    return ""


def _store_of(upload) -> str:
    """A fingerprint of all that a store answers."""
    from openpractice.web.uploads.place import store_of

    path = store_of(upload.organisation) / "catalogue.sqlite"
    if not path.exists():
        return ""
    mark = hashlib.sha256()
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as store:
        for table in ("parts", "areas", "results"):
            if store.execute("SELECT 1 FROM sqlite_master WHERE name = ?", [table]).fetchone():
                for row in store.execute(f"SELECT * FROM {table}"):
                    mark.update(repr(row).encode())
    return mark.hexdigest() if mark.digest() != hashlib.sha256().digest() else ""
