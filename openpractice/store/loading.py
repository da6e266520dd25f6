"""Loads one file into the store: opens it, finds its source, has its parts written, and accounts for its rows."""

from __future__ import annotations

import hashlib
import sqlite3
import tempfile
from collections.abc import Iterator
from pathlib import Path

from openpractice.kinds import Refused, Source
from openpractice.sources import catalogue as sources
from openpractice.sources import dialect, door, guards
from openpractice.sources.document import Document
from openpractice.sources.opening import Unreadable, documents, why_not
from openpractice.store import recording
from openpractice.store.account import Account, Refusal
from openpractice.store.catalogue import next_id
from openpractice.store.parquet import remove_unnamed
from openpractice.store.part import Written, write_part
from openpractice.store.recording import Arrival
from openpractice.store.refusals import merged

TOLD = 3  # reasons in the sentence on a file of which nothing can be used


def load_file(arrival: Arrival) -> list[Account]:
    """Load one file inside the caller's transaction. A file that is refused leaves nothing behind but its account."""
    known = recording.known(arrival)
    if recording.was_whole(arrival):
        return list(known.values())
    accounts: list[Account] = []
    (arrival.home / "tmp").mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory(dir=arrival.home / "tmp") as scratch,
        arrival.stopping.within(dialect.connect(scratch)) as con,
    ):
        try:
            for document in documents(arrival.path, Path(scratch), con, own=arrival.owner is not None):
                if guards.masked(document.name) in known:
                    accounts.append(known[guards.masked(document.name)])
                elif isinstance(document, Unreadable):
                    accounts.append(recording.refuse(arrival, document.name, document.reason))
                else:
                    accounts.append(_load_document(arrival, document))
        except (sqlite3.Error, OSError):
            raise
        except Exception as trouble:  # it cannot be opened, or not to its end
            arrival.stopping.heed()
            accounts.append(recording.refuse(arrival, arrival.path.name, why_not(arrival.path.name, trouble)))
    return accounts


def _load_document(arrival: Arrival, doc: Document) -> Account:
    arrival.catalogue.execute("SAVEPOINT document")
    source = None
    try:
        arrival.stopping.heed()
        source = _source_of(arrival, doc)
        if source.own and arrival.owner:
            door.admit(doc, source, arrival.owner, arrival.stopping.heed)
        account = _load_parts(arrival, doc, source)
    except (sqlite3.Error, OSError):  # the store's own trouble, not the file's: nothing of this change may stand
        raise
    except Exception as trouble:  # whatever a strange file does to a reader, the other files still load
        arrival.stopping.heed()
        why = why_not(doc.name, trouble)
        arrival.catalogue.execute("ROLLBACK TO document")
        remove_unnamed(arrival.catalogue, arrival.home)
        told = source and not source.own  # what everybody may read tells nothing of other files' content
        headers = doc.header if told else ()
        return recording.refuse(arrival, doc.name, why, headers)
    finally:
        arrival.catalogue.execute("RELEASE document")
    return account


def _source_of(arrival: Arrival, doc: Document) -> Source:
    """The source that knows the file. Raises Refused where none does, or where it belongs on the other side."""
    for source in sources().values():
        if source.recognises(doc):
            return _on_the_right_side(arrival, doc, source)
    if arrival.owner:
        raise Refused(
            f"{doc.name} is not an export that OpenPractice knows. Its first line must name the columns: of an appointment "
            "book at least Appointment date, Appointment status, and one of Start time, Booked date, NHS number, Clinician "
            "and Duration. 'openpractice sources appointment_book' lists them all."
        )
    guards.refuse_other_country(
        "\n".join(",".join(row) for row in doc.first_rows) or str(list(doc.sheets.values())[:2])[:20000], doc.name
    )
    # Nothing of what is in it is repeated, for everybody may read this: a list of patients without headings begins with one.
    raise Refused(
        f"{doc.name} is not a file OpenPractice knows. 'openpractice sources' lists what it reads, and by which headings."
    )


def _on_the_right_side(arrival: Arrival, doc: Document, source: Source) -> Source:
    if source.own and not arrival.owner:
        raise Refused(
            f"{doc.name} is a practice's own record ({source.title}), and here is what everybody may read. Nothing of it "
            "was stored. Load it with 'openpractice ingest --practice CODE', or upload it as that practice."
        )
    if arrival.owner and source.tables and not source.own:
        raise Refused(
            f"{doc.name} is published for everybody ({source.title}), and here lies only what is {arrival.owner.code}'s own. "
            "Upload it as a published file, or load it with 'openpractice ingest FILE' and no --practice."
        )
    return source


def _load_parts(arrival: Arrival, doc: Document, source: Source) -> Account:
    file_id = next_id(arrival.catalogue, "files")
    tables: dict[str, int] = {}
    months: set[int] = set()
    counted: list[Written] = []
    for part in source.read(doc):
        arrival.stopping.heed()
        written = write_part(arrival.catalogue, arrival.home, doc, source, part, file_id, arrival.version)
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
    account = recording.loaded(
        arrival, doc.name, source=source.name, rows_read=read + unread, rows_kept=kept, rows_refused=read - kept + unread,
        refusals=refused, periods=recording.months_told(months), tables=tables,
        notes=(*doc.notes, *(w.restated for w in counted if w.restated)),
    )  # fmt: skip
    return recording.record(arrival, file_id, doc.name, account, _headers(doc), months)


def _refuse_useless(doc: Document, source: Source, refused: tuple[Refusal, ...]) -> None:
    told = sorted(refused, key=lambda r: -r.count)[:TOLD]
    reasons = "; ".join(f"{r.reason} ({r.count:,} rows, for example {r.example})" for r in told)
    if len(refused) > TOLD:
        reasons += f"; and {len(refused) - TOLD:,} more reasons"
    raise Refused(
        f"{doc.name} was recognised as {source.title}, but none of its rows can be used: {reasons or 'it has no rows'}."
    )


def _headers(doc: Document) -> list[str]:
    return list(doc.header) or [f"{sheet}: {len(rows)} rows" for sheet, rows in doc.sheets.items()]


def _refuse_when_abroad(doc: Document, read: int, refused: tuple[Refusal, ...]) -> None:
    """A Welsh or Scottish file in an English layout has no English practice codes, so most of its rows are refused."""
    if read and sum(r.count for r in refused) > read / 2:
        guards.refuse_other_country("\n".join(",".join(row) for row in doc.first_rows), doc.name)


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


def digest_of(path: Path) -> str:
    """The fingerprint by which a file's bytes are known again."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
