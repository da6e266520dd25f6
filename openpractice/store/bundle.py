"""A store's facts as a folder that another store can take in: the demo's sample, and a way to hand over open data.

A bundle is `manifest.json` (the files as they were accounted for, the parts they gave) and one Parquet file a part.
Lineage survives: a number computed from a bundle still names the publisher's file, its rows and its refusals.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path

import duckdb

from openpractice import tables
from openpractice.kinds import Refused
from openpractice.store import parquet
from openpractice.store.catalogue import insert, next_id
from openpractice.store.connection import connect
from openpractice.store.part import write_presence
from openpractice.store.store import Change, Store

_FORMAT = 2
_FILE = ("id", "sha256", "name", "source", "status", "bytes", "loaded_at", "rows_read", "rows_kept", "rows_refused",
         "first_month", "last_month", "account", "headers")  # fmt: skip
_PART = ("id", "file_id", "table_name", "source", "carries", "complete", "published", "rows")


def export_bundle(store: Store, folder: Path, keep: Callable[[dict], bool] = lambda file: True) -> int:
    """Write the loaded files that `keep` accepts to a new folder; returns how many parts were written."""
    if folder.exists():
        raise Refused(f"{folder} exists already. Name a new folder for the bundle.")
    (folder / "parts").mkdir(parents=True)
    rows = store.catalogue.execute(f"SELECT {', '.join(_FILE)} FROM files WHERE status = 'loaded' ORDER BY id")
    files = [f for f in (dict(row) for row in rows) if keep(f)]
    ids = {f["id"] for f in files}
    parts = [
        dict(row)
        for row in store.catalogue.execute(f"SELECT {', '.join(_PART)} FROM parts ORDER BY id")
        if row["file_id"] in ids
    ]
    with connect() as con:
        for part in parts:
            _copy(
                con,
                parquet.facts_file(store.home, part["table_name"], part["id"]),
                _part_file(folder, part["id"]),
                part["id"],
            )
    for file in files:
        file["account"] = {**json.loads(file["account"]), "path": file["name"]}  # no path of this machine leaves it
        file["headers"] = json.loads(file["headers"])
    manifest = {"format": _FORMAT, "files": files, "parts": parts}
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=1, ensure_ascii=False), encoding="utf-8")
    return len(parts)


def import_bundle(change: Change, folder: Path) -> int:
    """Take a bundle's files into a change; those already in the store are left alone. Returns how many came in."""
    manifest = _manifest(folder)
    known = {row[0] for row in change.catalogue.execute("SELECT sha256 || name FROM files WHERE status = 'loaded'")}
    arrived = [f for f in manifest["files"] if f["sha256"] + f["name"] not in known]
    file_ids = _insert_files(change, arrived)
    with connect() as con:
        for part in manifest["parts"]:
            if part["file_id"] in file_ids:
                _insert_part(con, change, folder, part, file_ids[part["file_id"]])
    return len(arrived)


def _manifest(folder: Path) -> dict:
    """What the bundle says that it holds. Raises Refused unless that is what this version writes, and all there."""
    try:
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as trouble:
        raise Refused(f"{folder} is not a bundle: its manifest.json cannot be read. Export it again.") from trouble
    _refuse_other_keys(folder, "manifest", manifest, ("format", "files", "parts"))
    if manifest["format"] != _FORMAT:
        raise Refused(f"The bundle {folder} has a format that this version does not know. Update OpenPractice.")
    for file in manifest["files"]:
        _refuse_other_keys(folder, "account of a file", file, _FILE)
    for part in manifest["parts"]:
        _refuse_other_keys(folder, "account of a part", part, _PART)
        _refuse_unusable(folder, part)
    return manifest


def _refuse_other_keys(folder: Path, what: str, record: object, keys: Sequence[str]) -> None:
    found = record.keys() if isinstance(record, dict) else set()
    wrong = [f"lacks {key}" for key in keys if key not in found]
    wrong += [f"has an unknown {key}" for key in found if key not in keys]
    if wrong:
        raise Refused(
            f"The bundle {folder} was written by another version of OpenPractice or changed by hand: its {what} "
            f"{' and '.join(wrong)}. Export it again with this version."
        )


def _refuse_unusable(folder: Path, part: dict) -> None:
    number, table = part["id"], part["table_name"]
    if type(number) is not int:  # it becomes the name of a file, and ../ in it would lead elsewhere
        raise Refused(
            f"The bundle {folder} names a part {number!r}; a part has a number, and its file lies in the bundle. "
            "Export it again."
        )
    if table not in tables.ALL:
        raise Refused(f"{folder} holds a table '{table}' that this version does not know. Update OpenPractice.")
    if not _part_file(folder, number).is_file():
        raise Refused(
            f"The bundle {folder} lacks {_part_file(folder, number).name}, which its manifest names. Copy the whole "
            "folder, or export it again."
        )


def _part_file(folder: Path, number: int) -> Path:
    return folder / "parts" / f"{number}.parquet"


def _insert_files(change: Change, files: Sequence[dict]) -> dict[int, int]:
    """Bring the accounts of files in; returns the new number of each."""
    ids = {}
    for file in files:
        ids[file["id"]] = new = next_id(change.catalogue, "files")
        texts = {name: json.dumps(file[name]) for name in ("account", "headers")}
        said = {name: file[name] for name in _FILE} | texts
        insert(change.catalogue, "files", **said | {"id": new, "version": change.version})
    return ids


def _insert_part(con: duckdb.DuckDBPyConnection, change: Change, folder: Path, part: dict, file_id: int) -> None:
    table = part["table_name"]
    new = next_id(change.catalogue, "parts")
    _copy(con, _part_file(folder, part["id"]), parquet.facts_file(change.home, table, new), new)
    write_presence(con, change.home, tables.ALL[table], new)
    said = {name: part[name] for name in _PART}
    insert(change.catalogue, "parts", **said | {"id": new, "file_id": file_id, "version": change.version})


def _copy(con: duckdb.DuckDBPyConnection, source: Path, target: Path, part_id: int) -> None:
    """The same rows in the same order under another part number."""
    rows = f"SELECT {part_id}::INTEGER AS part_id, * EXCLUDE (part_id) FROM read_parquet(?)"
    parquet.write(con, rows, target, [str(source)])
