"""The Area tree: from what every file said of organisations to one dated answer to "who belonged to whom"."""

from __future__ import annotations

import duckdb

from openpractice.kinds import ENGLAND

ALWAYS, NEVER = 0, 999_999  # running month numbers before and after every real one

# Each statement makes one temp table from the ones before it. `organisations`, `memberships` and `aliases` hold
# every row of every part, with rank (which source is believed) and published (the later edition is believed).
_TREE = f"""
CREATE OR REPLACE TEMP TABLE ons AS
  SELECT alias, level, arg_min(area_code, rank) AS area_code FROM aliases WHERE kind = 'ons' GROUP BY alias, level;

CREATE OR REPLACE TEMP TABLE said AS
  SELECT coalesce(c.area_code, m.child) AS child, child_level, coalesce(p.area_code, m.parent) AS parent, parent_level,
         as_of::INTEGER AS as_of, rank, published
  FROM memberships m
  LEFT JOIN ons c ON c.alias = m.child AND c.level = m.child_level
  LEFT JOIN ons p ON p.alias = m.parent AND p.level = m.parent_level
  WHERE m.parent IS DISTINCT FROM 'U';

-- above the practice, today's boundaries: the NHS restates its own series to them
CREATE OR REPLACE TEMP TABLE upper AS
  SELECT DISTINCT ON (child, parent_level) child, child_level, parent, parent_level FROM said
  WHERE child_level <> 'practice' AND parent IS NOT NULL ORDER BY child, parent_level, as_of DESC, rank, published DESC;

-- a practice's networks and sub-ICB locations, one row for each stretch of months that they lasted
CREATE OR REPLACE TEMP TABLE runs AS
  WITH each_month AS (
    SELECT DISTINCT ON (child, parent_level, as_of) child, parent_level, as_of, parent FROM said
    WHERE child_level = 'practice' AND parent_level IN ('pcn', 'sub_icb')
    ORDER BY child, parent_level, as_of, rank, published DESC, parent),
  changes AS (
    SELECT *, lag(parent) OVER w AS before, row_number() OVER w AS nth FROM each_month
    WINDOW w AS (PARTITION BY child, parent_level ORDER BY as_of))
  SELECT child, parent_level, parent, CASE WHEN nth = 1 THEN {ALWAYS} ELSE as_of END AS from_month
  FROM changes WHERE nth = 1 OR parent IS DISTINCT FROM before;

CREATE OR REPLACE TEMP TABLE practices AS
  SELECT DISTINCT child AS code FROM said WHERE child_level = 'practice'
  UNION SELECT area_code FROM organisations WHERE level = 'practice'
  UNION SELECT area_code FROM presence WHERE level = 'practice';

CREATE OR REPLACE TEMP TABLE practice_tree AS
  WITH starts AS (
    SELECT code, {ALWAYS} AS from_month FROM practices UNION SELECT child, from_month FROM runs),
  placed AS (
    SELECT s.code, s.from_month, n.parent AS pcn, b.parent AS sub_icb FROM starts s
    ASOF LEFT JOIN (FROM runs WHERE parent_level = 'pcn') n ON n.child = s.code AND s.from_month >= n.from_month
    ASOF LEFT JOIN (FROM runs WHERE parent_level = 'sub_icb') b ON b.child = s.code AND s.from_month >= b.from_month)
  SELECT code, from_month,
         lead(from_month, 1, {NEVER}) OVER (PARTITION BY code ORDER BY from_month) AS to_month, pcn, sub_icb
  FROM placed;

CREATE OR REPLACE TEMP TABLE sub_icb_tree AS
  WITH codes AS (
    SELECT DISTINCT sub_icb AS code FROM practice_tree WHERE sub_icb IS NOT NULL
    UNION SELECT child FROM upper WHERE child_level = 'sub_icb'
    UNION SELECT coalesce(o.area_code, p.area_code) FROM presence p LEFT JOIN ons o ON o.alias = p.area_code AND o.level = 'sub_icb'
          WHERE p.level = 'sub_icb')
  SELECT code, i.parent AS icb, coalesce(r.parent, direct.parent) AS region FROM codes
  LEFT JOIN upper i ON i.child = code AND i.parent_level = 'icb'
  LEFT JOIN upper r ON r.child = i.parent AND r.parent_level = 'region'
  LEFT JOIN upper direct ON direct.child = code AND direct.parent_level = 'region';

-- a network belongs where most of its practices do today
CREATE OR REPLACE TEMP TABLE pcn_tree AS
  WITH places AS (
    SELECT pcn AS code, t.sub_icb, count(*) FILTER (to_month = {NEVER}) AS today, count(*) AS ever
    FROM practice_tree t WHERE pcn IS NOT NULL AND t.sub_icb IS NOT NULL GROUP BY ALL)
  SELECT DISTINCT ON (p.code) p.code, p.sub_icb, s.icb, s.region
  FROM (SELECT code, sub_icb, today, ever FROM places
        UNION ALL SELECT DISTINCT pcn, NULL, -1, 0 FROM practice_tree WHERE pcn IS NOT NULL) p
  LEFT JOIN sub_icb_tree s ON s.code = p.sub_icb
  ORDER BY p.code, today DESC, ever DESC, p.sub_icb;

CREATE OR REPLACE TEMP TABLE icb_tree AS
  WITH codes AS (
    SELECT DISTINCT icb AS code FROM sub_icb_tree WHERE icb IS NOT NULL
    UNION SELECT child FROM upper WHERE child_level = 'icb'
    UNION SELECT coalesce(o.area_code, p.area_code) FROM presence p LEFT JOIN ons o ON o.alias = p.area_code AND o.level = 'icb'
          WHERE p.level = 'icb')
  SELECT code, r.parent AS region FROM codes LEFT JOIN upper r ON r.child = code AND r.parent_level = 'region';

CREATE OR REPLACE TEMP TABLE tree AS
  WITH named AS (
    SELECT t.code AS area_code, 'practice' AS level, from_month, to_month,
           CASE WHEN t.code <> 'UNASSIGNED' THEN t.code END AS practice, pcn, t.sub_icb, s.icb, s.region
    FROM practice_tree t LEFT JOIN sub_icb_tree s ON s.code = t.sub_icb
    UNION ALL SELECT code, 'pcn', {ALWAYS}, {NEVER}, NULL, code, sub_icb, icb, region FROM pcn_tree
    UNION ALL SELECT code, 'sub_icb', {ALWAYS}, {NEVER}, NULL, NULL, code, icb, region FROM sub_icb_tree
    UNION ALL SELECT code, 'icb', {ALWAYS}, {NEVER}, NULL, NULL, NULL, code, region FROM icb_tree
    UNION ALL SELECT DISTINCT region, 'region', {ALWAYS}, {NEVER}, NULL, NULL, NULL, NULL, region FROM icb_tree
              WHERE region IS NOT NULL
    UNION ALL SELECT '{ENGLAND}', 'nation', {ALWAYS}, {NEVER}, NULL, NULL, NULL, NULL, NULL)
  SELECT *, '{ENGLAND}' AS nation FROM named
  UNION ALL  -- the same areas under their ONS codes
  SELECT o.alias, n.level, from_month, to_month, practice, pcn, sub_icb, icb, region, '{ENGLAND}'
  FROM ons o JOIN named n ON n.area_code = o.area_code AND n.level = o.level WHERE o.alias <> o.area_code;
"""

