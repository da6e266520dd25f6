"""From a stream to the disk: counted against the limit, hashed, and there for good before anybody is told so."""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
from pathlib import Path
from typing import NamedTuple, Protocol

from openpractice.present.data import size as in_words
from openpractice.sources.disk import OUT_OF_ROOM
from openpractice.store.secret import settle

PIECE = 1024**2


class Stream(Protocol):
    def read(self, size: int = -1, /) -> bytes: ...


class NotReceived(Exception):
    """A file was not taken. The message says why and what to do; `status` is the answer's in HTTP."""

    def __init__(self, sentence: str, status: int):
        super().__init__(sentence)
        self.status = status


class Written(NamedTuple):
    """What lies on the disk: in which folder, how many bytes, and their fingerprint."""

    folder: str
    size: int
    sha256: str


def write(stream: Stream, arrived: Path, name: str, largest: int) -> Written:
    """Write what a stream gives into a new folder inside `arrived`. Raises NotReceived, and then nothing is left."""
    folder = secrets.token_hex(16)
    place = arrived / folder
    try:
        place.mkdir(mode=0o700)
        with os.fdopen(os.open(place / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            size, sha256 = _copy(stream, file, name, largest)
            file.flush()
            os.fsync(file.fileno())
        settle(place)
        settle(arrived)
    except OSError as trouble:
        shutil.rmtree(place, ignore_errors=True)
        raise not_written(name, trouble) from trouble
    except BaseException:
        shutil.rmtree(place, ignore_errors=True)
        raise
    return Written(folder, size, sha256)


def _copy(stream: Stream, file, name: str, largest: int) -> tuple[int, str]:
    size, fingerprint = 0, hashlib.sha256()
    while piece := stream.read(PIECE):
        size += len(piece)
        if size > largest:
            raise too_large(name, largest)
        fingerprint.update(piece)
        file.write(piece)
    if not size:
        raise NotReceived(f"{name} is empty. Export or download it again.", 422)
    return size, fingerprint.hexdigest()


def too_large(name: str, largest: int) -> NotReceived:
    return NotReceived(
        f"{name} is larger than {in_words(largest)}, which is the most that is taken here. Split it, for example by "
        "month, or compress it as a ZIP file.",
        413,
    )


def not_written(name: str, trouble: OSError) -> NotReceived:
    """What the disk's own trouble means for whoever brings a file."""
    if trouble.errno in OUT_OF_ROOM:
        return NotReceived(
            f"{name} was not taken, because the disk of this server is full. Nothing of it was kept. Tell whoever runs "
            "this installation, and upload it again when there is room.",
            507,
        )
    return NotReceived(
        f"{name} was not taken, because this server cannot write to its disk ({trouble.strerror}). Nothing of it was "
        "kept. Tell whoever runs this installation.",
        503,
    )
