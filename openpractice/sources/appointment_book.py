"""A practice's own appointment book, as clinical systems export it: one row an appointment.

The columns may come in any order and go by any of the names below, in capitals or not. Dates are British or ISO:
02/03/2026, 2-Mar-2026, 2026-03-02, each with a time behind it or without.
"""

from __future__ import annotations

from openpractice.kinds import Field, Part, Source
from openpractice.sources import book_words, records
from openpractice.sources.document import Document
from openpractice.tables.appointment_book import APPOINTMENT_BOOK
from openpractice.tables.areas import ORGANISATIONS

FIELDS = (
    Field("day", ("appointment_date", "appt_date", "date_of_appointment", "slot_date", "session_date",
                  "appointment_date_time", "appointment_start", "start_date_time", "start_date", "date"),
          "Day of the appointment, with its time or without", needed=True),
    Field("status", ("appointment_status", "appt_status", "current_slot_status", "slot_status", "attendance_status",
                     "status", "outcome"), "What became of it", needed=True),
    Field("start", ("start_time", "appointment_time", "appt_time", "slot_start_time", "slot_time", "time", "start"),
          "When it was to begin"),
    Field("booked", ("booked_date", "booking_date", "date_booked", "booked_on", "date_of_booking", "date_time_booked",
                     "booked_date_time", "appointment_booked_date", "booked"), "When it was booked"),
    Field("number", ("nhs_number", "nhs_no", "nhsnumber", "nhs_num", "patient_nhs_number", "patient_s_nhs_number"),
          "The patient's NHS number", person="patient"),
    Field("clinician", ("clinician", "clinician_name", "session_holder", "session_holder_name", "seen_by",
                        "healthcare_professional", "staff_member", "staff", "staff_name"),
          "Whom it was with", person="clinician"),
    Field("role", ("role", "clinician_role", "clinician_type", "session_holder_role", "staff_role", "job_role",
                   "job_category", "staff_group", "role_group", "hcp_type"), "Their role"),
    Field("mode", ("mode", "appointment_mode", "appt_mode", "contact_mode", "slot_mode", "delivery_mode",
                   "consultation_mode"), "How it was held"),
    Field("category", ("national_slot_category", "national_slot_category_name", "national_category", "slot_category",
                       "gpad_category"), "The national slot category"),
    Field("slot_type", ("slot_type", "appointment_type", "slot_type_name", "type"),
          "The local slot type, kept where it is called as a national category is"),
    Field("planned", ("planned_minutes", "planned_duration", "slot_duration", "slot_length", "booked_duration",
                      "duration", "duration_mins", "duration_minutes", "appointment_duration", "length"),
          "Planned minutes"),
    Field("actual", ("actual_minutes", "actual_duration", "actual_duration_minutes", "time_with_patient",
                     "consultation_length", "consultation_duration"), "Recorded minutes"),
    Field("practice", ("ods_code", "practice_code", "practice_ods_code", "organisation_ods_code", "organisation_code",
                       "gp_code"), "ODS code of the practice: the owner's own"),
)  # fmt: skip
_ONE_OF = {"start", "booked", "number", "clinician", "planned"}


def recognises(doc: Document) -> bool:
    """A day, a status and one thing more that is said of a single appointment; counts are somebody else's."""
    return (
        records.has_fields(doc, FIELDS)
        and not _ONE_OF.isdisjoint(records.places(doc.columns, FIELDS))
        and not any(column.startswith("count") for column in doc.columns)
    )


def read(doc: Document) -> list[Part]:
    book_words.define(doc.con)
    doc.con.execute(_APPOINTMENTS.format(booked=str("booked" in doc.columns).lower()))
    return [_appointments(doc), _practice(doc)]


