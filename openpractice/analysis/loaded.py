"""What is loaded, from where, how complete, and what was refused: the data page and the lineage of a number."""

from __future__ import annotations

import json
from dataclasses import dataclass

from openpractice.kinds import Measure, period_of
from openpractice.sources import catalogue as sources
from openpractice.store import Store


@dataclass(frozen=True)
class LoadedFile:
    """One file as the catalogue remembers it; periods as YYYY-MM, empty when the file has none."""

    id: int
    name: str
    source: str
    title: str
    publisher: str
    page: str
    status: str
    bytes: int
    loaded_at: str
    rows_read: int
    rows_kept: int
    rows_refused: int
    first: str
    last: str
    refusals: tuple[dict, ...]
    reason: str
    headers: tuple[str, ...]
    sha256: str


def files(store: Store) -> list[LoadedFile]:
    """Every file offered to the store, the latest first."""
    known = sources()
    found = []
    for row in store.catalogue.execute("SELECT * FROM files ORDER BY id DESC"):
        account = json.loads(row["account"])
        source = known.get(row["source"] or "")
        found.append(
            LoadedFile(
                id=row["id"],
                name=row["name"],
                source=row["source"] or "",
                title=source.title if source else "",
                publisher=source.publisher if source else "",
                page=source.page if source else "",
                status=row["status"],
                bytes=row["bytes"],
                loaded_at=row["loaded_at"],
                rows_read=row["rows_read"],
                rows_kept=row["rows_kept"],
                rows_refused=row["rows_refused"],
                first=_period(row["first_month"]),
                last=_period(row["last_month"]),
                refusals=tuple(account["refusals"]),
                reason=account["reason"],
                headers=tuple(json.loads(row["headers"])),
                sha256=row["sha256"],
            )
        )
    return found


def _period(month: int | None) -> str:
    return "" if month is None else period_of(month)


def lineage(store: Store, measure: Measure) -> list[LoadedFile]:
    """The loaded files that feed a measure's table, the latest first."""
    ids = {
        i
        for (i,) in store.catalogue.execute(
            "SELECT DISTINCT file_id FROM parts WHERE table_name = ?", [measure.table.name]
        )
    }
    return [file for file in files(store) if file.id in ids and file.status == "loaded"]


def calendar(store: Store) -> dict[str, dict[str, int]]:
    """Table → month → how many files speak of it, for the calendar of coverage by source."""
    found: dict[str, dict[str, int]] = {}
    for file in files(store):
        if file.status != "loaded" or not file.first:
            continue
        account = json.loads(store.catalogue.execute("SELECT account FROM files WHERE id = ?", [file.id]).fetchone()[0])
        for month in account["periods"]:
            row = found.setdefault(file.title, {})
            row[month] = row.get(month, 0) + 1
    return found


def versions(store: Store) -> list[tuple[int, str, str]]:
    """(version, when, what) of every change, the latest first."""
    return [
        tuple(row) for row in store.catalogue.execute("SELECT version, at, note FROM versions ORDER BY version DESC")
    ]
