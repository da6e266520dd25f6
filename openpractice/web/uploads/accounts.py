"""The ingest's account of a file, as it is kept with an upload: without places of this server, and without numbers of people."""

from __future__ import annotations

import datetime
import json
import sqlite3
from contextlib import closing
from pathlib import PurePath
from typing import Any

from openpractice.kinds import Refused
from openpractice.store.catalogue import open_reader
from openpractice.web.uploads.models import State, Upload
from openpractice.web.uploads.names import hidden
from openpractice.web.uploads.place import file_of, store_of


def to_keep(said: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """An account for each file inside, named as whoever brought it knows it; examples of rows show no number of people."""
    return [_cleaned(one) for one in said]


def _cleaned(account: dict[str, Any]) -> dict[str, Any]:
    kept = ("source", "status", "rows_read", "rows_kept", "rows_refused", "periods")
    refusals = [
        {"reason": hidden(r["reason"]), "count": r["count"], "example": hidden(r["example"])}
        for r in account["refusals"] if r["count"]
    ]  # fmt: skip
    name = PurePath(account["path"]).name
    return {name: account[name] for name in kept} | {
        "name": name,
        "reason": hidden(account["reason"]),
        "refusals": refusals,
    }


def state_of(told: list[dict[str, Any]]) -> str:
    """What became of the whole: something of it is in the store, or was before, or everything was refused."""
    found = {one["status"] for one in told}
    return next((state for state in (State.LOADED, State.UNCHANGED) if state in found), State.REFUSED)


def why_refused(told: list[dict[str, Any]]) -> str:
    return " ".join(one["reason"] for one in told) or "There is no file in what was uploaded."


def doing(upload: Upload, step: str) -> str:
    """What the ingest does at this moment; while it reads this file, it says the file's name."""
    return "Reading the rows" if step == file_of(upload).name else step[:1].upper() + step[1:]


def tells_too_little(upload: Upload, said: list[dict[str, Any]] | None) -> bool:
    """Whether the store may know more than the worker: it was stopped in the last moment, or it is not the first one."""
    return not said or (upload.attempts > 1 and state_of(said) == State.UNCHANGED)


def of_store(upload: Upload) -> list[dict[str, Any]]:
    """The accounts that the store itself has of these bytes since they arrived; none where it cannot be asked.

    A worker that dies after the store has changed leaves an upload that says nothing of it; read once more, the store
    only says that nothing is new.
    """
    since = upload.arrived.astimezone(datetime.UTC).isoformat(timespec="seconds")
    try:
        with closing(open_reader(store_of(upload.organisation))) as catalogue:
            rows = catalogue.execute(
                "SELECT account FROM files WHERE sha256 = ? AND status = 'loaded' AND loaded_at >= ? ORDER BY id",
                [upload.sha256, since],
            ).fetchall()
    except (Refused, sqlite3.Error):
        return []
    return [json.loads(account) for (account,) in rows]
