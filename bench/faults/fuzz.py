"""Strange files through the real door: received, queued, read as the worker reads, and what became of each.

A batch is a program of its own with a home of its own, so that neither grows without end.
"""

from __future__ import annotations

import hashlib
import io
import json
import resource
import sqlite3
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from bench.faults import strange
from bench.faults.place import Place

BATCH = 400
MEMORY = 2_000_000  # kilobytes that the reading of one file may take
ENDS = ("loaded", "unchanged", "refused")


@dataclass(frozen=True)
class Outcome:
    """How many files ended how, the most memory that one took in kilobytes, and what went wrong."""

    ended: Counter
    formats: int
    memory: int
    wrong: tuple[str, ...]


def run(count: int, seed: int) -> Outcome:
    """So many strange files, batch after batch."""
    ended, wrong, memory = Counter(), [], 0
    for first in range(0, count, BATCH):
        with tempfile.TemporaryDirectory(prefix="op-strange-") as folder:
            place = Place(Path(folder) / "home", {})
            said = place.run("import sys; from bench.faults.fuzz import batch; batch(*map(int, sys.argv[1:]))",
                             str(seed), str(first), str(min(BATCH, count - first)))  # fmt: skip
        *told, last = map(json.loads, said.splitlines())
        ended.update(one["state"] for one in told)
        wrong += [f"{one['what']}: {one['wrong']}" for one in told if one["wrong"]]
        memory = max(memory, last["memory"])
        print(
            f"{first + len(told):,} files: {dict(ended)}, {len(wrong)} wrong, {memory / 1e6:.2f} GB",
            file=sys.stderr,
            flush=True,
        )
    return Outcome(ended, len(strange.formats()), memory, tuple(wrong))


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
            print(json.dumps(_brought(n, file)), flush=True)
    print(json.dumps({"memory": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss}))


def _begin() -> None:
    """Both stores hold something that a refused file could spoil."""
    known = strange.formats()
    for name in ("appointment_book_synthetic.csv", "registered_patients_jan26.csv"):
        if (told := _brought(-1, strange.Strange(name, "nothing", name, known[name])))["state"] != "loaded":
            raise RuntimeError(told)


def _brought(n: int, file: strange.Strange) -> dict[str, str]:
    from openpractice.web.accounts.models import Person
    from openpractice.web.organisations.models import Organisation
    from openpractice.web.uploads import actions, arriving
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
    Worker()._read_one()
    upload.refresh_from_db()
    return {"state": upload.state, "wrong": " ".join(_wrong(upload, before)), "what": what}


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
