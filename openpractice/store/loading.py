"""Loads one file into the store: opens it, finds its source, has its parts written, and accounts for its rows."""

from __future__ import annotations

import datetime
import hashlib
import json
import sqlite3
import tempfile
from collections.abc import Iterator
from pathlib import Path

from openpractice.kinds import Refused, Source, period_of
from openpractice.sources import catalogue as sources
from openpractice.sources import dialect, guards
from openpractice.sources.document import Document
from openpractice.sources.opening import Unreadable, documents
from openpractice.store.account import Account, Refusal
from openpractice.store.catalogue import insert, next_id
from openpractice.store.parquet import remove_unnamed
from openpractice.store.part import Written, write_part
from openpractice.store.refusals import merged


def load_file(catalogue: sqlite3.Connection, home: Path, path: Path, version: int) -> list[Account]:
    """Load one file inside the caller's transaction. A file that is refused leaves nothing behind but its account."""
    digest = _digest(path)
    before = catalogue.execute(
        "SELECT name, source, account, status FROM files WHERE sha256 = ? ORDER BY id", [digest]
    ).fetchall()
    known = {name: _unchanged(path, source, account) for name, source, account, status in before if status == "loaded"}
    if known and len(known) == len(before):  # an archive of which something was refused is tried again
        return list(known.values())
    accounts: list[Account] = []
    (home / "tmp").mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=home / "tmp") as scratch:
        con = dialect.connect(scratch)
        try:
            for document in documents(path, Path(scratch), con):
                if document.name in known:
                    accounts.append(known[document.name])
                elif isinstance(document, Unreadable):
                    accounts.append(_refuse(catalogue, path, document.name, digest, version, document.reason))
                else:
                    accounts.append(_load_document(catalogue, home, path, document, digest, version))
        except Refused as refusal:
            accounts.append(_refuse(catalogue, path, path.name, digest, version, str(refusal)))
        finally:
            con.close()
    return accounts


def _load_document(catalogue, home: Path, path: Path, doc: Document, digest: str, version: int) -> Account:
    catalogue.execute("SAVEPOINT document")
    try:
        source = _source_of(doc)
        account = _load_parts(catalogue, home, path, doc, source, digest, version)
    except (sqlite3.Error, OSError):  # the store's own trouble, not the file's: nothing of this change may stand
        raise
    except Exception as trouble:  # whatever a strange file does to a reader, the other files still load
        if isinstance(trouble.__cause__, KeyboardInterrupt):  # Ctrl+C, as DuckDB passes it on from within a query
            raise KeyboardInterrupt from trouble
        catalogue.execute("ROLLBACK TO document")
        remove_unnamed(catalogue, home)
        return _refuse(catalogue, path, doc.name, digest, version, _in_words(doc, trouble), doc.header)
    finally:
        catalogue.execute("RELEASE document")
    return account


def _in_words(doc: Document, trouble: Exception) -> str:
    if isinstance(trouble, Refused):
        return str(trouble)
    first = (str(trouble).splitlines() or [type(trouble).__name__])[0][:200]
    return f"{doc.name} could not be read as it was published ({first}). Download it again, unchanged, and load that."


def _source_of(doc: Document) -> Source:
    for source in sources().values():
        if source.recognises(doc):
            return source
    guards.refuse_other_country(
        "\n".join(",".join(row) for row in doc.first_rows) or str(list(doc.sheets.values())[:2])[:20000], doc.name
    )
    seen = ", ".join(doc.header[:6]) or ", ".join(doc.sheets)
    raise Refused(
        f"{doc.name} is not a file OpenPractice knows (it begins: {seen[:120]}). 'openpractice sources' lists what it reads."
    )


