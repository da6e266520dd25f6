"""Which rows speak for which area: the plan that every evaluation joins its facts to."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from openpractice.kinds import LEVELS, Table

# Who is believed. A part is live for an area and month when no later edition of the same cut of the same source
# restates it; an edition that speaks for every area silences earlier editions even on areas it no longer names.
_LIVE = """
CREATE OR REPLACE TEMP TABLE live AS
  WITH spoken AS (
    SELECT p.part_id, p.area_code, p.level, p.month_no, i.source, i.carries, i.rank,
           i.published * 1000000 + i.file_id AS edition, i.complete
    FROM presence p JOIN parts i ON i.part_id = p.part_id
    WHERE i.table_name = $table AND list_has_all(i.carries, $needs) AND p.series = $series),
  ordered AS (
    SELECT *, max(CASE WHEN complete THEN edition END) OVER (PARTITION BY source, carries, level, month_no) AS whole,
           max(edition) OVER (PARTITION BY source, carries, level, month_no, area_code) AS latest
    FROM spoken)
  SELECT part_id, area_code, level, month_no, source, carries, rank FROM ordered
  WHERE edition = latest AND edition >= coalesce(whole, edition)
"""

# For each area asked about and month, one source at one level: the one published nearest to that area's level,
# then the one that names most areas, then the one trusted most. Never two, so nothing is counted twice.
_CHOSEN = """
CREATE OR REPLACE TEMP TABLE chosen AS
  WITH placed AS (
    SELECT l.*, t.asked, t.target, list_position($levels, t.asked) - list_position($levels, l.level) AS distance
    FROM live l JOIN ancestors t ON t.area_code = l.area_code AND t.level = l.level
      AND l.month_no >= t.from_month AND l.month_no < t.to_month
    WHERE list_contains($asked, t.asked)),
  candidates AS (
    SELECT asked, target, month_no, distance, source, carries, any_value(rank) AS rank, count(DISTINCT area_code) AS areas
    FROM placed GROUP BY asked, target, month_no, distance, source, carries),
  best AS (
    SELECT DISTINCT ON (asked, target, month_no) asked, target, month_no, distance, source, carries
    FROM (SELECT *, max(areas) OVER (PARTITION BY asked, target, month_no, distance) AS most FROM candidates)
    ORDER BY asked, target, month_no, distance, areas < 0.8 * most, rank, len(carries) DESC, source)
  SELECT p.part_id, p.area_code, p.level, p.month_no, p.target, p.asked
  FROM placed p SEMI JOIN best b ON (p.asked, p.target, p.month_no, p.distance, p.source, p.carries)
                                  = (b.asked, b.target, b.month_no, b.distance, b.source, b.carries)
"""

# The patients behind each row: a practice's list, or for a published total the patients that its publication
# covers, or failing that the whole list of the area.
_PLAN = """
CREATE OR REPLACE TEMP TABLE plan AS
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
  SELECT part_id, ch.area_code, ch.month_no, ch.target,
         CASE WHEN l.near THEN l.patients END AS patients, l.patients AS behind
  FROM chosen ch LEFT JOIN lists l ON l.area_code = ch.area_code AND l.month_no = ch.month_no
  WHERE ch.level = 'practice'
  UNION ALL
  SELECT part_id, ch.area_code, ch.month_no, ch.target, coalesce(i.patients, CASE WHEN w.near THEN w.patients END),
         coalesce(i.patients, w.patients)
  FROM chosen ch
  LEFT JOIN own ON own.area_code = ch.area_code AND own.level = ch.level
  LEFT JOIN included i ON i.level = ch.level AND i.area_code = own.target AND i.month_no = ch.month_no
  LEFT JOIN totals w ON w.target = own.target AND w.month_no = ch.month_no
  WHERE ch.level <> 'practice'
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
    con.execute(_LIVE, {"table": table.name, "needs": list(needs), "series": series})
    con.execute(_CHOSEN, {"levels": list(LEVELS), "asked": list(levels)})
    con.execute(_PLAN, {"service": table.service, "levels": list(LEVELS)})
    return [part for (part,) in con.execute("SELECT DISTINCT part_id FROM plan ORDER BY 1").fetchall()]