# The registered list that stands behind each month: the nearest complete publication, or failing that the practice's
# own nearest. Rates only use a list from within a year (`near`); how much of England a figure speaks for can be told
# from an older one. `current` rows are England as it was counted, one publication at a time.
_LISTS = """
CREATE OR REPLACE TEMP TABLE list_rows AS
  SELECT DISTINCT ON (area_code, month_no) area_code, month_no, patients
  FROM lists_as_loaded WHERE level = 'practice' AND patients > 0
  ORDER BY area_code, month_no, rank, published DESC, part_id DESC;

CREATE OR REPLACE TEMP TABLE list_months AS
  WITH complete AS (SELECT DISTINCT month_no AS list_month FROM lists_as_loaded WHERE complete),
  needed AS (SELECT DISTINCT month_no FROM presence)
  SELECT DISTINCT ON (month_no) month_no, list_month FROM needed, complete
  ORDER BY month_no, abs(month_no - list_month), list_month;

CREATE OR REPLACE TEMP TABLE lists AS
  WITH current AS (
    SELECT l.area_code, m.month_no, l.patients, m.list_month, true AS current
    FROM list_months m JOIN list_rows l ON l.month_no = m.list_month),
  wanted AS (
    SELECT DISTINCT area_code, month_no FROM presence WHERE level = 'practice'
    EXCEPT SELECT area_code, month_no FROM current),
  own AS (
    SELECT DISTINCT ON (w.area_code, w.month_no) w.area_code, w.month_no, l.patients, l.month_no AS list_month, false
    FROM wanted w JOIN list_rows l ON l.area_code = w.area_code
    ORDER BY w.area_code, w.month_no, abs(l.month_no - w.month_no), l.month_no)
  SELECT *, abs(month_no - list_month) <= 12 AS near FROM (SELECT * FROM current UNION ALL SELECT * FROM own);

CREATE OR REPLACE TEMP TABLE totals AS
  SELECT target, month_no, sum(patients) AS patients, count(*) AS practices, bool_and(near) AS near FROM (
    SELECT l.month_no, l.patients, l.near, unnest([t.practice, t.pcn, t.sub_icb, t.icb, t.region, t.nation]) AS target
    FROM lists l JOIN tree t ON t.area_code = l.area_code AND t.level = 'practice'
      AND l.month_no >= t.from_month AND l.month_no < t.to_month
    WHERE l.current)
  WHERE target IS NOT NULL GROUP BY ALL;
"""


