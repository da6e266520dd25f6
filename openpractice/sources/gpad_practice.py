"""Appointments practice by practice: the practice-level crosstab.

The one file that knows all five categories of the same appointment (with whom, how, what for, how soon, attended), and
so the most important one. Its months come as a zip of one CSV a month beside a Mapping.csv, which `gpad_mapping` reads.
"""

from __future__ import annotations

from openpractice.kinds import Part, Source
from openpractice.sources import gpad_words
from openpractice.sources.declare import NHS_ENGLAND, OGL
from openpractice.sources.document import Document
from openpractice.tables.appointments import APPOINTMENTS
from openpractice.tables.areas import MEMBERSHIPS, ORGANISATIONS


def recognises(doc: Document) -> bool:
    return (
        doc.has("gp_code", "hcp_type", "appt_mode", "national_category", "appt_status", "count_of_appointments")
        and doc.has("time_between_book_and_appt")
        and bool({"appointment_month_start_date", "appointment_month"} & set(doc.columns))
    )


def read(doc: Document) -> list[Part]:
    gpad_words.define(doc.con)
    doc.load()
    month = doc.first_of("appointment_month_start_date", "appointment_month")
    parts = [_appointments(month)]
    if doc.has("gp_name", "pcn_code", "pcn_name"):
        sub_icb = doc.first_of("sub_icb_location_code", "ccg_code")  # CCGs became sub-ICB locations in July 2022
        sub_icb_name = doc.first_of("sub_icb_location_name", "ccg_name")
        parts += [_organisations(month, sub_icb, sub_icb_name), _memberships(month, sub_icb)]
    return parts


def _appointments(month: str) -> Part:
    """The counts. Rows that agree in every category are kept, because each stands for appointments of its own.

    A month has some two million rows of 6,200 practices, so each practice and each month is read once and looked up.
    """
    sql = f"""
        SELECT gp_code AS area_code, 'practice' AS level, month_no, NULL::INTEGER AS day_no, status AS appt_status,
               hcp AS hcp_type, mode AS appt_mode, category AS national_category, lag AS booking_lag, n, line,
               CASE WHEN month_no IS NULL THEN not_read('month', {month})
                    WHEN practice IS NOT true THEN not_read('practice code', gp_code)
                    WHEN status IS NULL THEN not_read('status', appt_status)
                    WHEN hcp IS NULL THEN not_read('health care professional', hcp_type)
                    WHEN mode IS NULL THEN not_read('mode', appt_mode)
                    WHEN category IS NULL THEN not_read('national category', national_category)
                    WHEN lag IS NULL THEN not_read('booking lag', time_between_book_and_appt)
                    WHEN n IS NULL THEN count_refused(count_of_appointments) END AS refusal
        FROM (SELECT raw.*, month_no, practice, status_word(appt_status) AS status, hcp_word(hcp_type) AS hcp,
                     mode_word(appt_mode) AS mode, category_word(national_category) AS category,
                     lag_word(time_between_book_and_appt) AS lag, count_of(count_of_appointments) AS n
              FROM raw
              LEFT JOIN (SELECT {month}, month_of({month}) AS month_no FROM raw GROUP BY {month}) AS months
                  USING ({month})
              LEFT JOIN (SELECT gp_code, is_practice(gp_code) AS practice FROM raw GROUP BY gp_code) AS practices
                  USING (gp_code))"""
    carries = ("appt_status", "hcp_type", "appt_mode", "national_category", "booking_lag")
    return Part(APPOINTMENTS, sql, complete=True, carries=carries)


def _organisations(month: str, sub_icb: str, sub_icb_name: str) -> Part:
    """Names of practices, networks and sub-ICB locations. Practices without a network are under 'U', 'Unallocated'."""
    sql = f"""
        WITH named AS (
            SELECT gp_code, gp_name, pcn_code, pcn_name, {sub_icb} AS sub_icb, {sub_icb_name} AS sub_icb_name,
                   {month} AS month, min(line) AS line
            FROM raw GROUP BY ALL)
        SELECT area_code, level, tidy(name) AS name, NULL AS postcode, NULL AS opened, NULL AS closed,
               'active' AS status, max(as_of) AS as_of, min(line) AS line, NULL AS refusal
        FROM (SELECT gp_code AS area_code, 'practice' AS level, gp_name AS name, month_of(month) AS as_of, line
              FROM named WHERE is_practice(gp_code)
              UNION ALL SELECT pcn_code, 'pcn', pcn_name, month_of(month), line FROM named WHERE length(pcn_code) = 6
              UNION ALL SELECT sub_icb, 'sub_icb', sub_icb_name, month_of(month), line
              FROM named WHERE length(sub_icb) IN (3, 5))
        WHERE as_of IS NOT NULL GROUP BY area_code, level, name"""
    return Part(ORGANISATIONS, sql, counted=False)


def _memberships(month: str, sub_icb: str) -> Part:
    sql = f"""
        WITH held AS (
            SELECT gp_code, pcn_code, {sub_icb} AS sub_icb, {month} AS month, min(line) AS line
            FROM raw GROUP BY ALL)
        SELECT child, 'practice' AS child_level, parent, parent_level, min(as_of) AS as_of, min(line) AS line,
               NULL AS refusal
        FROM (SELECT gp_code AS child, pcn_code AS parent, 'pcn' AS parent_level, month_of(month) AS as_of, line
              FROM held WHERE length(pcn_code) = 6
              UNION ALL SELECT gp_code, sub_icb, 'sub_icb', month_of(month), line
              FROM held WHERE length(sub_icb) IN (3, 5))
        WHERE is_practice(child) AND as_of IS NOT NULL GROUP BY child, parent, parent_level"""
    return Part(MEMBERSHIPS, sql, counted=False)


SOURCE = Source(
    name="gpad_practice",
    title="Appointments in General Practice: practice-level crosstab",
    publisher=NHS_ENGLAND,
    page="https://digital.nhs.uk/data-and-information/publications/statistical/appointments-in-general-practice",
    licence=OGL,
    rank=10,
    recognises=recognises,
    read=read,
    tables=(APPOINTMENTS, ORGANISATIONS, MEMBERSHIPS),
    notes=(
        "Practices that sent nothing in a month have no rows; coverage says how many.",
        "Work of a network that is not recorded in a practice's system is not counted.",
    ),
)
