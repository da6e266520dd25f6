"""Opens a file as it was published (.csv, .csv.gz, .zip, .xlsx, .parquet) as documents a source can recognise."""

from __future__ import annotations

import csv
import gzip
import io
import itertools
import shutil
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb

from openpractice.kinds import Refused
from openpractice.sources import guards, identified, workbooks
from openpractice.sources.dialect import exactly
from openpractice.sources.disk import fault_of
from openpractice.sources.document import Document
from openpractice.sources.headers import column_names
from openpractice.sources.kinds_of_file import LONGEST_MARK, is_book, kind_of, marked

SAMPLE_ROWS = 40
_DAMAGE = (zipfile.BadZipFile, EOFError, OSError, zlib.error, RuntimeError, NotImplementedError)


@dataclass
class Unreadable:
    """A file inside an archive that cannot be opened, and why."""

    name: str
    reason: str


def documents(
    path: Path, workdir: Path, con: duckdb.DuckDBPyConnection, *, own: bool = False
) -> Iterator[Document | Unreadable]:
    """The documents inside one file. Raises Refused, in words, for what cannot be opened.

    One that holds NHS numbers is opened only if it is a practice's own record, which nobody but the door then reads, or
    if it is loaded as such (`own`). Those are never unpacked, for that would lay patients' records on the disk.
    """
    name = path.name
    if not path.stat().st_size:
        raise Refused(f"{name} is empty. Download it again.")
    kind = kind_of(path)
    if own:
        _refuse_packed(path, kind)
    if kind == "archive":
        yield from _archive(path, workdir, con, own=own)
        return
    plain = path
    if kind == "gzip":
        plain = workdir / "unpacked"
        _unpack_gzip(path, plain)
        kind = kind_of(plain)
    if kind not in ("csv", "parquet"):
        raise Refused(
            f"{name}: files of this kind are not read. Use the .csv, .xlsx or .parquet file of the publication."
        )
    document = _parquet(plain, name, con) if kind == "parquet" else _csv(plain, name, con)
    if not own:
        identified.refuse_identifiers(document)
    yield document


def why_not(name: str, trouble: Exception) -> str:
    """Why a file cannot be read. Raises the trouble again where it is the server's own, or a query was stopped."""
    if isinstance(trouble, Refused):
        return str(trouble)
    if isinstance(trouble, duckdb.InterruptException) or fault_of(trouble):
        raise trouble
    kind = type(trouble).__name__  # and not its words, which may repeat what is in the file, or where it lies
    return (
        f"{name} could not be read ({kind}): it is damaged, encrypted, or not as it was made. Export or download it "
        "again, unchanged, and load that."
    )


def _refuse_packed(path: Path, kind: str) -> None:
    if kind == "gzip" or (kind == "archive" and not is_book(path)):
        raise Refused(
            f"{path.name} is packed. Unpack it and load the table in it: OpenPractice lays no unpacked copy of patients' "
            "records on the disk."
        )


def _unpack_gzip(path: Path, plain: Path) -> None:
    written = 0
    try:
        with gzip.open(path) as packed, plain.open("wb") as out:
            while block := packed.read(1 << 20):
                written += len(block)
                if written > guards.LARGEST_UNPACKED or (
                    written > guards.SMALL_ENOUGH and written / path.stat().st_size > guards.LARGEST_RATIO
                ):
                    raise Refused(
                        f"{path.name} unpacks to far more than any NHS publication. It was not read. Download the file "
                        "again from its official page."
                    )
                out.write(block)
    except (OSError, EOFError, zlib.error) as damage:
        if fault_of(damage):
            raise
        raise Refused(f"{path.name} is damaged or incomplete ({damage}). Download it again.") from damage


def _archive(
    path: Path, workdir: Path, con: duckdb.DuckDBPyConnection, *, own: bool
) -> Iterator[Document | Unreadable]:
    try:
        with zipfile.ZipFile(path) as archive:
            guards.refuse_bomb(archive, path, path.name)
            members = archive.namelist()
            if "[Content_Types].xml" in members:
                book = _book(path, con, workdir)
                if not own:
                    identified.refuse_identifiers(book)
                yield book
                return
            readable = [
                m
                for m in members
                if not m.startswith("__MACOSX")
                and not m.endswith("/")
                and not Path(m).name.startswith(".")
                and (m.lower().endswith((".csv", ".xlsx", ".parquet")) or _marked(archive, m))
            ]
            if not readable:
                raise Refused(
                    f"{path.name} holds no .csv, .xlsx or .parquet file. Use the data file of the publication."
                )
            for member in readable:
                name = path.name if len(readable) == 1 else f"{path.name}/{member}"
                yield from _member(archive, member, name, workdir, con)
    except (zipfile.BadZipFile, EOFError, OSError, zlib.error) as damage:
        if fault_of(damage):
            raise
        raise Refused(f"{path.name} is damaged or incomplete. Download it again from its official page.") from damage


