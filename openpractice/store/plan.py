"""Which rows speak for which area: the plan that every evaluation joins its facts to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import duckdb

from openpractice.kinds import LEVELS, Table

_SPOKEN = """
CREATE TEMP TABLE live AS
  SELECT part_id, area_code, level, month_no, teller, edition, complete FROM spoken JOIN cuts USING (part_id)
  WHERE table_name = $table AND list_has_all(carries, $needs) AND series = $series
"""

# Who is believed. A part is live for an area and month when no later edition of the same cut of the same source
# restates it; an edition that speaks for every area silences earlier editions even on areas it no longer names.
# In other months than the `restated` each cut was told once, and all of it is live.
_LIVE = """
CREATE OR REPLACE TEMP TABLE live AS
  WITH again AS (FROM live WHERE list_contains($restated, month_no)),
  whole AS (SELECT teller, level, month_no, max(edition) AS edition FROM again WHERE complete GROUP BY ALL),
  latest AS (SELECT teller, level, month_no, area_code, max(edition) AS edition FROM again GROUP BY ALL)
  FROM live WHERE NOT list_contains($restated, month_no)
  UNION ALL
  SELECT again.* FROM again JOIN latest USING (teller, level, month_no, area_code, edition)
  LEFT JOIN whole USING (teller, level, month_no) WHERE again.edition >= coalesce(whole.edition, again.edition)
"""

# Months of which one source at one level tells (`alone`): it is chosen for every area asked about.
_UNDISPUTED = """
CREATE TEMP TABLE chosen AS
  SELECT l.part_id, l.area_code, l.level, l.month_no, t.target
  FROM live l JOIN ancestors t ON t.area_code = l.area_code AND t.level = l.level
    AND l.month_no >= t.from_month AND l.month_no < t.to_month
  WHERE list_contains($asked, t.asked) AND list_contains($alone, l.month_no)
"""

# For each area asked about and month, one source at one level: the one published nearest to that area's level (unless
# another speaks for far more of its patients), then the one that names most areas, then the one trusted most. Never
# two, so nothing is counted twice.
_DISPUTED = """
INSERT INTO chosen
  WITH weights AS (
    SELECT area_code, 0 AS level, month_no, patients FROM listed WHERE NOT list_contains($alone, month_no)
    UNION ALL
    SELECT area_code, level, month_no, patients FROM wholes WHERE NOT list_contains($alone, month_no)),
  placed AS MATERIALIZED (
    SELECT l.*, t.asked, t.target, t.asked - l.level AS distance
    FROM live l JOIN ancestors t ON t.area_code = l.area_code AND t.level = l.level
      AND l.month_no >= t.from_month AND l.month_no < t.to_month
    WHERE list_contains($asked, t.asked) AND NOT list_contains($alone, l.month_no)),
  heard AS (SELECT DISTINCT asked, target, month_no, distance, teller, area_code, level FROM placed),
  candidates AS (
    SELECT asked, target, month_no, distance, teller, count(*) AS areas, sum(coalesce(patients, 0)) AS patients
    FROM heard LEFT JOIN weights USING (area_code, level, month_no)
    GROUP BY asked, target, month_no, distance, teller),
  widest AS (SELECT asked, target, month_no, max(patients) AS patients FROM candidates GROUP BY ALL),
  wide AS (
    SELECT c.* FROM candidates c JOIN widest w USING (asked, target, month_no) WHERE c.patients >= 0.8 * w.patients),
  nearest AS (SELECT asked, target, month_no, min(distance) AS distance FROM wide GROUP BY ALL),
  most AS (
    SELECT asked, target, month_no, distance, max(areas) AS areas
    FROM candidates JOIN nearest USING (asked, target, month_no, distance) GROUP BY ALL),
  best AS (
    SELECT asked, target, month_no, distance,
           coalesce(min(teller) FILTER (wide.areas >= 0.8 * most.areas), min(teller)) AS teller
    FROM wide JOIN most USING (asked, target, month_no, distance) GROUP BY ALL)
  SELECT part_id, area_code, level, month_no, target
  FROM placed SEMI JOIN best USING (asked, target, month_no, distance, teller)
"""

# The patients behind each row: a practice's list, or for a published total the patients that its publication
# covers, or failing that the whole list of the area.
_PLAN = """
CREATE TEMP TABLE plan AS
  SELECT part_id, area_code, month_no, target, CASE WHEN near THEN patients END AS patients, patients AS behind
  FROM chosen LEFT JOIN listed USING (area_code, month_no) WHERE level = 0
"""

_PUBLISHED_TOTALS = """
INSERT INTO plan
  SELECT part_id, area_code, month_no, target, coalesce(i.patients, CASE WHEN near THEN w.patients END),
         coalesce(i.patients, w.patients)
  FROM chosen
  LEFT JOIN (FROM included WHERE service = $service) i USING (area_code, level, month_no)
  LEFT JOIN wholes w USING (area_code, level, month_no)
  WHERE level > 0
"""


def make(
    con: duckdb.DuckDBPyConnection, table: Table, needs: Sequence[str], series: str, levels: Sequence[str]
) -> list[int]:
    """Make `plan` (part_id, area_code, month_no, target, patients, behind) for a table; returns the parts it draws on.

    `con` is a fresh cursor of a connection where `coded.prepare` was done.
    """
    con.execute(_SPOKEN, {"table": table.name, "needs": list(needs), "series": series})
    asked = [LEVELS.index(level) for level in levels]
    # What is told of a whole cannot speak for its parts, so levels above those asked about say nothing here.
    told = con.execute(
        "SELECT month_no, level, min(part_id) < max(part_id) FROM live WHERE level <= ? GROUP BY month_no, level, teller",
        [max(asked)],
    ).fetchall()
    if not told:
        return []
    if restated := sorted({month for month, _, several in told if several}):
        con.execute(_LIVE, {"restated": restated})
    tellers = Counter(month for month, *_ in told)
    alone = [month for month, count in tellers.items() if count == 1]
    placing = {"asked": asked, "alone": alone}
    con.execute(_UNDISPUTED, placing)
    if len(alone) < len(tellers):
        con.execute(_DISPUTED, placing)
    con.execute(_PLAN)
    if any(level for _, level, _ in told):
        con.execute(_PUBLISHED_TOTALS, {"service": table.service})
    return [part for (part,) in con.execute("SELECT DISTINCT part_id FROM plan ORDER BY 1").fetchall()]
