"""What a file is: by its first bytes, and only where they say nothing by its name, which may be wrong."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Literal

Kind = Literal["csv", "gzip", "archive", "parquet", "unread"]

_MARKS: dict[bytes, Kind] = {
    b"PAR1": "parquet",
    b"\x1f\x8b": "gzip",
    b"\xd0\xcf\x11\xe0": "unread",  # Word and Excel before 2007
    b"%PDF": "unread",
    b"7z\xbc\xaf": "unread",
    b"RDX": "unread",  # R, unpacked
    b"X\n\x00": "unread",  # R, one object
}
_NAMED: dict[str, Kind] = {".parquet": "parquet", ".gz": "gzip", ".zip": "archive", ".xlsx": "archive"}
_UNREAD = (".xls", ".xlsb", ".ods", ".doc", ".docx", ".pdf", ".rds", ".json", ".xml")
_OTHER_DOCUMENTS = {"xl/workbook.bin", "word/document.xml", "content.xml"}  # .xlsb, .docx, .ods: zip archives too
LONGEST_MARK = max(map(len, _MARKS))


def kind_of(path: Path) -> Kind:
    """The kind of a file; `unread` is one that holds no table we read."""
    if zipfile.is_zipfile(path):
        return "unread" if _other_document(path) else "archive"
    with path.open("rb") as file:
        start = file.read(LONGEST_MARK)
    suffix = path.suffix.lower()
    return marked(start) or ("unread" if suffix in _UNREAD else _NAMED.get(suffix, "csv"))


def marked(start: bytes) -> Kind | None:
    """The kind that a file's first bytes tell."""
    return next((kind for mark, kind in _MARKS.items() if start.startswith(mark)), None)


def is_book(path: Path) -> bool:
    """Whether an archive is a workbook."""
    try:
        with zipfile.ZipFile(path) as archive:
            return "[Content_Types].xml" in archive.namelist()
    except (zipfile.BadZipFile, EOFError, OSError):
        return False


def _other_document(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as archive:
            return not _OTHER_DOCUMENTS.isdisjoint(archive.namelist())
    except (zipfile.BadZipFile, EOFError, OSError):
        return False  # damaged: whoever opens it says so
