"""How fast the record of a million entries is checked, against plain SHA-256 over the same bytes.

Ours is the verb from its start to its end: it opens the database, reads every entry, writes it as JSON, hashes it and
compares. The peer reads the same JSON from a flat file, one entry a line, and hashes each line. It knows nothing of
databases, so it is the least that any check of a chain can cost.
"""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from openpractice.web.audit import chain

ENTRIES = 1_000_000
MOST = 60  # seconds
MIGRATE = "import django; django.setup(); from django.core.management import call_command; call_command('migrate', verbosity=0)"


def run() -> list[dict]:
    return compare(ENTRIES, times=2)


def compare(entries: int, times: int) -> list[dict]:
    """Fill a record with entries, check it and hash its flat copy in turns, and give the best of each."""
    with tempfile.TemporaryDirectory() as folder:
        home, flat = Path(folder) / "home", Path(folder) / "flat.jsonl"
        home.mkdir()
        fill(home, flat, entries)
        ours, peer = [], []
        for _ in range(times):
            ours.append(_seconds(lambda: check(home, entries)))
            peer.append(_seconds(lambda: hash_lines(flat)))
    best = min(ours)
    name = f"audit: check {entries:,} entries of the record"
    empty = {"peer_seconds": None, "ours_seconds": best}
    return [
        {"name": name, "ours_seconds": best, "peer_seconds": min(peer), "ratio": best / min(peer), "target": None,
         "unit": "times plain SHA-256 of the same bytes (at most)"},
        {"name": f"{name}, from start to end", **empty, "ratio": best, "target": MOST * entries / ENTRIES,
         "unit": "seconds (at most)"},
    ]  # fmt: skip


def fill(home: Path, flat: Path, entries: int) -> None:
    """A record of entries like real ones, in the tables as a new installation has them, and the same as a flat file."""
    environment = {"DJANGO_SETTINGS_MODULE": "openpractice.web.config.settings", "OPENPRACTICE_HOME": str(home)}
    subprocess.run([sys.executable, "-c", MIGRATE], env={**os.environ, **environment}, check=True)
    places = ",".join("?" * (len(chain.FIELDS) + 1))
    with closing(sqlite3.connect(home / "openpractice.sqlite3")) as database, database, flat.open("wb") as file:
        insert = f"INSERT INTO audit_entry ({','.join(chain.FIELDS)}, hash) VALUES ({places})"
        database.executemany(insert, _rows(entries, file))


def _rows(entries: int, file) -> Iterator[tuple]:
    previous = chain.START
    for n in range(entries):
        at = f"20{20 + n * 7 // entries}-{n % 12 + 1:02}-{n % 28 + 1:02}T09:{n % 60:02}:00.000+00:00"
        ours, about = f"Y{n % 9000:05}", f"Y{n % 7 * 11 % 9000:05}"
        detail = json.dumps({"person": n % 500, "role": "clinician"})
        values = (n + 1, at, n % 500, f"Dr Wren {n % 500}", ours, about, "role_changed", detail, previous)
        text = chain.written(values)
        previous = hashlib.sha256(text).hexdigest()
        file.write(text + b"\n")
        yield (*values, previous)


def check(home: Path, entries: int) -> None:
    command = [sys.executable, "-m", "openpractice", "--home", str(home), "audit", "verify", "--json"]
    ran = subprocess.run(command, capture_output=True, text=True, check=True)
    assert json.loads(ran.stdout)["entries"] == entries


def hash_lines(flat: Path) -> str:
    digest = ""
    with flat.open("rb") as file:
        for line in file:
            digest = hashlib.sha256(line.rstrip(b"\n")).hexdigest()
    return digest


def _seconds(work) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start
