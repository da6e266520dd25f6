"""What the store remembers of each file that it was offered: its account, loaded or refused."""

from __future__ import annotations

import datetime
import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from openpractice.kinds import Owner, period_of
from openpractice.sources.guards import masked
from openpractice.store.account import Account, Refusal
from openpractice.store.catalogue import insert, next_id
from openpractice.store.stopping import Stopping


@dataclass(frozen=True)
class Arrival:
    """A file that is being loaded: by whom, into what, as part of which version."""

    catalogue: sqlite3.Connection
    home: Path
    path: Path
    digest: str
    version: int
    owner: Owner | None = None
    stopping: Stopping = field(default_factory=Stopping)

    def shown(self, name: str) -> str:
        """The document as an account calls it: by its path, but one of a practice's own by its name alone."""
        if self.owner or name == self.path.name:
            return name if self.owner else str(self.path)
        return f"{self.path.parent / name}"


def known(arrival: Arrival) -> dict[str, Account]:
    """The documents of these bytes that are in the store already; none where one of them was refused before."""
    before = arrival.catalogue.execute(
        "SELECT name, source, account, status FROM files WHERE sha256 = ? ORDER BY id", [arrival.digest]
    ).fetchall()
    return {name: _unchanged(arrival, source, said) for name, source, said, status in before if status == "loaded"}


def was_whole(arrival: Arrival) -> bool:
    """Whether these bytes were offered before and nothing of them was refused: otherwise they are tried again."""
    told = arrival.catalogue.execute("SELECT status FROM files WHERE sha256 = ?", [arrival.digest]).fetchall()
    return bool(told) and all(status == "loaded" for (status,) in told)


def _unchanged(arrival: Arrival, source: str, account: str) -> Account:
    path = arrival.shown(arrival.path.name)
    return _fit(Account(path=path, source=source, status="unchanged", periods=tuple(json.loads(account)["periods"])))


def record(
    arrival: Arrival, file_id: int, name: str, account: Account, headers: Sequence[str], months: set[int]
) -> Account:
    """Remember a file; returns its account as it may be shown."""
    name, account = masked(name), _fit(account)
    arrival.catalogue.execute(
        "DELETE FROM files WHERE sha256 = ? AND name = ? AND status = 'refused'", [arrival.digest, name]
    )
    insert(
        arrival.catalogue, "files", id=file_id, sha256=arrival.digest, name=name, source=account.source,
        status=account.status, bytes=arrival.path.stat().st_size,
        loaded_at=datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"), version=arrival.version,
        rows_read=account.rows_read, rows_kept=account.rows_kept, rows_refused=account.rows_refused,
        first_month=min(months, default=None), last_month=max(months, default=None),
        account=json.dumps(account.as_json()), headers=json.dumps([masked(header) for header in headers]),
    )  # fmt: skip
    return account


def refuse(arrival: Arrival, name: str, reason: str, headers: Sequence[str] = ()) -> Account:
    """Remember that a document was refused, and why; of a practice's own file nothing else, for nobody read it yet."""
    path = name if arrival.owner else str(arrival.path)
    account = _fit(Account(path=path, source=None, status="refused", refusals=(Refusal(reason, 0, ""),), reason=reason))
    told = "sha256 = ? AND name = ? AND status = 'refused'"
    if arrival.catalogue.execute(
        f"SELECT 1 FROM files WHERE {told} AND account = ?",
        [arrival.digest, masked(name), json.dumps(account.as_json())],
    ).fetchone():
        return account  # said before, in the same words
    arrival.catalogue.execute(f"DELETE FROM files WHERE {told}", [arrival.digest, masked(name)])
    return record(arrival, next_id(arrival.catalogue, "files"), name, account, () if arrival.owner else headers, set())


def loaded(arrival: Arrival, name: str, **said: object) -> Account:
    """The account of a document that was loaded."""
    return Account(path=arrival.shown(name), status="loaded", **said)  # type: ignore[arg-type]


def months_told(months: set[int]) -> tuple[str, ...]:
    return tuple(period_of(month) for month in sorted(months))


def _fit(account: Account) -> Account:
    """Whatever a file said, and was called, no NHS number stands in its account."""
    refusals = tuple(replace(r, reason=masked(r.reason), example=masked(r.example)) for r in account.refusals)
    return replace(
        account, path=masked(account.path), reason=masked(account.reason), refusals=refusals,
        notes=tuple(map(masked, account.notes)),
    )  # fmt: skip
