"""The words of SQL that every source shares: reading a month, a count, a tidy text, from what publishers write."""

from __future__ import annotations

import glob
from pathlib import Path

import duckdb

_MACROS = r"""
-- a text without doubled spaces, or NULL when nothing is left
CREATE OR REPLACE MACRO tidy(t) AS nullif(regexp_replace(trim(t), '\s+', ' ', 'g'), '');
-- published blanks: not applicable, no data, suppressed (a long IN would be a join that reads every row)
CREATE OR REPLACE MACRO is_missing(t) AS t IS NULL OR list_contains(['', 'NA', 'N/A', 'ND', '*', '-', 'NULL', 'NAN', '..', 'C'], upper(trim(t)));
-- a number, thousands commas allowed; NULL when it is not one
CREATE OR REPLACE MACRO number_of(t) AS try_cast(replace(trim(t), ',', '') AS DOUBLE);
CREATE OR REPLACE MACRO month_word(t) AS
  list_position(['jan','feb','mar','apr','may','jun','jul','aug','sep','oct','nov','dec'], lower(t));
-- the running month number of 2026-02-01, 2026-02, 01FEB2026, FEB2026, Feb-26, Feb 2026, 01-Feb-26, 01/02/2026, 1st Feb 2026
CREATE OR REPLACE MACRO month_of(t) AS
  CASE
    WHEN regexp_matches(trim(t), '^\d{4}-\d{2}') THEN
      CASE WHEN substr(trim(t), 6, 2)::INT BETWEEN 1 AND 12
           THEN substr(trim(t), 1, 4)::INT * 12 + substr(trim(t), 6, 2)::INT - 1 END
    WHEN regexp_matches(trim(t), '^\d{1,2}/\d{1,2}/\d{4}') THEN
      regexp_extract(t, '/(\d{4})', 1)::INT * 12 + regexp_extract(t, '/(\d{1,2})/', 1)::INT - 1
    WHEN month_word(regexp_extract(t, '(?i)(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)', 1)) IS NOT NULL
     AND regexp_extract(trim(regexp_replace(t, '\[.*\]', '')), '(\d{4}|\d{2})$', 1) <> '' THEN
      (CASE WHEN length(regexp_extract(trim(regexp_replace(t, '\[.*\]', '')), '(\d{4}|\d{2})$', 1)) = 2 THEN 2000 ELSE 0 END
       + regexp_extract(trim(regexp_replace(t, '\[.*\]', '')), '(\d{4}|\d{2})$', 1)::INT) * 12
      + month_word(regexp_extract(t, '(?i)(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)', 1)) - 1
  END;
-- an ODS practice code, as England's practices have it
CREATE OR REPLACE MACRO is_practice(t) AS t IS NOT NULL AND regexp_matches(t, '^[A-HJ-NPVY][0-9]{5}$');
"""


def connect(workdir: str) -> duckdb.DuckDBPyConnection:
    """A private in-memory DuckDB with the shared macros; large sorts spill into `workdir`."""
    con = duckdb.connect()
    con.execute("SET threads = 2")
    con.execute("SET temp_directory = ?", [workdir])
    con.execute("SET enable_progress_bar = false")
    con.execute(_MACROS)
    return con


def exactly(path: Path) -> str:
    """A file's path as DuckDB shall take it: for this file only, and not as a pattern that others fit, too."""
    return glob.escape(str(path.absolute()))
