"""The second engine: Polars, scanning Parquet lazily. It runs the same query as DuckDB, so that each keeps the other honest."""

from __future__ import annotations

from collections.abc import Sequence

import narwhals as nw
import numpy as np
import polars as pl

from openpractice.engines import portable
from openpractice.engines.declare import Sums
from openpractice.kinds import Measure


class Polars:
    name = "polars"

    def sums(self, measures: Sequence[Measure], facts: Sequence[str], plan: str, by: Sequence[str] = ()) -> Sums:
        # Files of different years may lack one another's columns; DuckDB calls this union by name.
        rows = pl.concat([pl.scan_parquet(path) for path in facts], how="diagonal_relaxed")
        kinds = rows.collect_schema()
        # Polars joins only columns of one type, and a plan may write its numbers wider than the facts do.
        keyed = pl.scan_parquet(plan).with_columns(pl.col(key).cast(kinds[key]) for key in portable.KEYS)
        return portable.sums(measures, nw.from_native(rows), nw.from_native(keyed), by, _collect)


def _collect(frame: nw.LazyFrame) -> dict[str, np.ndarray]:
    """Numbers as they are; texts, and whole numbers that may be missing, as objects, so that None stays None."""
    return {
        column.name: column.to_numpy()
        if column.dtype.is_numeric() and not column.null_count()
        else np.array(column.to_list(), dtype=object)
        for column in nw.to_native(frame).collect(engine="streaming").iter_columns()
    }


ENGINE = Polars()
