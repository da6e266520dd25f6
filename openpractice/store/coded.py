"""What plans are made from, once a connection: codes of areas as numbers, and what is the same for every plan."""

from __future__ import annotations

import duckdb

from openpractice.kinds import LEVELS

# Joining and grouping numbers takes a fraction of what texts take, so codes become an enumeration, and levels count
# from 0, the practice. `teller` numbers the cuts of sources in the order in which they are trusted.
# These tables are not temporary: cursors of the connection see them, and can plan beside each other.
_TABLES = f"""
CREATE TYPE code AS ENUM (
  SELECT code FROM (
    SELECT area_code AS code FROM presence UNION SELECT area_code FROM tree UNION SELECT area_code FROM lists
    UNION SELECT unnest([{", ".join(LEVELS)}]) FROM tree)
  WHERE code IS NOT NULL ORDER BY code);
CREATE TYPE level AS ENUM ({", ".join(f"'{level}'" for level in LEVELS)});
CREATE MACRO height(level) AS enum_code(TRY_CAST(level AS level))::TINYINT;

CREATE TABLE spoken AS
  SELECT part_id, area_code::code AS area_code, height(level) AS level, month_no, series FROM presence;
DROP TABLE presence;

CREATE TABLE cuts AS
  SELECT part_id, table_name, carries, published * 1000000 + file_id AS edition, complete,
         dense_rank() OVER (ORDER BY rank, len(carries) DESC, source, carries)::INTEGER AS teller
  FROM parts;

-- which areas lie above which, by level and month
CREATE TABLE ancestors AS
  WITH above AS (
    SELECT area_code, level, from_month, to_month, unnest(range({len(LEVELS)}))::TINYINT AS asked,
           unnest([{", ".join(LEVELS)}]) AS target
    FROM tree)
  SELECT area_code::code AS area_code, height(level) AS level, from_month, to_month, asked, target::code AS target
  FROM above WHERE target IS NOT NULL;

-- the areas above practices, under each code that they go by
CREATE TABLE own AS SELECT DISTINCT area_code, level, target FROM ancestors WHERE asked = level AND level > 0;

-- lists and what they add up to; of practices only for months in which practices are told of, a third of all
CREATE TEMP TABLE told AS SELECT DISTINCT month_no FROM spoken WHERE level = 0;
CREATE TABLE listed AS
  SELECT area_code::code AS area_code, month_no, patients, near FROM lists WHERE month_no IN (FROM told);
CREATE TABLE everyone AS
  SELECT target::code AS target, month_no, patients, near FROM totals
  WHERE month_no IN (FROM told) OR target IN (SELECT target::VARCHAR FROM own);
CREATE TABLE wholes AS
  SELECT area_code, level, month_no, patients, near FROM everyone JOIN own USING (target);

-- the patients that a publication covers, as published nearest to the area's own level
CREATE TABLE included AS
  WITH by_level AS (
    SELECT c.service, a.asked, a.target, c.month_no, height(c.level) AS told_at, sum(c.patients_included) AS patients
    FROM covered c JOIN ancestors a ON a.area_code::VARCHAR = c.area_code AND a.level = height(c.level)
      AND c.month_no >= a.from_month AND c.month_no < a.to_month
    GROUP BY ALL),
  nearest AS (
    SELECT service, asked AS level, target, month_no, arg_max(patients, told_at) AS patients FROM by_level GROUP BY ALL)
  SELECT service, area_code, level, month_no, patients FROM nearest JOIN own USING (target, level);
"""


def prepare(con: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """Make the tables from `presence`, `parts`, `covered`, `tree`, `lists` and `totals`; returns each code's number."""
    con.execute(_TABLES)
    codes = con.execute("SELECT unnest(enum_range(NULL::code))").fetchall()
    return {code: number for number, (code,) in enumerate(codes)}
