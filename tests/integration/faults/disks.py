"""A disk of a test's own that fills up or breaks, while a server and a worker use it.

Where the system lets us, it is a small file system: in memory to be filled, in a file to become read-only, as a disk does
on which the kernel has met an error. Elsewhere it is a limit: no process may write to any file, whatever its size.
"""

from __future__ import annotations

import os
import resource
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

ROOM = 64  # megabytes


class Mounted:
    """A file system that is mounted for a test."""

    is_bad = False  # full or broken

    def __init__(self, folder: Path):
        self.folder = folder
        folder.mkdir()
        self.mount()

    def mount(self) -> None:
        raise NotImplementedError

    def full(self, pids: list[int]) -> None:
        self.is_bad = True
        with suppress(OSError), (self.folder / "filler").open("ab", buffering=0) as file:
            while file.write(b"x" * 4096):
                pass

    def free(self, pids: list[int]) -> None:
        (self.folder / "filler").unlink()
        self.is_bad = False

    def ran(self, command: list[str], **more) -> subprocess.CompletedProcess:
        return subprocess.run(command, capture_output=True, text=True, **more)

    def close(self) -> None:
        _done("umount", "-l", self.folder)


class InMemory(Mounted):
    """A file system in memory, which is soon full."""

    said = (507,)

    def mount(self) -> None:
        _done("mount", "-t", "tmpfs", "-o", f"size={ROOM}m", "tmpfs", self.folder)


class InFile(Mounted):
    """A file system in a file. Broken, it lets nobody write until it was looked over and mounted anew."""

    said = (503,)

    def mount(self) -> None:
        self.image = self.folder.parent / "image"
        if not self.image.exists():
            with self.image.open("wb") as image:
                image.truncate(ROOM * 2**20)
            _done("mkfs.ext4", "-q", "-F", self.image)
        _done("mount", "-o", "loop", self.image, self.folder)

    def broken(self, pids: list[int]) -> None:
        self.is_bad = True
        _done("mount", "-o", "remount,abort", self.folder)

    def mended(self) -> None:
        """Nobody may have a file of it open."""
        _done("umount", self.folder)
        subprocess.run(
            ["e2fsck", "-p", self.image], capture_output=True
        )  # it leaves with 1 when it has mended something
        self.mount()
        self.is_bad = False


class Limited:
    """A folder, and processes that may not write: SQLite can hardly begin to read then."""

    said, is_bad = (503, 507), False

    def __init__(self, folder: Path):
        self.folder = folder
        folder.mkdir()

    def full(self, pids: list[int]) -> None:
        self._limit(pids, 0)

    def free(self, pids: list[int]) -> None:
        self._limit(pids, resource.RLIM_INFINITY)

    broken = full

    def mended(self) -> None:
        self.is_bad = False

    def _limit(self, pids: list[int], most: int) -> None:
        self.is_bad = most == 0
        for pid in pids:
            _, hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (most, hard))

    def ran(self, command: list[str], **more) -> subprocess.CompletedProcess:
        before = (lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (0, -1))) if self.is_bad else None
        return subprocess.run(command, capture_output=True, text=True, preexec_fn=before, **more)

    def close(self) -> None:
        """There is nothing to let go of."""


Disk = InMemory | InFile | Limited


@contextmanager
def disk(folder: Path, kind: Callable[[Path], Disk]) -> Iterator[Disk]:
    made = kind(folder)
    try:
        yield made
    finally:
        made.close()


def _done(*command: object) -> None:
    subprocess.run(command, check=True, capture_output=True)


def of_kind(kind: type[Mounted]) -> Callable[[Path], Disk]:
    """Such a disk where it can be had, or else the limit, which can be had everywhere."""
    if os.getuid():
        return Limited
    with tempfile.TemporaryDirectory() as folder:
        try:
            kind(Path(folder) / "disk").close()
        except (subprocess.CalledProcessError, FileNotFoundError):
            return Limited
    return kind
