"""Appointments by sub-ICB location (before July 2022: CCG) and month, one CSV for each board (before: STP)."""

from __future__ import annotations

from openpractice.kinds import Part, Source
from openpractice.sources import gpad_words
from openpractice.sources.declare import NHS_ENGLAND, OGL
from openpractice.sources.document import Document
from openpractice.tables.appointments import APPOINTMENTS
from openpractice.tables.areas import ALIASES, MEMBERSHIPS, ORGANISATIONS


def recognises(doc: Document) -> bool:
    return (
        doc.has("appointment_month", "appt_status", "hcp_type", "appt_mode", "count_of_appointments")
        and doc.has("time_between_book_and_appt", "region_ons_code")
        and (doc.has("ccg_code", "ccg_ons_code") or doc.has("sub_icb_location_code", "sub_icb_location_ons_code"))
        and not doc.has("gp_code")
    )


def read(doc: Document) -> list[Part]:
    gpad_words.define(doc.con)
    doc.load()
    return [_appointments(doc), _organisations(doc), _memberships(doc), _aliases(doc)]


def _appointments(doc: Document) -> Part:
    code = doc.first_of("sub_icb_location_code", "ccg_code")
    sql = f"""
        SELECT {code} AS area_code, 'sub_icb' AS level, month_no, NULL::INTEGER AS day_no, status AS appt_status,
               hcp AS hcp_type, mode AS appt_mode, NULL::VARCHAR AS national_category, lag AS booking_lag, n, line,
               CASE WHEN {code} IS NULL THEN 'the sub-ICB location is blank'
                    WHEN month_no IS NULL THEN not_read('month', appointment_month)
                    WHEN status IS NULL THEN not_read('status', appt_status)
                    WHEN hcp IS NULL THEN not_read('health care professional', hcp_type)
                    WHEN mode IS NULL THEN not_read('mode', appt_mode)
                    WHEN lag IS NULL THEN not_read('booking lag', time_between_book_and_appt)
                    WHEN n IS NULL THEN count_refused(count_of_appointments) END AS refusal
        FROM (SELECT *, quick_month(appointment_month) AS month_no, status_word(appt_status) AS status,
                     hcp_word(hcp_type) AS hcp, mode_word(appt_mode) AS mode,
                     lag_word(time_between_book_and_appt) AS lag, count_of(count_of_appointments) AS n
              FROM raw)"""
    return Part(APPOINTMENTS, sql, carries=("appt_status", "hcp_type", "appt_mode", "booking_lag"))


def _organisations(doc: Document) -> Part:
    """Names as of the latest month. Boards and regions have only ONS codes here; aliases find their ODS codes."""
    code, name = doc.first_of("sub_icb_location_code", "ccg_code"), doc.first_of("sub_icb_location_name", "ccg_name")
    icb, icb_name = (
        doc.first_of("icb_ons_code", "stp_ons", "stp_ons_code"),
        doc.first_of("icb_name", "stpnm", "stp_name"),
    )
    sql = f"""
        WITH named AS (
            SELECT {code} AS sub_icb, {name} AS sub_icb_name, {icb} AS icb, {icb_name} AS icb_name, region_ons_code,
                   region_name, max(quick_month(appointment_month)) AS as_of, min(line) AS line
            FROM raw GROUP BY ALL)
        SELECT area_code, level, tidy(name) AS name, NULL AS postcode, NULL AS opened, NULL AS closed,
               'active' AS status, max(as_of) AS as_of, min(line) AS line, NULL AS refusal
        FROM (SELECT sub_icb AS area_code, 'sub_icb' AS level, sub_icb_name AS name, as_of, line FROM named
              UNION ALL SELECT icb, 'icb', icb_name, as_of, line FROM named
              UNION ALL SELECT region_ons_code, 'region', region_name, as_of, line FROM named)
        WHERE area_code IS NOT NULL AND as_of IS NOT NULL GROUP BY area_code, level, name"""
    return Part(ORGANISATIONS, sql, counted=False)


def _memberships(doc: Document) -> Part:
    code, icb = (
        doc.first_of("sub_icb_location_code", "ccg_code"),
        doc.first_of("icb_ons_code", "stp_ons", "stp_ons_code"),
    )
    sql = f"""
        WITH held AS (
            SELECT {code} AS sub_icb, {icb} AS icb, region_ons_code AS region,
                   min(quick_month(appointment_month)) AS as_of, min(line) AS line
            FROM raw GROUP BY ALL)
        SELECT child, child_level, parent, parent_level, min(as_of) AS as_of, min(line) AS line, NULL AS refusal
        FROM (SELECT sub_icb AS child, 'sub_icb' AS child_level, icb AS parent, 'icb' AS parent_level, as_of, line
              FROM held UNION ALL SELECT icb, 'icb', region, 'region', as_of, line FROM held)
        WHERE child IS NOT NULL AND parent IS NOT NULL AND as_of IS NOT NULL
        GROUP BY child, child_level, parent, parent_level"""
    return Part(MEMBERSHIPS, sql, counted=False)


def _aliases(doc: Document) -> Part:
    code, ons = (
        doc.first_of("sub_icb_location_code", "ccg_code"),
        doc.first_of("sub_icb_location_ons_code", "ccg_ons_code"),
    )
    sql = f"""
        SELECT {ons} AS alias, 'sub_icb' AS level, {code} AS area_code, 'ons' AS kind, min(line) AS line,
               NULL AS refusal
        FROM raw WHERE NOT is_missing({ons}) AND NOT is_missing({code}) GROUP BY {ons}, {code}"""
    return Part(ALIASES, sql, counted=False)


SOURCE = Source(
    name="gpad_ccg_monthly",
    title="Appointments in General Practice: monthly, by sub-ICB location or CCG",
    publisher=NHS_ENGLAND,
    page="https://digital.nhs.uk/data-and-information/publications/statistical/appointments-in-general-practice",
    licence=OGL,
    rank=20,
    recognises=recognises,
    read=read,
    tables=(APPOINTMENTS, ORGANISATIONS, MEMBERSHIPS, ALIASES),
    notes=("One file covers one board, so England is only complete when all of them are loaded.",),
)
