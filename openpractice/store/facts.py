"""A view of the facts at one version, that sums measures: plans are made once, scans each time."""

from __future__ import annotations

import shutil
import tempfile
import threading
import uuid
import weakref
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import duckdb

from openpractice.engines import Sums, engine
from openpractice.kinds import LEVELS, Measure, Refused, Table
from openpractice.store import coded, parquet, plan
from openpractice.store.covered import Covered, covered
from openpractice.store.silent import without_silent
from openpractice.store.stopping import Stopping


class Plan(NamedTuple):
    """Which rows speak: the file that engines join to, the parts it draws on, and the patients behind its figures."""

    file: str
    parts: list[int]
    covered: Covered


@dataclass
class Facts:
    """A view of the facts at one version, able to sum measures. Shared by readers and by the writer's own change."""

    home: Path
    con: duckdb.DuckDBPyConnection
    stopping: Stopping = field(default_factory=Stopping)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _making: dict[tuple, threading.Lock] = field(default_factory=dict)
    _plans: dict[tuple, Plan | None] = field(default_factory=dict)
    _scratch: str = field(default_factory=lambda: tempfile.mkdtemp(prefix="openpractice-"))

    def __post_init__(self) -> None:
        # A view that a newer version replaced may still be answering another thread: it goes when nobody holds it.
        self._tidy = weakref.finalize(self, shutil.rmtree, self._scratch, ignore_errors=True)
        self._places = coded.prepare(self.con)
        self.con.execute("SET threads = 1")  # a plan is too small to share out; two are made at once instead

    def sums(
        self,
        measures: Sequence[Measure],
        levels: Sequence[str] = LEVELS,
        by: Sequence[str] = (),
        engine_name: str = "duckdb",
    ) -> tuple[Sums, dict[str, Covered]] | None:
        """Sums of measures that share a table and needs, with what each area's figure covers, by measure.

        Returns (Sums, {measure: Covered}), or None when no file speaks of this.
        """
        self.stopping.heed()
        first = measures[0]
        table, needs = first.table, tuple(sorted({*first.needs, *by}))
        unknown = [b for b in by if b not in table.dimensions]
        if unknown:
            can = f"It can by: {', '.join(table.dimensions)}." if table.dimensions else "It has no categories."
            raise Refused(f"{table.title} cannot be split by {unknown[0]}. {can}")
        planned = self._plan(table, needs, first.series, _speaks_for(table, levels))
        if planned is None:
            return None
        facts = [str(parquet.facts_file(self.home, table.name, part)) for part in planned.parts]
        sums = engine(engine_name).sums(measures, facts, planned.file, by)
        with self.con.cursor() as con:
            return sums, without_silent(con, measures, facts, planned.file, planned.covered)

    def covered(self, measure: Measure, levels: Sequence[str]) -> Covered | None:
        """What the figures of a measure would cover, without working them out; None when no file speaks of this."""
        needs = tuple(sorted({*measure.needs, *([measure.band_column] if measure.bands else [])}))
        planned = self._plan(measure.table, needs, measure.series, _speaks_for(measure.table, levels))
        if planned is None:
            return None
        facts = [str(parquet.facts_file(self.home, measure.table.name, part)) for part in planned.parts]
        with self.con.cursor() as con:
            return without_silent(con, [measure], facts, planned.file, planned.covered)[measure.name]

    def speaking(self, table: Table) -> tuple[list[str], str] | None:
        """For rows themselves: the files that hold those of practices, and the plan that says which of them speak.

        Both are to be joined by part, area and month. None when no file speaks of this.
        """
        planned = self._plan(table, (), "", ("practice",))
        if planned is None:
            return None
        return [str(parquet.facts_file(self.home, table.name, part)) for part in planned.parts], planned.file

    def _plan(self, table: Table, needs: tuple[str, ...], series: str, levels: tuple[str, ...]) -> Plan | None:
        """Made once, while those of other tables are made beside it."""
        key = (table.name, needs, series, levels)
        with self._lock:
            making = self._making.setdefault(key, threading.Lock())
        with making:
            if key not in self._plans:
                self._plans[key] = self._made(table, needs, series, levels)
            return self._plans[key]

    def _made(self, table: Table, needs: tuple[str, ...], series: str, levels: tuple[str, ...]) -> Plan | None:
        if not levels:
            return None
        with self.con.cursor() as con:  # its temporary tables are its own, and go with it
            parts = plan.make(con, table, needs, series, levels)
            if not parts:
                return None
            file = f"{self._scratch}/{uuid.uuid4().hex}.parquet"
            con.execute(f"COPY plan TO '{file}' (FORMAT parquet)")
            return Plan(file, parts, covered(con, self._places))

    def close(self) -> None:
        self.con.close()
        self._tidy()


def _speaks_for(table: Table, levels: Sequence[str]) -> tuple[str, ...]:
    """The levels that a table can speak for: one practice's own records are no figure of England."""
    return tuple(level for level in levels if not table.own or level == "practice")
