"""Two ways to a published figure: the rows of one source as they were loaded, and the results that pages read."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from openpractice.kinds import Result, month_no


@pytest.fixture(scope="session")
def ask_rows(sample_home, sample_store) -> Callable[..., list[tuple]]:
    """`ask_rows(source, table, sql)`: SQL over `loaded`, every row that a source gave to a table, all editions."""
    from openpractice.store.connection import connect

    def ask_rows(source: str, table: str, sql: str) -> list[tuple]:
        parts = sample_store.catalogue.execute(
            "SELECT id FROM parts WHERE source = ? AND table_name = ?", [source, table]
        )
        files = [str(sample_home / "facts" / table / f"{part}.parquet") for (part,) in parts]
        with connect() as con:
            con.execute("CREATE TEMP TABLE loaded AS SELECT * FROM read_parquet(?, union_by_name = true)", [files])
            return con.execute(sql).fetchall()

    return ask_rows


@pytest.fixture(scope="session")
def month() -> Callable[[str], int]:
    """The running number of a month, for SQL over rows."""
    return month_no


@pytest.fixture(scope="session")
def stored(sample_store) -> Callable[..., Result]:
    """`stored(measure, period, area="ENG")`: the one stored result."""
    from openpractice.analysis import answers

    def stored(measure: str, period: str, area: str = "ENG") -> Result:
        (found,) = [r for r in answers.series(sample_store, measure, area) if r.period == period]
        return found

    return stored
