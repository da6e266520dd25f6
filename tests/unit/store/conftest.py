"""Small worlds: files that never were, given to a store as the parts that a reader would have made of them.

The store's own bundle is the way in, so that everything after the reading of a file is the real thing: who is believed,
the Area tree, the lists, the results. Areas are invented (Y99…).
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pytest

from openpractice import tables
from openpractice.analysis import answers
from openpractice.analysis.recompute import ingest_bundle
from openpractice.kinds import Table, month_no
from openpractice.store import Store

KINDS = {"text": pl.String, "category": pl.String, "count": pl.Float64, "number": pl.Float64, "flag": pl.Int32, "day": pl.Int32}  # fmt: skip
KEYS = {"part_id": pl.Int32, "area_code": pl.String, "level": pl.String, "month_no": pl.Int32}
_numbers = itertools.count(1)


@dataclass(frozen=True)
class Told:
    """What one file said to one table. Rows are dicts; `level` is practice and `month` February 2026 unless they say."""

    table: str
    rows: Sequence[Mapping]
    source: str = "telephony"
    published: str | None = None  # None: the latest month of the rows
    complete: bool = True
    carries: tuple[str, ...] = ()


def lists(patients: Mapping[str, float], month: str = "2026-02", **options) -> Told:
    """The registered list of each practice."""
    rows = [{"area_code": code, "month": month, "patients": n} for code, n in patients.items()]
    return Told("list_size", rows, **({"source": "registered_patients"} | options))


def calls(answered: Mapping[str, float], month: str = "2026-02", level: str = "practice", **options) -> Told:
    """A thousand inbound calls an area, of which so many were answered."""
    rows = [
        {"area_code": code, "level": level, "month": month, "inbound": 1000, "answered": n, "missed": 1000 - n}
        for code, n in answered.items()
    ]
    return Told("calls", rows, **options)


def belongs(child: str, parent: str | None, of: str = "practice in pcn", since: str = "2013-04", **options) -> Told:
    """One line of membership; `of` names the two levels."""
    child_level, _, parent_level = of.partition(" in ")
    row = {"child": child, "child_level": child_level, "parent": parent, "parent_level": parent_level}
    return Told("memberships", [row | {"as_of": month_no(since)}], **({"source": "ods_epcn"} | options))


def placed(practices: Mapping[str, str], **options) -> list[Told]:
    """Practices in networks, all of them in the sub-ICB location 99X of the board Q99 in the region Y99."""
    return [
        *(belongs(code, pcn, **options) for code, pcn in practices.items()),
        *(belongs(code, "99X", "practice in sub_icb", **options) for code in practices),
        belongs("99X", "Q99", "sub_icb in icb"),
        belongs("Q99", "Y99", "icb in region"),
    ]


class World:
    """A store in a folder, told things one file at a time."""

    def __init__(self, folder: Path):
        self.folder, self.home = folder, folder / "home"

    def tell(self, *parts: Told) -> World:
        """One more file, which gives all these parts; results are computed anew."""
        number = next(_numbers)
        bundle = self.folder / f"file-{number}"
        (bundle / "parts").mkdir(parents=True)
        records = [_write(bundle, i, number, part) for i, part in enumerate(parts, 1)]
        file = {
            "id": 1, "sha256": f"{number:064x}", "name": f"file-{number}.csv", "source": parts[0].source, "status": "loaded",
            "bytes": 1, "loaded_at": "2026-03-01T00:00:00+00:00", "rows_read": 1, "rows_kept": 1, "rows_refused": 0,
            "first_month": None, "last_month": None, "headers": [],
            "account": {"path": "", "refusals": [], "reason": "", "periods": []},
        }  # fmt: skip
        manifest = {"format": 2, "files": [file], "parts": records}
        (bundle / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
        ingest_bundle(self.home, bundle)
        return self

    @property
    def store(self) -> Store:
        return Store(self.home)

    def values(self, measure: str, area: str) -> dict[str, float]:
        """Month → value, as stored."""
        return {r.period: r.value for r in answers.series(self.store, measure, area)}

    def result(self, measure: str, area: str, month: str = "2026-02"):
        """The stored result of one month, or None."""
        return next((r for r in answers.series(self.store, measure, area) if r.period == month), None)


def _write(bundle: Path, number: int, file: int, part: Told) -> dict:
    table = tables.ALL[part.table]
    schema = (KEYS if table.dated else {"part_id": pl.Int32}) | {c.name: KINDS[c.kind] for c in table.columns}
    rows = [_row(row, table) for row in part.rows]
    frame = pl.DataFrame([{name: row.get(name) for name in schema} for row in rows], schema=schema)
    frame.with_columns(part_id=pl.lit(number, pl.Int32)).write_parquet(bundle / "parts" / f"{number}.parquet")
    published = month_no(part.published) if part.published else max((row.get("month_no", 0) for row in rows), default=0)
    return {
        "id": number, "file_id": 1, "table_name": table.name, "source": part.source, "rows": len(rows),
        "carries": ",".join(sorted(part.carries)), "complete": int(part.complete), "published": published,
    }  # fmt: skip


def _row(row: Mapping, table: Table) -> dict:
    if not table.dated:
        return dict(row)
    dated = {"level": "practice", "month": "2026-02"} | dict(row)
    return dated | {"month_no": month_no(dated["month"])}


class Words:
    """The words in which a test tells a world: `say.calls(…)`."""

    part, lists, calls, belongs, placed = Told, *map(staticmethod, (lists, calls, belongs, placed))


@pytest.fixture
def world(tmp_path) -> World:
    return World(tmp_path)


@pytest.fixture
def another_world(tmp_path) -> Callable[[], World]:
    """Further stores for one test, each empty."""
    return lambda: World(tmp_path / f"world-{next(_numbers)}")


@pytest.fixture(scope="session")
def say() -> type[Words]:
    return Words
