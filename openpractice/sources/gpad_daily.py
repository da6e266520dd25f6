"""Appointments by sub-ICB location (or CCG) and day: the official daily CSVs, and extracts of them for one area."""

from __future__ import annotations

from openpractice.kinds import Part, Source
from openpractice.sources import gpad_words
from openpractice.sources.declare import NHS_ENGLAND, OGL
from openpractice.sources.document import Document
from openpractice.tables.appointments import APPOINTMENTS
from openpractice.tables.areas import MEMBERSHIPS, ORGANISATIONS

_AREA = ("sub_icb_location_code", "ccg_code", "organisation_code")
_NAME = ("sub_icb_location_name", "ccg_name", "organisation_name")
_STATUS = ("appt_status", "appointment_status")
_MODE = ("appt_mode", "appointment_mode")
_LAG = ("time_between_book_and_appt", "time_between_book_and_appointment")
_ICB = ("icb_ons_code", "stp_ons_code", "stp_ons")


def recognises(doc: Document) -> bool:
    return doc.has("appointment_date", "hcp_type", "count_of_appointments") and all(
        set(names) & set(doc.columns) for names in (_AREA, _STATUS, _MODE, _LAG)
    )


def read(doc: Document) -> list[Part]:
    gpad_words.define(doc.con)
    doc.load()
    gpad_words.load_days(doc.con)
    parts = [_appointments(doc)]
    if set(_NAME) & set(doc.columns):
        parts.append(_organisations(doc))
    if set(_ICB) & set(doc.columns):
        parts.append(_memberships(doc))
    return parts


def _appointments(doc: Document) -> Part:
    """The counts, some written 425.0. A day without a row was closed or sent nothing; it is not a nought."""
    area, status, mode, lag = (doc.first_of(*names) for names in (_AREA, _STATUS, _MODE, _LAG))
    sql = f"""
        SELECT {area} AS area_code, 'sub_icb' AS level, month_no, day_no, status AS appt_status, hcp AS hcp_type,
               mode AS appt_mode, NULL::VARCHAR AS national_category, lag AS booking_lag, n, line,
               CASE WHEN {area} IS NULL THEN 'the sub-ICB location is blank'
                    WHEN day IS NULL THEN not_read('date', appointment_date)
                    WHEN status IS NULL THEN not_read('status', {status})
                    WHEN hcp IS NULL THEN not_read('health care professional', hcp_type)
                    WHEN mode IS NULL THEN not_read('mode', {mode})
                    WHEN lag IS NULL THEN not_read('booking lag', {lag})
                    WHEN n IS NULL THEN count_refused(count_of_appointments) END AS refusal
        FROM (SELECT raw.*, day, day_no, month_no, status_word({status}) AS status, hcp_word(hcp_type) AS hcp,
                     mode_word({mode}) AS mode, lag_word({lag}) AS lag, count_of(count_of_appointments) AS n
              FROM raw LEFT JOIN days USING (appointment_date))"""
    return Part(APPOINTMENTS, sql, carries=("day_no", "appt_status", "hcp_type", "appt_mode", "booking_lag"))


def _organisations(doc: Document) -> Part:
    """Each name with the last month that used it: an area renamed half way through a file has two."""
    area, name = doc.first_of(*_AREA), doc.first_of(*_NAME)
    sql = f"""
        SELECT {area} AS area_code, 'sub_icb' AS level, tidy({name}) AS name, NULL AS postcode, NULL AS opened,
               NULL AS closed, 'active' AS status, max(month_no) AS as_of, min(line) AS line,
               NULL AS refusal
        FROM raw JOIN days USING (appointment_date)
        WHERE {area} IS NOT NULL AND day IS NOT NULL GROUP BY {area}, tidy({name})"""
    return Part(ORGANISATIONS, sql, counted=False)


def _memberships(doc: Document) -> Part:
    area, icb = doc.first_of(*_AREA), doc.first_of(*_ICB)
    sql = f"""
        SELECT {area} AS child, 'sub_icb' AS child_level, {icb} AS parent, 'icb' AS parent_level,
               min(month_no) AS as_of, min(line) AS line, NULL AS refusal
        FROM raw JOIN days USING (appointment_date)
        WHERE {area} IS NOT NULL AND {icb} IS NOT NULL AND day IS NOT NULL GROUP BY {area}, {icb}"""
    return Part(MEMBERSHIPS, sql, counted=False)


SOURCE = Source(
    name="gpad_daily",
    title="Appointments in General Practice: daily, by sub-ICB location or CCG",
    publisher=NHS_ENGLAND,
    page="https://digital.nhs.uk/data-and-information/publications/statistical/appointments-in-general-practice",
    licence=OGL,
    rank=30,
    recognises=recognises,
    read=read,
    tables=(APPOINTMENTS, ORGANISATIONS, MEMBERSHIPS),
    notes=(
        "Until 2018 about half of all rows say 'Appt Status Not Provided', so that fewer missed appointments are known "
        "than happened.",
        "Days without rows are closed days, not noughts.",
    ),
)
