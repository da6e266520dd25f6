"""The patients of areas that are in a table's plan although a measure has no value of theirs: it speaks for none of them."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb
import narwhals as nw

from openpractice.kinds import Measure
from openpractice.store.covered import Covered


def without_silent(
    con: duckdb.DuckDBPyConnection, measures: Sequence[Measure], facts: Sequence[str], plan: str, covered: Covered
) -> dict[str, Covered]:
    """What each measure covers: all that the plan does, less the areas whose rows give the measure no value."""
    told = {m.name: m.speaks for m in measures if m.speaks is not None}
    answer = dict.fromkeys((m.name for m in measures), covered)
    if told:
        groups = _silent(con, told, facts, plan).fetchnumpy()
        for name in told:
            answer[name] = covered.less(groups["target"], groups["month_no"], groups[name])
    return answer


def _silent(con: duckdb.DuckDBPyConnection, told: dict[str, nw.Expr], facts: Sequence[str], plan: str):
    """One row a target and month in which any of these measures lacks an area, with the patients that each lacks."""
    rows = nw.from_native(con.read_parquet(list(facts), union_by_name=True))
    marked = rows.select("part_id", "area_code", "month_no", **told)
    lacking = nw.to_native(marked.filter(~nw.all_horizontal(*told, ignore_nulls=False)))
    lacks = ", ".join(f"coalesce(sum(behind) FILTER (NOT {name}), 0) AS {name}" for name in told)
    return lacking.query(
        "lacking",
        f"SELECT target, month_no, {lacks} FROM lacking JOIN read_parquet('{plan}') USING (part_id, area_code, month_no) "
        "GROUP BY ALL",
    )