def _load_parts(catalogue, home: Path, path: Path, doc: Document, source: Source, digest: str, version: int) -> Account:
    file_id = next_id(catalogue, "files")
    tables: dict[str, int] = {}
    months: set[int] = set()
    counted: list[Written] = []
    for part in source.read(doc):
        written = write_part(catalogue, home, doc, source, part, file_id, version)
        tables[part.table.name] = tables.get(part.table.name, 0) + written.kept
        months |= written.months
        if part.counted:
            counted.append(written)
    lines = [Refusal(*line) for line in doc.rejected_lines()]
    read, kept = sum(w.read for w in counted), sum(w.kept for w in counted)
    refused = merged(refusal for w in counted for refusal in w.refusals)
    _refuse_when_abroad(doc, read, refused)
    refused = merged([*refused, *lines])
    if not any(tables.values()):
        _refuse_useless(doc, source, refused)
    unread = sum(line.count for line in lines)
    account = Account(
        path=str(path) if doc.name == path.name else f"{path.parent / doc.name}",
        source=source.name, status="loaded", rows_read=read + unread, rows_kept=kept, rows_refused=read - kept + unread,
        refusals=refused, periods=tuple(period_of(m) for m in sorted(months)), tables=tables,
    )  # fmt: skip
    _record(catalogue, file_id, digest, doc.name, path, version, account, _headers(doc), months)
    return account


def _refuse_useless(doc: Document, source: Source, refused: tuple[Refusal, ...]) -> None:
    reasons = "; ".join(f"{r.reason} ({r.count:,} rows, for example {r.example})" for r in refused)
    raise Refused(
        f"{doc.name} was recognised as {source.title}, but none of its rows can be used: {reasons or 'it has no rows'}."
    )


def _headers(doc: Document) -> list[str]:
    return list(doc.header) or [f"{sheet}: {len(rows)} rows" for sheet, rows in doc.sheets.items()]


def _refuse_when_abroad(doc: Document, read: int, refused: tuple[Refusal, ...]) -> None:
    """A Welsh or Scottish file in an English layout has no English practice codes, so most of its rows are refused."""
    if read and sum(r.count for r in refused) > read / 2:
        guards.refuse_other_country("\n".join(",".join(row) for row in doc.first_rows), doc.name)


def _record(catalogue, file_id, digest, name, path, version, account: Account, headers, months: set[int]) -> None:
    catalogue.execute("DELETE FROM files WHERE sha256 = ? AND name = ? AND status = 'refused'", [digest, name])
    insert(
        catalogue, "files", id=file_id, sha256=digest, name=name, source=account.source, status=account.status,
        bytes=path.stat().st_size, loaded_at=datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        version=version, rows_read=account.rows_read, rows_kept=account.rows_kept, rows_refused=account.rows_refused,
        first_month=min(months, default=None), last_month=max(months, default=None),
        account=json.dumps(account.as_json()), headers=json.dumps(headers),
    )  # fmt: skip


def _refuse(catalogue, path: Path, name: str, digest: str, version: int, reason: str, headers=()) -> Account:
    account = Account(path=str(path), source=None, status="refused", refusals=(Refusal(reason, 0, ""),), reason=reason)
    told = "sha256 = ? AND name = ? AND status = 'refused'"
    if catalogue.execute(
        f"SELECT 1 FROM files WHERE {told} AND account = ?", [digest, name, json.dumps(account.as_json())]
    ).fetchone():
        return account  # said before, in the same words
    catalogue.execute(f"DELETE FROM files WHERE {told}", [digest, name])
    file_id = next_id(catalogue, "files")
    _record(catalogue, file_id, digest, name, path, version, account, list(headers), set())
    return account


def _unchanged(path: Path, source: str, account: str) -> Account:
    before = json.loads(account)
    return Account(path=str(path), source=source, status="unchanged", periods=tuple(before["periods"]))


def files_in(paths: list[Path]) -> Iterator[Path]:
    """The files named, and those in the folders named, in a stable order. Raises Refused for a path that is not there."""
    for path in paths:
        if path.is_dir():
            yield from sorted(
                p
                for p in path.rglob("*")
                if p.is_file() and not any(part.startswith((".", "__MACOSX")) for part in p.relative_to(path).parts)
            )
        elif path.exists():
            yield path
        else:
            raise Refused(
                f"There is no file or folder {path}. Check the spelling, or put the path in quotes if it has spaces."
            )


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
