"""Which rows speak for which area: the plan that every evaluation joins its facts to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import duckdb

from openpractice.kinds import LEVELS, Table

_SPOKEN = """
CREATE OR REPLACE TEMP TABLE live AS
  SELECT p.part_id, p.area_code, p.level, p.month_no, i.source, i.carries, i.rank,
         i.published * 1000000 + i.file_id AS edition, i.complete
  FROM presence p JOIN parts i ON i.part_id = p.part_id
  WHERE i.table_name = $table AND list_has_all(i.carries, $needs) AND p.series = $series
"""

# Who is believed. A part is live for an area and month when no later edition of the same cut of the same source
# restates it; an edition that speaks for every area silences earlier editions even on areas it no longer names.
# In other months than the `restated` each cut was told once, and all of it is live.
_LIVE = """
CREATE OR REPLACE TEMP TABLE live AS
  WITH ordered AS (
    SELECT *, max(CASE WHEN complete THEN edition END) OVER (PARTITION BY source, carries, level, month_no) AS whole,
           max(edition) OVER (PARTITION BY source, carries, level, month_no, area_code) AS latest
    FROM live WHERE list_contains($restated, month_no))
  SELECT * FROM live WHERE NOT list_contains($restated, month_no)
  UNION ALL
  SELECT * EXCLUDE (whole, latest) FROM ordered WHERE edition = latest AND edition >= coalesce(whole, edition)
"""

# Months of which one source at one level tells (`alone`): it is chosen for every area asked about.
_UNDISPUTED = """
CREATE OR REPLACE TEMP TABLE chosen AS
  SELECT l.part_id, l.area_code, l.level, l.month_no, t.target, t.asked
  FROM live l JOIN ancestors t ON t.area_code = l.area_code AND t.level = l.level
    AND l.month_no >= t.from_month AND l.month_no < t.to_month
  WHERE list_contains($asked, t.asked) AND list_contains($alone, l.month_no)
"""

# For each area asked about and month, one source at one level: the one published nearest to that area's level (unless
# another speaks for far more of its patients), then the one that names most areas, then the one trusted most. Never
# two, so nothing is counted twice.
_DISPUTED = """
INSERT INTO chosen
  WITH own AS (SELECT area_code, level, target FROM ancestors WHERE asked = level AND level <> 'practice' GROUP BY ALL),
  weights AS (
    SELECT area_code, 'practice' AS level, month_no, patients FROM lists WHERE NOT list_contains($alone, month_no)
    UNION ALL
    SELECT o.area_code, o.level, w.month_no, w.patients FROM own o JOIN totals w ON w.target = o.target
    WHERE NOT list_contains($alone, w.month_no)),
  placed AS MATERIALIZED (
    SELECT l.*, t.asked, t.target, list_position($levels, t.asked) - list_position($levels, l.level) AS distance
    FROM live l JOIN ancestors t ON t.area_code = l.area_code AND t.level = l.level
      AND l.month_no >= t.from_month AND l.month_no < t.to_month
    WHERE list_contains($asked, t.asked) AND NOT list_contains($alone, l.month_no)),
  told AS (
    SELECT asked, target, month_no, distance, source, carries, area_code, level, any_value(rank) AS rank
    FROM placed GROUP BY ALL),
  candidates AS (
    SELECT asked, target, month_no, distance, source, carries, any_value(rank) AS rank, count(*) AS areas,
           sum(coalesce(patients, 0)) AS patients
    FROM told LEFT JOIN weights USING (area_code, level, month_no)
    GROUP BY asked, target, month_no, distance, source, carries),
  best AS (
    SELECT DISTINCT ON (asked, target, month_no) asked, target, month_no, distance, source, carries
    FROM (SELECT *, max(areas) OVER (PARTITION BY asked, target, month_no, distance) AS most,
                 max(patients) OVER (PARTITION BY asked, target, month_no) AS widest FROM candidates)
    ORDER BY asked, target, month_no, patients < 0.8 * widest, distance, areas < 0.8 * most, rank, len(carries) DESC,
             source, carries)
  SELECT p.part_id, p.area_code, p.level, p.month_no, p.target, p.asked
  FROM placed p SEMI JOIN best b ON (p.asked, p.target, p.month_no, p.distance, p.source, p.carries)
                                  = (b.asked, b.target, b.month_no, b.distance, b.source, b.carries)
