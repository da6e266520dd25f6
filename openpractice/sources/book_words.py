"""How clinical systems write a day, a time, a status, a role and a length, as macros for the readers of exports.

Each gives our word, or NULL for one that is not known. Roles and modes are named in hundreds of ways, so those are found
by the words in them and are 'Unknown' otherwise; a status is what everything is counted by, and is never guessed.
"""

from __future__ import annotations

import duckdb

from openpractice.tables.appointments import CATEGORY
from openpractice.tables.calls import BANDS

_CLOCK = r"\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?( ?[ap]m)?z?$"


def define(con: duckdb.DuckDBPyConnection) -> None:
    """Give `con` the macros."""
    con.execute(_DAYS)
    con.execute(_WORDS)
    con.execute(_bands())
    con.execute(
        f"CREATE OR REPLACE MACRO book_category(t) AS list_extract({list(CATEGORY)}, list_position("
        f"{[category.lower() for category in CATEGORY]}, lower(tidy(t))))"
    )


def _bands() -> str:
    """The band that a minute of the day lies in, from the bands' own names."""
    starts = [int(band[:2]) * 60 + int(band[3:5]) for band in BANDS]
    cases = " ".join(
        f"WHEN m >= {start} THEN '{band}'" for start, band in reversed(list(zip(starts, BANDS, strict=True)))
    )
    return f"CREATE OR REPLACE MACRO book_band(m) AS CASE {cases} END"


_DAYS = rf"""
-- without a weekday before it and a time behind it
CREATE OR REPLACE MACRO bare_day(t) AS trim(regexp_replace(regexp_replace(
  lower(tidy(t)), '^(mon|tue|wed|thu|fri|sat|sun)[a-z]*,? ', ''), '[t ]+{_CLOCK}', ''));
-- two figures of a year are tried first: %Y would read 26 as the year 26
CREATE OR REPLACE MACRO book_day(t) AS coalesce(
  CASE WHEN regexp_full_match(bare_day(t), '\d{{4}}-\d{{2}}-\d{{2}}') THEN try_cast(bare_day(t) AS DATE) END,
  try_strptime(bare_day(t), ['%d/%m/%y', '%d-%b-%y', '%d %b %y', '%d/%m/%Y', '%d-%m-%Y', '%d.%m.%Y', '%d-%b-%Y', '%d %b %Y',
                             '%d %B %Y', '%Y/%m/%d'])::DATE);
CREATE OR REPLACE MACRO clock_of(t) AS nullif(trim(regexp_extract(lower(tidy(t)), '(^|[t ]){_CLOCK}')), '');
CREATE OR REPLACE MACRO book_time(t) AS
  try_strptime(rtrim(ltrim(clock_of(t), 't '), 'z'), ['%I:%M %p', '%I:%M%p', '%I:%M:%S %p', '%H:%M', '%H:%M:%S', '%H:%M:%S.%g']);
CREATE OR REPLACE MACRO book_minute(t) AS hour(book_time(t)) * 60 + minute(book_time(t));
-- 15, 15.0, 15 mins or 0:15; nought and more than eight hours are no length
CREATE OR REPLACE MACRO minutes_of(t) AS CASE
  WHEN regexp_matches(t, '^\d{{1,2}}:\d{{2}}(:\d{{2}})?$')
    THEN split_part(t, ':', 1)::DOUBLE * 60 + split_part(t, ':', 2)::DOUBLE
  ELSE number_of(regexp_replace(lower(t), ' ?m(in(ute)?s?)?\.?$', '')) END;
CREATE OR REPLACE MACRO book_length(t) AS CASE WHEN minutes_of(t) > 0 AND minutes_of(t) <= 480 THEN minutes_of(t) END;
CREATE OR REPLACE MACRO book_lag(lead) AS CASE
  WHEN lead IS NULL THEN 'Unknown / Data Quality' WHEN lead = 0 THEN 'Same Day' WHEN lead = 1 THEN '1 Day'
  WHEN lead <= 7 THEN '2 to 7 Days' WHEN lead <= 14 THEN '8 to 14 Days' WHEN lead <= 21 THEN '15 to 21 Days'
  WHEN lead <= 28 THEN '22 to 28 Days' ELSE 'More than 28 Days' END;
"""

_WORDS = r"""
-- 'Free' is no status of an appointment: nobody has one
CREATE OR REPLACE MACRO book_status(t) AS CASE
  WHEN tidy(t) IS NULL OR regexp_matches(lower(t), '^\s*(unknown|not known|not recorded|walked out|patient walked out|-)\s*$')
    THEN 'Unknown'
  WHEN regexp_matches(lower(t), '\bdna\b|did not attend|not attended|no[ -]show|fail(ed|ure) to attend') THEN 'DNA'
  WHEN regexp_matches(lower(t), '\bcancell?(ed|ation)') THEN 'Cancelled'
  WHEN regexp_matches(lower(t), '\b(available|free|unbooked|unused|blocked|embargoed|empty)\b') THEN 'Free'
  WHEN regexp_matches(lower(t), '\bnot arrived\b') THEN 'Booked'
  WHEN regexp_matches(lower(t), '\b(attended|arrived|seen|send in|sent in|left|finished|completed?|in progress|visited)\b')
    THEN 'Attended'
  WHEN regexp_matches(lower(t), '\b(booked|scheduled|pending|confirmed|planned)\b') THEN 'Booked' END;

CREATE OR REPLACE MACRO book_role(t) AS CASE
  WHEN regexp_matches(lower(t), 'pharm') THEN 'Pharmacist'
  WHEN regexp_matches(lower(t), 'nurs|\banp\b|\bhcp nurse\b') THEN 'Nurse'
  WHEN regexp_matches(lower(t), 'assistant|associate|\bhca\b|paramedic|physio|phleb|social presc|link worker|dieti|midwi|podiat|psycho|mental health|therapist|wellbeing|coach|other clinic|direct patient care')
    THEN 'Other clinician'
  WHEN regexp_matches(lower(t), 'admin|recept|manager|secretar|clerk|navigator') THEN 'Administrative'
  WHEN regexp_matches(lower(t), '\bgps?\b|general pract|general medical|doctor|partner|principal|salaried|locum|registrar|\bst[1-3]\b|foundation')
    THEN 'GP'
  ELSE 'Unknown' END;

CREATE OR REPLACE MACRO book_mode(t) AS CASE
  WHEN regexp_matches(lower(t), 'home visit|visit') THEN 'Home Visit'
  WHEN regexp_matches(lower(t), 'video|online|written|e-?consult') THEN 'Video Conference/Online'
  WHEN regexp_matches(lower(t), 'phone|audio') THEN 'Telephone'
  WHEN regexp_matches(lower(t), 'face|f2f|surgery|in person') THEN 'Face-to-Face'
  ELSE 'Unknown' END;
"""
