"""The file of a backup: a compressed tar of plain files, what it is at the front, and each file's SHA-256 at the end.

Written to another name and read back whole before it gets its own, so that a file with a backup's name is a backup.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import os
import tarfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO

from openpractice.kinds import Refused
from openpractice.store.secret import settle
from openpractice.web.config.backup.sealing import Opening, Sealing, is_sealed

FORMAT = 1
ABOUT, MANIFEST = "about.json", "manifest.json"
PIECE = 1024**2
LARGEST_WORD = 64 * 1024**2  # bytes of `about` or the manifest: more than a million files


def write(target: Path, about: dict[str, Any], folder: Path, passphrase: str | None) -> str:
    """Pack every file of a folder; returns the SHA-256 of the backup. Raises Refused when it cannot be read back."""
    part = target.with_name(f".{target.name}.part")
    try:
        with os.fdopen(os.open(part, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            _pack(file, about, folder, passphrase)
            file.flush()
            os.fsync(file.fileno())
        check(part, passphrase)
        with part.open("rb") as file:
            told = copy(file, None)
        check_new(target)  # somebody else may have made one meanwhile
        part.rename(target)
        settle(target.parent)
        return told
    finally:
        part.unlink(missing_ok=True)


def check_new(target: Path) -> None:
    """Raises Refused where there is something already: a backup is never written over."""
    if target.exists():
        raise Refused(f"{target} exists already. Name a new file; its date is a good part of the name.")


def _pack(file: BinaryIO, about: dict[str, Any], folder: Path, passphrase: str | None) -> None:
    with ExitStack() as open_:
        sink: Any = open_.enter_context(Sealing(file, passphrase)) if passphrase else file
        # Facts are compressed already, so a higher level would cost time and win nothing.
        packed = open_.enter_context(gzip.GzipFile(fileobj=sink, mode="wb", compresslevel=1, filename="", mtime=0))
        tar = open_.enter_context(tarfile.open(fileobj=packed, mode="w|", format=tarfile.PAX_FORMAT))
        files = sorted(path for path in folder.rglob("*") if path.is_file())
        about = {"format": FORMAT, **about, "bytes": sum(path.stat().st_size for path in files)}
        _add(tar, ABOUT, about)
        _add(tar, MANIFEST, {str(path.relative_to(folder)): _add_file(tar, path, folder) for path in files})


def _add(tar: tarfile.TarFile, name: str, said: dict[str, Any]) -> None:
    text = json.dumps(said, sort_keys=True).encode()
    member = tarfile.TarInfo(name)
    member.size, member.mode = len(text), 0o600
    tar.addfile(member, io.BytesIO(text))


def _add_file(tar: tarfile.TarFile, path: Path, folder: Path) -> str:
    member = tarfile.TarInfo(str(path.relative_to(folder)))
    member.mode = 0o600
    with path.open("rb") as file:
        member.size = os.fstat(file.fileno()).st_size
        hashed = _Hashed(file)
        tar.addfile(member, hashed)  # type: ignore[arg-type]  # it only reads
    return hashed.fingerprint.hexdigest()


class _Hashed:
    """A file, and the fingerprint of what was read of it."""

    def __init__(self, file: Any):
        self.file, self.fingerprint = file, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        some = self.file.read(size)
        self.fingerprint.update(some)
        return some


def check(source: Path, passphrase: str | None) -> dict[str, Any]:
    """Read a backup to its end; what it says of itself. Raises Refused unless every file in it is as it was packed."""
    return read(source, passphrase, lambda said: None, lambda name, file: copy(file, None))


def read(
    source: Path, passphrase: str | None, begin: Callable[[dict[str, Any]], None], keep: Callable[[str, BinaryIO], str]
) -> dict[str, Any]:
    """Tell `begin` what the backup says of itself, and `keep` the name of each file, with a stream to `copy` from.

    `keep` returns the fingerprint that `copy` gave it. Raises Refused unless every file is as it was packed.
    """
    found: dict[str, str] = {}
    with _opened(source, passphrase) as (tar, unpacked):
        members = iter(tar)
        said = _about(source, next(members, None), tar)
        begin(said)
        room = said["bytes"]
        for member in members:
            if member.name == MANIFEST:
                _compare(source, found, _json(source, member, tar))
                break
            room -= member.size
            name = _plain(source, member, found)
            if room < 0:
                raise _not_ours(source, "it holds more than it says")
            found[name] = keep(name, tar.extractfile(member))  # type: ignore[arg-type]
        else:
            raise _cut_off(source)
        while unpacked.read(PIECE):  # what stands after the last file is as it was packed, too
            pass
    return said


def copy(file: BinaryIO, to: BinaryIO | None) -> str:
    """Read a stream to its end, into another or nowhere; its SHA-256."""
    fingerprint = hashlib.sha256()
    while some := file.read(PIECE):
        fingerprint.update(some)
        if to is not None:
            to.write(some)
    return fingerprint.hexdigest()


def _compare(source: Path, found: dict[str, str], manifest: dict[str, Any]) -> None:
    for name in sorted(manifest.keys() | found.keys()):
        if manifest.get(name) != found.get(name):
            raise Refused(f"{source.name} is damaged: {name} is not as it was packed. Use another backup.")


@contextmanager
def _opened(source: Path, passphrase: str | None) -> Iterator[tuple[tarfile.TarFile, BinaryIO]]:
    """The tar inside, and the stream that it lies in. Damage anywhere becomes a sentence."""
    try:
        with ExitStack() as open_:
            file: Any = open_.enter_context(source.open("rb"))
            if is_sealed(file):
                if not passphrase:
                    raise Refused(
                        f"{source.name} is sealed. Put its passphrase into OPENPRACTICE_BACKUP_PASSPHRASE, or name a file "
                        "that holds it with --passphrase-file."
                    )
                file = open_.enter_context(io.BufferedReader(Opening(file, passphrase), PIECE))
            unpacked = open_.enter_context(gzip.GzipFile(fileobj=file))
            yield open_.enter_context(tarfile.open(fileobj=unpacked, mode="r|")), unpacked  # type: ignore[misc]
    except EOFError as trouble:
        raise _cut_off(source) from trouble
    except (tarfile.TarError, gzip.BadGzipFile, zlib.error, json.JSONDecodeError, UnicodeDecodeError) as trouble:
        raise _not_ours(source, "it is damaged, or something else") from trouble


def _about(source: Path, member: tarfile.TarInfo | None, tar: tarfile.TarFile) -> dict[str, Any]:
    if member is None or member.name != ABOUT:
        raise _not_ours(source, "it does not begin as one")
    said = _json(source, member, tar)
    if not isinstance(said.get("format"), int) or not isinstance(said.get("bytes"), int):
        raise _not_ours(source, "it does not begin as one")
    if said["format"] > FORMAT:
        raise Refused(
            f"{source.name} was made by a newer version of OpenPractice ({said.get('program')}). Restore it with that one."
        )
    return said


def _json(source: Path, member: tarfile.TarInfo, tar: tarfile.TarFile) -> dict[str, Any]:
    if not member.isreg() or member.size > LARGEST_WORD:
        raise _not_ours(source, f"{member.name} is not what it should be")
    said = json.loads(tar.extractfile(member).read())  # type: ignore[union-attr]
    if not isinstance(said, dict):
        raise _not_ours(source, f"{member.name} is not what it should be")
    return said


def _plain(source: Path, member: tarfile.TarInfo, found: dict[str, str]) -> str:
    """The name of a plain file that stays inside the folder it is unpacked to. Raises Refused for anything else."""
    path = PurePosixPath(member.name)
    strays = path.is_absolute() or ".." in path.parts or "\0" in member.name or str(path) != member.name
    if not member.isreg() or strays or member.name in found or member.issparse():
        raise _not_ours(source, f"{member.name[:100]!r} is no plain file inside it")
    return member.name


def _cut_off(source: Path) -> Refused:
    return Refused(f"{source.name} is cut off before its end. Copy it again, or use another backup.")


def _not_ours(source: Path, why: str) -> Refused:
    return Refused(f"{source.name} is not a backup that OpenPractice made: {why}. Use another one.")
