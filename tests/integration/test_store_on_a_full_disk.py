"""A disk that is full is no file's fault: nothing is loaded, nothing is refused, and with room everything is as it should be."""

from __future__ import annotations

import errno
import gzip
import random
import resource
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pytest

from openpractice.analysis.recompute import ingest
from openpractice.sources.disk import fault_of
from openpractice.store import Store

AS_LARGE = 64 * 1024  # bytes that a file may have on the full disk: enough for what the catalogue writes meanwhile


@contextmanager
def full() -> Iterator[None]:
    """No file may grow beyond a limit, which DuckDB and the system tell like a full disk."""
    before, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (AS_LARGE, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (before, hard))


@pytest.fixture
def home(tmp_path, small) -> Path:
    """A store with a small file in it."""
    ingest(tmp_path / "home", [small.patients(tmp_path / "before.csv", "2026-01", {"Y99001": 9000})])
    return tmp_path / "home"


@pytest.fixture
def large(tmp_path, small) -> Path:
    """A file whose facts are larger than there is room."""
    chance = random.Random(1)
    lists = {f"Y{n:05}": chance.randrange(10**9) for n in range(60_000)}
    return small.patients(tmp_path / "large.csv", "2026-02", lists)


def files(home: Path) -> list[tuple]:
    return [tuple(row) for row in Store(home).catalogue.execute("SELECT name, status FROM files ORDER BY id")]


@pytest.mark.parametrize("packed", [False, True])
def test_on_a_full_disk_nothing_is_refused(packed, home, large, tmp_path):
    if packed:
        with large.open("rb") as plain, gzip.open(tmp_path / "large.csv.gz", "wb") as out:
            shutil.copyfileobj(plain, out)
        large = tmp_path / "large.csv.gz"
    with full(), pytest.raises(OSError, match="File too large") as met:
        ingest(home, [large])
    assert met.value.errno == errno.EFBIG
    assert files(home) == [("before.csv", "loaded")]
    [account] = ingest(home, [large])
    assert account.status == "loaded"


@pytest.mark.parametrize(
    ("trouble", "code"),
    [
        (duckdb.IOException('IO Error: Could not write file "/a/1.parquet": No space left on device'), errno.ENOSPC),
        (duckdb.IOException('IO Error: Cannot open file "/a/1.parquet": Read-only file system\n\nmore'), errno.EROFS),
        (duckdb.OutOfMemoryException("failed to offload\nset by the 'max_temp_directory_size' setting."), errno.ENOSPC),
        (duckdb.IOException('IO Error: Could not read enough bytes from file "No space left on device"'), None),
        (duckdb.OutOfMemoryException("Out of Memory Error: could not allocate block"), None),
        (OSError(errno.EINVAL, "Invalid argument"), None),
        (ValueError("No space left on device"), None),
    ],
)
def test_the_disks_faults_are_known_by_their_last_words(trouble, code):
    found = fault_of(trouble)
    assert (found and found.errno) == code
