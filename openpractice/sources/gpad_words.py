"""How the publications of appointments in general practice spell a month, a day, a category and a count.

Eight years of files say the same thing in different words: doubled spaces ("15  to 21 Days"), "Video/Online",
"HCP Type Not Provided", "Unknown / Data Issue". Each macro gives our word for it, or NULL for one it does not know,
so that the row is refused by name and never guessed at. The common spellings are tried first and the rules after
them, with list_contains and not IN: DuckDB turns a long IN into a join that reads every row, even in a branch of a CASE
that few rows reach.
"""

from __future__ import annotations

import duckdb

from openpractice.tables.appointments import CATEGORY, DURATION, HCP, LAG, MODE, STATUS


def load_days(con: duckdb.DuckDBPyConnection) -> None:
    """`days`: every spelling of `appointment_date` in `raw`, read once, as a day, a day_no and a month_no."""
    con.execute("""
        CREATE OR REPLACE TEMP TABLE days AS
        SELECT appointment_date, day, date_diff('day', DATE '1970-01-01', day)::INTEGER AS day_no,
               year(day) * 12 + month(day) - 1 AS month_no
        FROM (SELECT DISTINCT appointment_date, day_of(appointment_date) AS day FROM raw)""")


def define(con: duckdb.DuckDBPyConnection) -> None:
    """Give `con` the macros that the appointment readers write their SQL in."""
    con.execute(f"""
        CREATE OR REPLACE MACRO single_spaced(t) AS replace(replace(trim(t), '  ', ' '), '  ', ' ');

        CREATE OR REPLACE MACRO status_word(t) AS CASE
            WHEN t IN {STATUS} THEN t
            WHEN lower(trim(t)) = 'attended' THEN 'Attended'
            WHEN lower(trim(t)) IN ('dna', 'did not attend') THEN 'DNA'
            WHEN lower(trim(t)) LIKE 'unknown%' OR lower(trim(t)) LIKE '%not provided' THEN 'Unknown' END;

        CREATE OR REPLACE MACRO hcp_word(t) AS CASE
            WHEN t IN {HCP} THEN t
            WHEN lower(trim(t)) = 'gp' THEN 'GP'
            WHEN lower(single_spaced(t)) = 'other practice staff' THEN 'Other Practice staff'
            WHEN lower(trim(t)) LIKE 'unknown%' OR lower(trim(t)) LIKE '%not provided' THEN 'Unknown' END;

        CREATE OR REPLACE MACRO mode_word(t) AS CASE
            WHEN t IN {MODE} THEN t
            WHEN lower(trim(t)) LIKE '%video%' THEN 'Video Conference/Online'
            WHEN lower(replace(trim(t), ' ', '-')) = 'face-to-face' THEN 'Face-to-Face'
            WHEN lower(single_spaced(t)) = 'home visit' THEN 'Home Visit'
            WHEN lower(trim(t)) = 'telephone' THEN 'Telephone'
            WHEN lower(trim(t)) LIKE 'unknown%' OR lower(trim(t)) LIKE '%not provided' THEN 'Unknown' END;

        CREATE OR REPLACE MACRO lag_word(t) AS CASE
            WHEN t IN {LAG} THEN t
            WHEN t = '8  to 14 Days' THEN '8 to 14 Days'
            WHEN t = '15  to 21 Days' THEN '15 to 21 Days'
            WHEN t = '22  to 28 Days' THEN '22 to 28 Days'
            WHEN list_contains({list(LAG)}, single_spaced(t)) THEN single_spaced(t)
            WHEN lower(trim(t)) LIKE 'unknown%' THEN 'Unknown / Data Quality' END;

        CREATE OR REPLACE MACRO category_word(t) AS CASE
            WHEN t IN {CATEGORY} THEN t
            WHEN list_contains({list(CATEGORY)}, single_spaced(t)) THEN single_spaced(t)
            WHEN lower(trim(t)) LIKE '%unmapped' THEN 'Unmapped' END;

        CREATE OR REPLACE MACRO duration_word(t) AS CASE
            WHEN t IN {DURATION} THEN t
            WHEN list_contains({list(DURATION)}, single_spaced(t)) THEN single_spaced(t)
            WHEN lower(trim(t)) LIKE 'unknown%' THEN 'Unknown / Data Quality' END;

        -- 2020-01 and 2020-01-01, then MAR2019 and 01AUG2025, without a pattern; month_of for all else
        CREATE OR REPLACE MACRO quick_month(t) AS CASE
            WHEN substr(t, 5, 1) = '-' AND try_cast(substr(t, 6, 2) AS INTEGER) BETWEEN 1 AND 12
                THEN try_cast(substr(t, 1, 4) AS INTEGER) * 12 + try_cast(substr(t, 6, 2) AS INTEGER) - 1
            WHEN length(t) IN (7, 9) AND try_cast(right(t, 4) AS INTEGER) IS NOT NULL
             AND strpos('JANFEBMARAPRMAYJUNJULAUGSEPOCTNOVDEC', upper(substr(t, length(t) - 6, 3))) % 3 = 1
                THEN try_cast(right(t, 4) AS INTEGER) * 12
                   + strpos('JANFEBMARAPRMAYJUNJULAUGSEPOCTNOVDEC', upper(substr(t, length(t) - 6, 3))) // 3
            ELSE month_of(t) END;

        -- 2017-11-01, 01DEC2021, 01-Dec-21
        CREATE OR REPLACE MACRO day_of(t) AS coalesce(
            try_cast(t AS DATE), try_strptime(t, ['%d%b%Y', '%d-%b-%y', '%d-%b-%Y', '%d/%m/%Y'])::DATE);

        CREATE OR REPLACE MACRO not_read(what, t) AS CASE
            WHEN trim(coalesce(t, '')) = '' THEN 'the ' || what || ' is blank'
            ELSE 'the ' || what || ' ''' || t || ''' is not one that is published' END;

        -- a count: a number that is neither below nought nor infinite
        CREATE OR REPLACE MACRO count_of(t) AS CASE
            WHEN try_cast(t AS DOUBLE) BETWEEN 0 AND 1e12 THEN try_cast(t AS DOUBLE)
            WHEN number_of(t) BETWEEN 0 AND 1e12 THEN number_of(t) END;

        CREATE OR REPLACE MACRO count_refused(t) AS CASE
            WHEN is_missing(t) THEN 'the count is missing or suppressed'
            WHEN number_of(t) < 0 THEN 'the count ''' || t || ''' is below nought'
            ELSE 'the count ''' || t || ''' is not a number' END;
    """)
