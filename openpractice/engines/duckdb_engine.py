"""The default engine: DuckDB, reading Parquet in place."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import duckdb
import narwhals as nw
import numpy as np

from openpractice.engines import portable
from openpractice.engines.declare import Sums
from openpractice.kinds import Measure


@cache
def _shared() -> duckdb.DuckDBPyConnection:
    """One in-memory database a process: opening another takes longer than most scans. Each scan has its own cursor."""
    con = duckdb.connect()
    con.execute("SET threads = 2")
    return con


class DuckDB:
    name = "duckdb"

    def sums(self, measures: Sequence[Measure], facts: Sequence[str], plan: str, by: Sequence[str] = ()) -> Sums:
        with _shared().cursor() as con:
            con.execute("SET enable_progress_bar = false")
            rows = nw.from_native(con.read_parquet(list(facts), union_by_name=True))
            return portable.sums(measures, rows, nw.from_native(con.read_parquet(plan)), by, _collect)


def _collect(frame: nw.LazyFrame) -> dict[str, np.ndarray]:
    return nw.to_native(frame).fetchnumpy()


ENGINE = DuckDB()
