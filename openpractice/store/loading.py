"""Loads one file into the store: opens it, finds its source, writes its parts as Parquet, and accounts for its rows."""

from __future__ import annotations

import datetime
import hashlib
import json
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from pathlib import Path

import duckdb

from openpractice.kinds import LEVELS, Column, Part, Refused, Source, Table, period_of
from openpractice.sources import catalogue as sources
from openpractice.sources import dialect, guards, opening
from openpractice.store.account import Account, Refusal

_TYPES = {
    "text": "VARCHAR",
    "category": "VARCHAR",
    "count": "DOUBLE",
    "number": "DOUBLE",
    "flag": "INTEGER",
    "day": "INTEGER",
}
_KEYS = (Column("area_code", "text", ""), Column("level", "category", "", LEVELS), Column("month_no", "day", ""))
PARQUET = "FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 3, ROW_GROUP_SIZE 122880, PARQUET_VERSION v2"


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
            for document in opening.documents(path, Path(scratch), con):
                if document.name in known:
                    accounts.append(known[document.name])
                elif isinstance(document, opening.Unreadable):
                    accounts.append(_refuse(catalogue, path, document.name, digest, version, document.reason))
                else:
                    accounts.append(_load_document(catalogue, home, path, document, digest, version))
        except Refused as refusal:
            accounts.append(_refuse(catalogue, path, path.name, digest, version, str(refusal)))
        finally:
            con.close()
    return accounts


def _load_document(catalogue, home: Path, path: Path, doc: opening.Document, digest: str, version: int) -> Account:
    catalogue.execute("SAVEPOINT document")
    written: list[Path] = []
    try:
        source = _source_of(doc)
        account = _load_parts(catalogue, home, path, doc, source, digest, version, written)
    except (sqlite3.Error, OSError):  # the store's own trouble, not the file's: nothing of this change may stand
        raise
    except Exception as trouble:  # whatever a strange file does to a reader, the other files still load
        if isinstance(trouble.__cause__, KeyboardInterrupt):  # Ctrl+C, as DuckDB passes it on from within a query
            raise KeyboardInterrupt from trouble
        catalogue.execute("ROLLBACK TO document")
        for file in written:
            file.unlink(missing_ok=True)
        return _refuse(catalogue, path, doc.name, digest, version, _in_words(doc, trouble), doc.header)
    finally:
        catalogue.execute("RELEASE document")
    return account


def _in_words(doc: opening.Document, trouble: Exception) -> str:
    if isinstance(trouble, Refused):
        return str(trouble)
    first = (str(trouble).splitlines() or [type(trouble).__name__])[0][:200]
    return f"{doc.name} could not be read as it was published ({first}). Download it again, unchanged, and load that."


def _source_of(doc: opening.Document) -> Source:
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


def _load_parts(catalogue, home, path, doc, source: Source, digest, version, written) -> Account:
    file_id = catalogue.execute("SELECT coalesce(max(id), 0) + 1 FROM files").fetchone()[0]
    kept: dict[str, int] = {}
    read = refused = 0
    refusals: dict[str, Refusal] = {}
    months: set[int] = set()
    parts = source.read(doc)
    for part in parts:
        count, kept_rows, part_months, part_refusals = _write_part(
            catalogue, home, doc, source, part, file_id, version, written
        )
        kept[part.table.name] = kept.get(part.table.name, 0) + kept_rows
        months |= part_months
        if part.counted:
            read += count
            refused += count - kept_rows
            _merge_refusals(refusals, part_refusals)
    _refuse_when_abroad(doc, source, read, refusals)
    for reason, count, example in doc.rejected_lines():
        read, refused = read + count, refused + count
        _merge_refusals(refusals, [Refusal(reason, count, example)])
    if not any(kept.values()):
        reasons = (
            "; ".join(f"{r.reason} ({r.count:,} rows, for example {r.example})" for r in refusals.values())
            or "it has no rows"
        )
        raise Refused(f"{doc.name} was recognised as {source.title}, but none of its rows can be used: {reasons}.")
    account = Account(
        path=str(path) if doc.name == path.name else f"{path.parent / doc.name}",
        source=source.name, status="loaded", rows_read=read, rows_kept=read - refused, rows_refused=refused,
        refusals=tuple(refusals.values()), periods=tuple(period_of(m) for m in sorted(months)), tables=kept,
    )  # fmt: skip
    _record(catalogue, file_id, digest, doc.name, path, version, account, _headers(doc), months)
    return account