def _marked(archive: zipfile.ZipFile, member: str) -> bool:
    """Whether a member of any other name is packed text or Parquet by its first bytes."""
    try:
        with archive.open(member) as file:
            return marked(file.read(LONGEST_MARK)) in ("gzip", "parquet")
    except _DAMAGE:
        return False


def _member(
    archive: zipfile.ZipFile, member: str, name: str, workdir: Path, con: duckdb.DuckDBPyConnection
) -> Iterator[Document | Unreadable]:
    """One file of an archive; one that cannot be opened does not hide the others."""
    plain = workdir / f"member-{Path(member).name}"
    try:
        _unpack_member(archive, member, plain)
        for document in documents(plain, workdir, con):
            document.name = name
            yield document
    except Exception as trouble:
        yield Unreadable(name, why_not(name, trouble).replace(plain.name, name))
    finally:
        plain.unlink(missing_ok=True)


def _unpack_member(archive: zipfile.ZipFile, member: str, plain: Path) -> None:
    with archive.open(member) as packed, plain.open("wb") as out:
        shutil.copyfileobj(packed, out, 1 << 20)


def _book(path: Path, con: duckdb.DuckDBPyConnection, workdir: Path) -> Document:
    sheets = workbooks.read(path)
    document = Document(path.name, workdir / "book", "book", con, sheets=sheets)
    if len(sheets) == 1:  # a table that happens to be a workbook
        rows = next(iter(sheets.values()))
        if rows:
            document.header, document.columns, document.first_rows = (
                tuple(rows[0]),
                column_names(rows[0]),
                rows[:SAMPLE_ROWS],
            )
    return document


def _parquet(path: Path, name: str, con: duckdb.DuckDBPyConnection) -> Document:
    try:
        relation = con.execute("SELECT * FROM read_parquet(?) LIMIT ?", [exactly(path), SAMPLE_ROWS])
        header = tuple(d[0] for d in relation.description)
        rows = [["" if v is None else str(v) for v in row] for row in relation.fetchall()]
    except duckdb.Error as damage:
        raise Refused(f"{name} is damaged and cannot be read as Parquet. Make or download it again.") from damage
    return Document(name, path, "parquet", con, column_names(header), header, [list(header), *rows])


def _csv(path: Path, name: str, con: duckdb.DuckDBPyConnection) -> Document:
    with path.open("rb") as file:
        start = file.read(1 << 18)
    text = _decoded(start, name, cut=path.stat().st_size > len(start))
    first_line = text.splitlines()[0] if text.splitlines() else ""
    for mark, word in ((";", "semicolons"), ("\t", "tabs"), ("|", "vertical bars")):
        if first_line.count(mark) > first_line.count(",") and first_line.count(mark) >= 2:
            raise Refused(
                f"{name} separates its columns with {word}; a published file uses commas. Save it as 'CSV (comma "
                "delimited)' and load it again."
            )
    try:
        rows = list(itertools.islice(csv.reader(io.StringIO(text)), SAMPLE_ROWS))
    except csv.Error as damage:
        raise Refused(f"{name} is not a table ({damage}). Load the data file of the publication.") from damage
    if not rows or max(len(r) for r in rows) < 2:
        raise Refused(f"{name} is not a table: its first lines have no columns. Load the data file of the publication.")
    if len(rows) == 1:
        raise Refused(f"{name} has a header and no rows. Load the data file of the publication.")
    if not rows[0]:
        raise Refused(f"{name} begins with an empty line. Load the file as it was published, its header first.")
    rows[0][0] = rows[0][0].lstrip("\ufeff")
    return Document(name, path, "csv", con, column_names(rows[0]), tuple(rows[0]), rows)


def _decoded(start: bytes, name: str, *, cut: bool) -> str:
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Refused(f"{name} is written in UTF-16. Save it as 'CSV UTF-8 (comma delimited)' and load it again.")
    if b"\x00" in start:
        raise Refused(f"{name} is not a text file. Use the .csv, .xlsx or .parquet file of the publication.")
    try:
        return start.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if cut and error.start >= len(start) - 4:  # only a letter that the sample's end cuts in two
            return start[: error.start].decode("utf-8-sig")
        line = start.count(b"\n", 0, error.start) + 1
        raise Refused(
            f"{name} is not written in UTF-8 (line {line}), so names would be garbled. Save it as 'CSV UTF-8 (comma "
            "delimited)' and load it again."
        ) from error