# One row an appointment, every cell read. What is not known is Unknown where the file has the column, else NULL.
_APPOINTMENTS = """
CREATE OR REPLACE TEMP TABLE appointments AS
WITH words AS (
  SELECT *, book_day(day) AS on_day, book_day(booked) AS booked_day, book_status(status) AS told,
         book_minute(coalesce(start, day)) AS minute
  FROM raw),
days AS (SELECT max(on_day) FILTER (told IN ('Attended', 'DNA')) AS last_told FROM words)
SELECT *,
       -- a day that was over when the book was exported, and nobody closed the appointment
       CASE WHEN told = 'Booked' AND on_day < last_told THEN 'Unknown' ELSE told END AS word,
       CASE WHEN date_diff('day', booked_day, on_day) >= 0 THEN date_diff('day', booked_day, on_day) END AS lead,
       {booked} AS tells_booking
FROM words, days
"""


def _appointments(doc: Document) -> Part:
    has = {f.name: "true" if f.name in doc.columns else "false" for f in FIELDS}
    sql = f"""
        SELECT '{_quoted(doc)}' AS area_code, 'practice' AS level, year(on_day) * 12 + month(on_day) - 1 AS month_no,
               date_diff('day', DATE '1970-01-01', on_day) AS day_no, dayname(on_day) AS weekday,
               CASE WHEN minute IS NOT NULL THEN book_band(minute) WHEN {has["start"]} THEN 'Unknown' END AS time_band,
               word AS appt_status,
               CASE WHEN {has["role"]} THEN book_role(role) END AS role_group,
               CASE WHEN {has["mode"]} THEN book_mode(mode) END AS appt_mode,
               CASE WHEN {has["category"]} OR {has["slot_type"]}
                    THEN coalesce(book_category(category), book_category(slot_type), 'Unmapped') END AS national_category,
               CASE WHEN tells_booking THEN book_lag(lead) END AS booking_lag,
               minute AS start_minute, lead AS lead_days, book_length(planned) AS planned_minutes,
               book_length(actual) AS actual_minutes, number AS patient, clinician, line,
               CASE WHEN day IS NULL THEN 'the appointment date is blank'
                    WHEN on_day IS NULL THEN 'the appointment date cannot be read'
                    WHEN word IS NULL THEN 'the appointment status is not one that OpenPractice knows'
                    WHEN word = 'Free' THEN 'nobody was booked into the slot' END AS refusal
        FROM appointments"""
    return Part(APPOINTMENT_BOOK, sql, published=0, by_day=True)


def _practice(doc: Document) -> Part:
    """The practice itself, by the name that it goes by here: its own store knows no other file that names it."""
    name = (doc.owner.name if doc.owner else "").replace("'", "''")
    sql = f"""
        SELECT '{_quoted(doc)}' AS area_code, 'practice' AS level, nullif('{name}', '') AS name, NULL AS postcode,
               NULL AS opened, NULL AS closed, 'active' AS status,
               max(year(on_day) * 12 + month(on_day) - 1) AS as_of, min(line) AS line, NULL AS refusal
        FROM appointments WHERE on_day IS NOT NULL AND word <> 'Free' HAVING count(*) > 0"""
    return Part(ORGANISATIONS, sql, published=0, counted=False)


def _quoted(doc: Document) -> str:
    return (doc.owner.code if doc.owner else "").replace("'", "''")


SOURCE = Source(
    name="appointment_book",
    title="Appointment book of a practice: one row an appointment",
    publisher="The practice's own clinical system",
    page="",
    licence="The practice's own; it is never published",
    rank=5,
    recognises=recognises,
    read=read,
    tables=(APPOINTMENT_BOOK, ORGANISATIONS),
    fields=FIELDS,
    notes=(
        "A practice's own record: it is loaded for that practice only and lies in a store of its own.",
        "NHS numbers and clinicians' names become pseudonyms before anything is written. Columns that name people "
        "otherwise, or hold free text, are left out.",
        "An appointment whose NHS number fails its check digit is kept without a patient: it took place all the same.",
        "A file speaks for every day from its first to its last and replaces what earlier files said of those days, so an "
        "export holds the whole book of its days. What is loaded last counts.",
        "An appointment still booked on a day before the last one with an outcome was never closed: its outcome is unknown.",
        "Roles and modes in words that are not known count as Unknown; slots that nobody booked are refused.",
    ),
)