def _headers(doc: opening.Document) -> list[str]:
    return list(doc.header) or [f"{sheet}: {len(rows)} rows" for sheet, rows in doc.sheets.items()]


def _refuse_when_abroad(doc: opening.Document, source: Source, read: int, refusals: dict[str, Refusal]) -> None:
    """A Welsh or Scottish file in an English layout has no English practice codes, so most of its rows are refused."""
    if read and sum(r.count for r in refusals.values()) > read / 2:
        guards.refuse_other_country("\n".join(",".join(row) for row in doc.first_rows), doc.name)


def _write_part(
    catalogue, home: Path, doc, source: Source, part: Part, file_id: int, version: int, written: list[Path]
):
    con: duckdb.DuckDBPyConnection = doc.con
    table = part.table
    columns = (*_KEYS, *table.columns) if table.dated else table.columns
    typed = ", ".join(f'CAST("{c.name}" AS {_TYPES[c.kind]}) AS "{c.name}"' for c in columns)
    con.execute(f"CREATE OR REPLACE TEMP TABLE part AS SELECT {typed}, line, refusal FROM ({part.sql})")
    _refuse_unreadable(con, table, columns)
    count, kept = con.execute("SELECT count(*), count(*) FILTER (refusal IS NULL) FROM part").fetchall()[0]
    refusals = _refusals(con, doc) if count > kept else []
    if not kept:
        return count, 0, set(), refusals
    part_id = catalogue.execute("SELECT coalesce(max(id), 0) + 1 FROM parts").fetchone()[0]
    file = home / "facts" / table.name / f"{part_id}.parquet"
    file.parent.mkdir(parents=True, exist_ok=True)
    written.append(file)
    names = ", ".join(f'"{c.name}"' for c in columns)
    order = "area_code, month_no" if table.dated else "1"
    con.execute(
        f"COPY (SELECT {part_id}::INTEGER AS part_id, {names} FROM part WHERE refusal IS NULL ORDER BY {order}) "
        f"TO '{quoted(file)}' ({PARQUET})"
    )
    months: set[int] = set()
    published = part.published
    if table.dated:
        months = _write_presence(con, home, table, part_id, written)
        published = max(months) if published is None else published
    carries = table.dimensions if part.carries is None else part.carries
    catalogue.execute(
        "INSERT INTO parts VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            part_id,
            file_id,
            table.name,
            source.name,
            ",".join(sorted(carries)),
            part.complete,
            published or 0,
            kept,
            version,
        ],
    )
    sync(file)
    return count, kept, months, refusals


def _write_presence(con, home: Path, table: Table, part_id: int, written: list[Path]) -> set[int]:
    """Which areas and months a part speaks of: small, so that the question of who is believed never scans facts."""
    file = home / "presence" / f"{part_id}.parquet"
    file.parent.mkdir(parents=True, exist_ok=True)
    written.append(file)
    con.execute(
        f"COPY (SELECT {part_id}::INTEGER AS part_id, area_code, level, month_no, {series_of(table)} AS series "
        "FROM part WHERE refusal IS NULL "
        f"GROUP BY ALL ORDER BY ALL) TO '{quoted(file)}' ({PARQUET})"
    )
    sync(file)
    return {m for (m,) in con.execute(f"SELECT DISTINCT month_no FROM '{quoted(file)}'").fetchall()}


def series_of(table: Table) -> str:
    """SQL for the statistic that a row belongs to; most tables hold only one."""
    return f"coalesce({table.series}, '')" if table.series else "''"


