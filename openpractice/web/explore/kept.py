"""Pages and reports that were made before: in memory, and on disk for the next process that serves the same facts."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import tempfile
import threading
import zlib
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from typing import Any

MEMORY = 64 * 2**20  # characters: some four hundred pages with charts
# Bytes of one version on disk: some three thousand pages, or nine hundred PDFs; then the folder is emptied.
DISK = 100 * 2**20

Values = dict[str, Any]  # what json can hold


class Kept:
    """Answers by version and address, the longest unused dropped from memory first.

    `version` names a folder below `home/cache`; folders of other versions are removed when a new one is begun.
    What cannot be written (a full or a read-only disk) is kept in memory all the same.
    """

    def __init__(self, memory: int = MEMORY, disk: int = DISK):
        self._most, self._disk, self._size = memory, disk, 0
        self._lock = threading.Lock()
        self._pages: OrderedDict[tuple[str, str, str], tuple[Values, int]] = OrderedDict()

    def of(self, home: Path, version: str, address: str, make: Callable[[], Values]) -> Values:
        """The answer kept under that address, or what `make` gives, kept from now on."""
        found = self.get(home, version, address)
        if found is None:
            found = make()
            self.put(home, version, address, found)
        return found

    def get(self, home: Path, version: str, address: str) -> Values | None:
        key = (str(home), version, address)
        with self._lock:
            if key in self._pages:
                self._pages.move_to_end(key)
                return self._pages[key][0]
        try:
            values = json.loads(zlib.decompress(_file(home, version, address).read_bytes()))
        except (OSError, ValueError, zlib.error):
            return None
        self._remember(key, values)
        return values

    def put(self, home: Path, version: str, address: str, values: Values) -> None:
        self._remember((str(home), version, address), values)
        with contextlib.suppress(OSError):
            self._write(_file(home, version, address), values)

    def _remember(self, key: tuple[str, str, str], values: Values) -> None:
        size = 1000 + len(values.get("body") or "")
        with self._lock:
            if key not in self._pages:
                self._pages[key] = (values, size)
                self._size += size
            while self._size > self._most:
                self._size -= self._pages.popitem(last=False)[1][1]

    def _write(self, file: Path, values: Values) -> None:
        folder = file.parent
        if not folder.exists():
            for old in folder.parent.glob("*"):
                shutil.rmtree(old, ignore_errors=True)
            folder.mkdir(parents=True, exist_ok=True)
        elif _size(folder) >= self._disk:
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(exist_ok=True)
        descriptor, name = tempfile.mkstemp(dir=folder)
        with os.fdopen(descriptor, "wb") as out:
            out.write(zlib.compress(json.dumps(values).encode(), 1))
        os.replace(name, file)


KEPT = Kept()  # of this process


def _size(folder: Path) -> int:
    with os.scandir(folder) as files:  # closed also when another process takes a file away meanwhile
        return sum(file.stat().st_size for file in files)


def _file(home: Path, version: str, address: str) -> Path:
    return Path(home) / "cache" / version / hashlib.sha256(address.encode()).hexdigest()[:32]
