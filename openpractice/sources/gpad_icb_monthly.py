"""Appointments by integrated care board and month, for all England."""

from __future__ import annotations

from openpractice.kinds import Part, Source
from openpractice.sources import gpad_words
from openpractice.sources.declare import NHS_ENGLAND, OGL
from openpractice.sources.document import Document
from openpractice.tables.appointments import APPOINTMENTS

HEADER = (
    "icb_ons_code",
    "appointment_month",
    "appointment_status",
    "hcp_type",
    "appointment_mode",
    "time_between_book_and_appointment",
    "count_of_appointments",
)


def recognises(doc: Document) -> bool:
    return doc.has(*HEADER) and not any(c.startswith(("sub_icb", "ccg", "gp_code")) for c in doc.columns)


def read(doc: Document) -> list[Part]:
    """One part. Rows that look like duplicates are the sub-ICB locations of a board: they are kept, to be summed.

    The file has 600,000 rows and 30 months, so each spelling of a month is read once and looked up.
    """
    gpad_words.define(doc.con)
    doc.load()
    sql = """
        SELECT icb_ons_code AS area_code, 'icb' AS level, month_no, NULL::INTEGER AS day_no, status AS appt_status,
               hcp AS hcp_type, mode AS appt_mode, NULL::VARCHAR AS national_category, lag AS booking_lag, n, line,
               CASE WHEN icb_ons_code IS NULL THEN 'the integrated care board is blank'
                    WHEN month_no IS NULL THEN not_read('month', appointment_month)
                    WHEN status IS NULL THEN not_read('status', appointment_status)
                    WHEN hcp IS NULL THEN not_read('health care professional', hcp_type)
                    WHEN mode IS NULL THEN not_read('mode', appointment_mode)
                    WHEN lag IS NULL THEN not_read('booking lag', time_between_book_and_appointment)
                    WHEN n IS NULL THEN count_refused(count_of_appointments) END AS refusal
        FROM (SELECT raw.*, month_no, status_word(appointment_status) AS status,
                     hcp_word(hcp_type) AS hcp, mode_word(appointment_mode) AS mode,
                     lag_word(time_between_book_and_appointment) AS lag, count_of(count_of_appointments) AS n
              FROM raw LEFT JOIN (SELECT appointment_month, month_of(appointment_month) AS month_no
                                  FROM raw GROUP BY appointment_month) AS months USING (appointment_month))"""
    carries = ("appt_status", "hcp_type", "appt_mode", "booking_lag")
    return [Part(APPOINTMENTS, sql, complete=True, carries=carries)]


SOURCE = Source(
    name="gpad_icb_monthly",
    title="Appointments in General Practice: monthly, by integrated care board",
    publisher=NHS_ENGLAND,
    page="https://digital.nhs.uk/data-and-information/publications/statistical/appointments-in-general-practice",
    licence=OGL,
    rank=20,
    recognises=recognises,
    read=read,
    tables=(APPOINTMENTS,),
    notes=("Sub-ICB locations are already relabelled with their board's code, so equal rows are real and are summed.",),
)
