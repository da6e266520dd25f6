"""England's appointments by month: the national workbook as one long table (section, metric, month, value).

Each section cuts the same appointments one way, so each is a part of its own that carries one category. The sections'
names have footnote numbers stuck to them ("Appointment Mode4", "Healthcare Professional12"), footnotes themselves
stand among the rows, and each count is printed beside its share. The table joins two editions that overlap in one
month: the later edition restates the earlier.
"""

from __future__ import annotations

from openpractice.kinds import Part, Source
from openpractice.sources import gpad_words
from openpractice.sources.declare import NHS_ENGLAND, OGL
from openpractice.sources.document import Document
from openpractice.tables.appointments import APPOINTMENTS
from openpractice.tables.context import COVERAGE


def recognises(doc: Document) -> bool:
    return doc.has("section", "metric", "month", "value", "month_date")


def read(doc: Document) -> list[Part]:
    gpad_words.define(doc.con)
    doc.load()
    tidy_rows(doc)
    return [
        _cut("Appointment Status", "appt_status", "status_word(metric)"),
        _cut("Healthcare Professional", "hcp_type", "hcp_word(metric)"),
        _cut("Appointment Mode", "appt_mode", "mode_word(metric)"),
        _cut("National Category", "national_category", "category_word(metric)"),
        _cut("Time between Booking Date and Appointment Date", "booking_lag", "lag_word(metric)"),
        _total(),
        _coverage(),
    ]


def tidy_rows(doc: Document) -> None:
    """`tidied`: section and metric without footnote numbers, the value as a number, and which line has the last word.

    A share is told from a count by its size: no count in this table is as small as one. Where the editions print
    different labels, the label whose months run on further is of the later edition; where they print the same, the
    later line is.
    """
    doc.con.execute(r"""
        CREATE OR REPLACE TEMP TABLE tidied AS
        WITH dated AS (
            SELECT line, section, metric, month, value AS printed, number_of(value) AS value,
                   coalesce(month_of(month_date), month_of(month)) AS month_no
            FROM raw),
        named AS (
            SELECT * EXCLUDE (section, metric), regexp_replace(tidy(section), '[0-9, ]+$', '') AS section,
                   CASE WHEN regexp_matches(metric, '^[0-9]') THEN tidy(metric)
                        ELSE regexp_replace(tidy(metric), '[0-9, ]+$', '') END AS metric,
                   max(month_no) OVER (PARTITION BY section, metric) AS runs_to
            FROM dated)
        SELECT *, lead(line) OVER (PARTITION BY section, metric, month_no, value <= 1 ORDER BY runs_to, line)
                      AS restated_by
        FROM named""")


def _cut(section: str, category: str, word: str) -> Part:
    columns = ("appt_status", "hcp_type", "appt_mode", "national_category", "booking_lag")
    words = ", ".join(f"{'word' if c == category else 'NULL::VARCHAR'} AS {c}" for c in columns)
    sql = f"""
        SELECT 'ENG' AS area_code, 'nation' AS level, month_no, NULL::INTEGER AS day_no, {words}, value AS n, line,
               CASE WHEN value <= 1 THEN 'a printed share; shares are recomputed from counts'
                    WHEN month_no IS NULL THEN not_read('month', month)
                    WHEN word IS NULL THEN not_read('category', metric)
                    WHEN value IS NULL THEN count_refused(printed)
                    WHEN restated_by IS NOT NULL THEN 'restated by the later edition' END AS refusal
        FROM (SELECT *, {word} AS word FROM tidied WHERE section = '{section}')"""
    return Part(APPOINTMENTS, sql, complete=True, carries=(category,))


def _total() -> Part:
    """The count of appointments, and every line that no other part reads, so that the whole file is accounted for."""
    sql = """
        SELECT 'ENG' AS area_code, 'nation' AS level, month_no, NULL::INTEGER AS day_no, NULL::VARCHAR AS appt_status,
               NULL::VARCHAR AS hcp_type, NULL::VARCHAR AS appt_mode, NULL::VARCHAR AS national_category,
               NULL::VARCHAR AS booking_lag, value AS n, line,
               CASE WHEN coalesce(section, '') = '' THEN 'a footnote, not a figure'
                    WHEN section IN ('Service Setting', 'Context Type', 'SDS Role Group')
                    THEN 'a breakdown by ' || section || ', published for England only, which is not kept'
                    WHEN section = 'Working Days' THEN 'working days come from the calendar'
                    WHEN section <> 'Appointment Count' THEN not_read('section', section)
                    WHEN metric LIKE 'Estimated%' THEN 'an estimate, not a count'
                    WHEN metric ILIKE '%covid%' THEN 'counts covid vaccinations, which are not appointments here'
                    WHEN metric <> 'Total count of appointments' THEN 'a line of the layout, without a count'
                    WHEN month_no IS NULL THEN not_read('month', month)
                    WHEN value IS NULL THEN count_refused(printed)
                    WHEN restated_by IS NOT NULL THEN 'restated by the later edition' END AS refusal
        FROM tidied
        WHERE coalesce(section, '') NOT IN ('Appointment Status', 'Healthcare Professional', 'Appointment Mode',
              'National Category', 'Time between Booking Date and Appointment Date', 'Coverage')"""
    return Part(APPOINTMENTS, sql, complete=True, carries=())


def _coverage() -> Part:
    """Coverage takes four lines of a month to one row, which stands on the line of the practices included."""
    sql = """
        SELECT 'ENG' AS area_code, 'nation' AS level, month_no, 'appointments' AS service, practices_included,
               practices_open, patients_included, patients_open, line,
               CASE WHEN value <= 1 THEN 'a printed share; shares are recomputed from counts'
                    WHEN month_no IS NULL THEN not_read('month', month)
                    WHEN restated_by IS NOT NULL THEN 'restated by the later edition'
                    WHEN metric <> 'Count of practices included'
                    THEN 'carried by the line of its month that counts the practices included'
                    WHEN practices_open IS NULL OR patients_included IS NULL OR patients_open IS NULL
                    THEN 'one of the four figures of coverage is missing for this month' END AS refusal
        FROM (SELECT *, value AS practices_included,
                     max(value) FILTER (metric = 'Open active practices' AND restated_by IS NULL) OVER month
                         AS practices_open,
                     max(value) FILTER (metric = 'Registered patients at included practices' AND restated_by IS NULL)
                         OVER month AS patients_included,
                     max(value) FILTER (metric = 'Registered patients at open active practices'
                         AND restated_by IS NULL) OVER month AS patients_open
              FROM tidied WHERE section = 'Coverage' WINDOW month AS (PARTITION BY month_no))"""
    return Part(COVERAGE, sql, complete=True)


SOURCE = Source(
    name="gpad_national",
    title="Appointments in General Practice: national tables",
    publisher=NHS_ENGLAND,
    page="https://digital.nhs.uk/data-and-information/publications/statistical/appointments-in-general-practice",
    licence=OGL,
    rank=20,
    recognises=recognises,
    read=read,
    tables=(APPOINTMENTS, COVERAGE),
    notes=(
        "Each category is a cut of the same appointments; they are never added together.",
        "July 2023 is in both editions that the table joins; the later one is believed.",
    ),
)