def build(con: duckdb.DuckDBPyConnection) -> None:
    """Make `tree`, `lists` and `totals` from the loaded rows; see the statements for their columns."""
    con.execute(_TREE)
    con.execute(_LISTS)


AREAS = """
WITH names AS (
  SELECT area_code AS code, level,
         arg_max(name, as_of * 100 - rank) FILTER (name IS NOT NULL) AS name,
         arg_max(postcode, as_of * 100 - rank) FILTER (postcode IS NOT NULL) AS postcode,
         arg_max(opened, as_of * 100 - rank) FILTER (opened IS NOT NULL) AS opened,
         arg_max(closed, as_of * 100 - rank) FILTER (closed IS NOT NULL) AS closed,
         arg_max(status, as_of * 100 - rank) FILTER (status IS NOT NULL) AS status
  FROM organisations GROUP BY ALL),
latest_list AS (SELECT target, patients FROM totals WHERE month_no = (SELECT max(month_no) FROM totals)),
places AS (
  SELECT area_code, arg_max(number, month_no) FILTER (attribute = 'latitude') AS latitude,
         arg_max(number, month_no) FILTER (attribute = 'longitude') AS longitude
  FROM profile GROUP BY area_code)
SELECT t.area_code, t.level, coalesce(n.name, t.area_code), coalesce(n.postcode, ''), coalesce(t.pcn, ''),
       coalesce(t.sub_icb, ''), coalesce(t.icb, ''), coalesce(t.region, ''), coalesce(n.opened, ''),
       coalesce(n.closed, ''),
       -- with a list, or around a practice with one: open, whatever an old file says. No list at all is loaded: as told.
       CASE WHEN l.patients > 0 OR t.level = 'nation' OR NOT EXISTS (FROM totals) THEN coalesce(nullif(n.status, 'closed'), 'active')
            WHEN n.status = 'dormant' THEN 'dormant' ELSE 'closed' END,
       l.patients, p.latitude, p.longitude
FROM tree t
LEFT JOIN names n ON n.code = t.area_code AND n.level = t.level
LEFT JOIN latest_list l ON l.target = t.area_code
LEFT JOIN places p ON p.area_code = t.area_code AND t.level = 'practice'
WHERE t.to_month = 999999 AND t.area_code = coalesce(t.practice, t.pcn, t.sub_icb, t.icb, t.region, t.nation)
"""