"""

# The patients behind each row: a practice's list, or for a published total the patients that its publication
# covers, or failing that the whole list of the area.
_PLAN = """
CREATE OR REPLACE TEMP TABLE plan AS
  SELECT part_id, ch.area_code, ch.month_no, ch.target,
         CASE WHEN l.near THEN l.patients END AS patients, l.patients AS behind
  FROM chosen ch LEFT JOIN lists l ON l.area_code = ch.area_code AND l.month_no = ch.month_no
  WHERE ch.level = 'practice'
"""

_PUBLISHED_TOTALS = """
INSERT INTO plan
  WITH by_level AS (
    SELECT a.asked AS level, a.target AS area_code, c.month_no, c.level AS told_at, sum(c.patients_included) AS patients
    FROM covered c JOIN ancestors a ON a.area_code = c.area_code AND a.level = c.level
      AND c.month_no >= a.from_month AND c.month_no < a.to_month
    WHERE c.service = $service
    GROUP BY ALL),
  included AS (  -- as published nearest to the area's own level
    SELECT level, area_code, month_no, arg_max(patients, list_position($levels, told_at)) AS patients
    FROM by_level GROUP BY ALL),
  own AS (SELECT area_code, level, target FROM ancestors WHERE asked = level AND level <> 'practice' GROUP BY ALL)
  SELECT part_id, ch.area_code, ch.month_no, ch.target, coalesce(i.patients, CASE WHEN w.near THEN w.patients END),
         coalesce(i.patients, w.patients)
  FROM chosen ch
  LEFT JOIN own ON own.area_code = ch.area_code AND own.level = ch.level
  LEFT JOIN included i ON i.level = ch.level AND i.area_code = own.target AND i.month_no = ch.month_no
  LEFT JOIN totals w ON w.target = own.target AND w.month_no = ch.month_no
  WHERE ch.level <> 'practice'
"""

_NOTHING = """
CREATE OR REPLACE TEMP TABLE plan (
  part_id INTEGER, area_code VARCHAR, month_no INTEGER, target VARCHAR, patients DOUBLE, behind DOUBLE)
"""

_ANCESTORS = f"""
CREATE OR REPLACE TEMP TABLE ancestors AS
  SELECT area_code, level, from_month, to_month, unnest([{", ".join(f"'{level}'" for level in LEVELS)}]) AS asked,
         unnest([{", ".join(LEVELS)}]) AS target
  FROM tree;
DELETE FROM ancestors WHERE target IS NULL;
"""


def prepare(con: duckdb.DuckDBPyConnection) -> None:
    """Once a connection: which areas lie above which, by level and month."""
    con.execute(_ANCESTORS)


def make(
    con: duckdb.DuckDBPyConnection, table: Table, needs: Sequence[str], series: str, levels: Sequence[str]
) -> list[int]:
    """Fill `plan` (part_id, area_code, month_no, target, patients) for a table; returns the parts it draws on.

    Expects `presence`, `parts`, `covered`, `tree`, `lists` and `totals` in the connection, and `prepare` done.
    """
    con.execute(_SPOKEN, {"table": table.name, "needs": list(needs), "series": series})
    # What is told of a whole cannot speak for its parts, so levels above those asked about say nothing here.
    below = LEVELS[: max(map(LEVELS.index, levels)) + 1]
    told = con.execute(
        "SELECT month_no, level, min(part_id) < max(part_id) FROM live WHERE list_contains($below, level) "
        "GROUP BY month_no, level, source, carries",
        {"below": list(below)},
    ).fetchall()
    if not told:
        con.execute(_NOTHING)
        return []
    if restated := sorted({month for month, _, several in told if several}):
        con.execute(_LIVE, {"restated": restated})
    tellers = Counter(month for month, *_ in told)
    alone = [month for month, count in tellers.items() if count == 1]
    placing = {"asked": list(levels), "alone": alone}
    con.execute(_UNDISPUTED, placing)
    if len(alone) < len(tellers):
        con.execute(_DISPUTED, {**placing, "levels": list(LEVELS)})
    con.execute(_PLAN)
    if any(level != "practice" for _, level, _ in told):
        con.execute(_PUBLISHED_TOTALS, {"service": table.service, "levels": list(LEVELS)})
    return [part for (part,) in con.execute("SELECT DISTINCT part_id FROM plan ORDER BY 1").fetchall()]