def _refuse_unreadable(con, table: Table, columns: tuple[Column, ...]) -> None:
    """Refuse rows whose month, area or category cannot stand, whatever their source let through."""
    if table.dated:
        limit = datetime.date.today().year * 12 + datetime.date.today().month
        con.execute(
            f"""UPDATE part SET refusal = CASE
                  WHEN month_no IS NULL THEN 'the month cannot be read'
                  WHEN area_code IS NULL THEN 'the organisation code is missing'
                  ELSE 'the month lies in the future or before 1948' END
                WHERE refusal IS NULL AND (month_no IS NULL OR area_code IS NULL OR month_no NOT BETWEEN 23376 AND {limit})"""
        )
    for column in columns:
        if column.kind == "category" and column.values:
            allowed = ", ".join("'" + v.replace("'", "''") + "'" for v in column.values)
            strange = f"refusal IS NULL AND {column.name} IS NOT NULL AND {column.name} NOT IN ({allowed})"
            if con.execute(f"SELECT 1 FROM part WHERE {strange} LIMIT 1").fetchone():
                con.execute(
                    f"UPDATE part SET refusal = '{column.name} is not one of the known values: ' || {column.name} WHERE {strange}"
                )


def _refusals(con, doc: opening.Document) -> list[Refusal]:
    found = con.execute(
        "SELECT refusal, count(*), min(line) FROM part WHERE refusal IS NOT NULL GROUP BY refusal ORDER BY 2 DESC LIMIT 50"
    ).fetchall()
    return [Refusal(reason, count, _example(con, doc, line, reason)) for reason, count, line in found]


def _example(con, doc: opening.Document, line: int, reason: str) -> str:
    """The first refused row as it stands in the file, so that it can be found and mended."""
    where = "row" if doc.kind == "book" else "line"
    raw = con.execute("SELECT count(*) FROM duckdb_tables() WHERE table_name = 'raw'").fetchone()[0]
    if raw:
        row = con.execute("SELECT * EXCLUDE (line) FROM raw WHERE line = ? LIMIT 1", [line]).fetchone()
    else:
        shown = "SELECT * EXCLUDE (line, refusal) FROM part WHERE line = ? AND refusal = ? LIMIT 1"
        row = con.execute(shown, [line, reason]).fetchone()
    cells = ",".join("" if v is None else str(v) for v in row or ())
    return f"{where} {line}: {cells[:160]}"


def _merge_refusals(into: dict[str, Refusal], more: list[Refusal]) -> None:
    for refusal in more:
        seen = into.get(refusal.reason)
        into[refusal.reason] = Refusal(
            refusal.reason, refusal.count + (seen.count if seen else 0), seen.example if seen else refusal.example
        )


def _record(catalogue, file_id, digest, name, path, version, account: Account, headers, months: set[int]) -> None:
    catalogue.execute("DELETE FROM files WHERE sha256 = ? AND name = ? AND status = 'refused'", [digest, name])
    catalogue.execute(
        "INSERT INTO files VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            file_id, digest, name, account.source, account.status, path.stat().st_size,
            datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"), version, account.rows_read,
            account.rows_kept, account.rows_refused, min(months, default=None), max(months, default=None),
            json.dumps(account.as_json()), json.dumps(headers),
        ],
    )  # fmt: skip


def _refuse(catalogue, path: Path, name: str, digest: str, version: int, reason: str, headers=()) -> Account:
    account = Account(path=str(path), source=None, status="refused", refusals=(Refusal(reason, 0, ""),), reason=reason)
    told = "sha256 = ? AND name = ? AND status = 'refused'"
    if catalogue.execute(
        f"SELECT 1 FROM files WHERE {told} AND account = ?", [digest, name, json.dumps(account.as_json())]
    ).fetchone():
        return account  # said before, in the same words
    catalogue.execute(f"DELETE FROM files WHERE {told}", [digest, name])
    file_id = catalogue.execute("SELECT coalesce(max(id), 0) + 1 FROM files").fetchone()[0]
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


def sync(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())


def quoted(path: Path) -> str:
    return str(path).replace("'", "''")


def sweep(catalogue: sqlite3.Connection, home: Path) -> int:
    """Delete files that a killed ingest left behind: those that no committed part names. Returns how many."""
    live = {str(row[0]) for row in catalogue.execute("SELECT id FROM parts")}
    orphans = [p for p in (*home.glob("facts/*/*.parquet"), *home.glob("presence/*.parquet")) if p.stem not in live]
    for orphan in orphans:
        orphan.unlink()
    shutil.rmtree(home / "tmp", ignore_errors=True)
    return len(orphans)
