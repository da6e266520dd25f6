"""The rows of a part that cannot stand: which, why, and the first of each as it stands in the file."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

import duckdb

from openpractice.kinds import Column, Table
from openpractice.sources.document import Document
from openpractice.store.account import Refusal

LARGEST = 1e12  # of all that is counted in England, in pounds or patients, nothing comes near
MOST, LONGEST = 40, 200  # reasons that an account tells, and letters of each and of its example


def refuse_unreadable(con: duckdb.DuckDBPyConnection, table: Table, columns: tuple[Column, ...]) -> None:
    """Refuse rows whose month, area or category cannot stand, whatever their source let through."""
    if table.dated:
        today = datetime.date.today()
        limit = today.year * 12 + today.month - 1 + table.months_ahead
        con.execute(
            f"""UPDATE part SET refusal = CASE
                  WHEN month_no IS NULL THEN 'the month cannot be read'
                  WHEN area_code IS NULL THEN 'the organisation code is missing'
                  ELSE 'the month lies in the future or before 1948' END
                WHERE refusal IS NULL AND (month_no IS NULL OR area_code IS NULL OR month_no NOT BETWEEN 23376 AND {limit})"""
        )
    for column in columns:
        if column.kind == "category" and column.values:
            allowed = ", ".join("'" + v.replace("'", "''") + "'" for v in column.values)
            strange = f"refusal IS NULL AND {column.name} IS NOT NULL AND {column.name} NOT IN ({allowed})"
            if con.execute(f"SELECT 1 FROM part WHERE {strange} LIMIT 1").fetchone():
                con.execute(
                    f"UPDATE part SET refusal = '{column.name} is not one of the known values: ' || {column.name} WHERE {strange}"
                )


def refuse_impossible(con: duckdb.DuckDBPyConnection, table: Table) -> None:
    """Refuse rows with a count or number that nothing has: nobody has a list of -5 patients, or of 10 to the 300."""
    columns = [column for column in table.columns if column.kind in ("count", "number")]
    if not columns:
        return
    ends = ", ".join(f"min({column.name}), max({column.name})" for column in columns)
    found = con.execute(f"SELECT {ends} FROM part WHERE refusal IS NULL").fetchall()[0]
    for column, low, high in zip(columns, found[::2], found[1::2], strict=True):
        called, where = "'" + column.meaning.replace("'", "''") + "'", "true"
        if column.signed:  # one column for several series: each is called by its own name
            called, where = f"replace({table.series}, '_', ' ')", f"{table.series} NOT IN {(*column.signed, '')}"
        if low is not None and low < 0:
            _refuse(con, f"'a number below nought: ' || {called}", f"{column.name} < 0 AND {where}")
        if high is not None and not high <= LARGEST:  # nor is it no number at all, which DuckDB puts above all others
            _refuse(con, f"'a number larger than anything there is: ' || {called}", f"NOT {column.name} <= {LARGEST}")


def _refuse(con: duckdb.DuckDBPyConnection, reason: str, where: str) -> None:
    con.execute(f"UPDATE part SET refusal = {reason} WHERE refusal IS NULL AND {where}")


def told(doc: Document) -> tuple[Refusal, ...]:
    """Each reason for which rows of the part in hand are refused, the commonest first."""
    found = doc.con.execute(
        "SELECT refusal, count(*), min(line) FROM part WHERE refusal IS NOT NULL GROUP BY refusal ORDER BY 2 DESC LIMIT 50"
    ).fetchall()
    return tuple(Refusal(reason, count, _example(doc, line, reason)) for reason, count, line in found)


def _example(doc: Document, line: int, reason: str) -> str:
    """The first refused row as it stands in the file, so that it can be found and mended."""
    where = "row" if doc.kind == "book" else "line"
    if doc.owner:  # the row is in the practice's own file; what it says of people is not repeated here
        return f"{where} {line}"
    if doc.con.execute("SELECT 1 FROM duckdb_tables() WHERE table_name = 'raw'").fetchone():
        row = doc.con.execute("SELECT * EXCLUDE (line) FROM raw WHERE line = ? LIMIT 1", [line]).fetchone()
    else:
        shown = "SELECT * EXCLUDE (line, refusal) FROM part WHERE line = ? AND refusal = ? LIMIT 1"
        row = doc.con.execute(shown, [line, reason]).fetchone()
    cells = ",".join("" if v is None else str(v) for v in row or ())
    return f"{where} {line}: {cells[:160]}"


def merged(refusals: Iterable[Refusal]) -> tuple[Refusal, ...]:
    """One refusal a reason: the rows of all, the example of the first. However strange the file, so many and so long."""
    found: dict[str, Refusal] = {}
    for one in refusals:
        reason = one.reason[:LONGEST]
        seen = found.get(reason, Refusal(reason, 0, one.example[:LONGEST]))
        found[reason] = Refusal(reason, seen.count + one.count, seen.example)
    if len(found) <= MOST:
        return tuple(found.values())
    *kept, first = sorted(found.values(), key=lambda one: -one.count)[:MOST]
    rest = sum(one.count for one in found.values()) - sum(one.count for one in kept)
    return (*kept, Refusal(f"{len(found) - len(kept):,} other reasons", rest, first.example))
