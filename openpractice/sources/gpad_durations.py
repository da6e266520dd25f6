"""How long appointments lasted, in bands, by sub-ICB location and day."""

from __future__ import annotations

from openpractice.kinds import Part, Source
from openpractice.sources import gpad_words
from openpractice.sources.declare import NHS_ENGLAND, OGL
from openpractice.sources.document import Document
from openpractice.tables.appointments import APPOINTMENT_DURATIONS
from openpractice.tables.areas import ALIASES, MEMBERSHIPS, ORGANISATIONS


def recognises(doc: Document) -> bool:
    return doc.has("appointment_date", "actual_duration", "count_of_appointments") and bool(
        {"sub_icb_location_code", "ccg_code"} & set(doc.columns)
    )


def read(doc: Document) -> list[Part]:
    gpad_words.define(doc.con)
    doc.load()
    gpad_words.load_days(doc.con)
    return [_durations(doc), *_areas(doc)]


def _durations(doc: Document) -> Part:
    area = doc.first_of("sub_icb_location_code", "ccg_code")
    sql = f"""
        SELECT {area} AS area_code, 'sub_icb' AS level, month_no, day_no, band AS duration_band, n, line,
               CASE WHEN {area} IS NULL THEN 'the sub-ICB location is blank'
                    WHEN day IS NULL THEN not_read('date', appointment_date)
                    WHEN band IS NULL THEN not_read('duration', actual_duration)
                    WHEN n IS NULL THEN count_refused(count_of_appointments) END AS refusal
        FROM (SELECT raw.*, day, day_no, month_no, duration_word(actual_duration) AS band,
                     count_of(count_of_appointments) AS n
              FROM raw LEFT JOIN days USING (appointment_date))"""
    return Part(APPOINTMENT_DURATIONS, sql)


def _areas(doc: Document) -> list[Part]:
    """Names, boards and ONS codes; an older file of CCGs without them gives none."""
    if not doc.has("sub_icb_location_code", "sub_icb_location_ons_code", "sub_icb_location_name", "icb_ons_code"):
        return []
    organisations = """
        SELECT sub_icb_location_code AS area_code, 'sub_icb' AS level, tidy(sub_icb_location_name) AS name,
               NULL AS postcode, NULL AS opened, NULL AS closed, 'active' AS status,
               max(month_no) AS as_of, min(line) AS line, NULL AS refusal
        FROM raw JOIN days USING (appointment_date)
        WHERE sub_icb_location_code IS NOT NULL AND day IS NOT NULL GROUP BY area_code, tidy(sub_icb_location_name)"""
    memberships = """
        SELECT sub_icb_location_code AS child, 'sub_icb' AS child_level, icb_ons_code AS parent,
               'icb' AS parent_level, min(month_no) AS as_of, min(line) AS line, NULL AS refusal
        FROM raw JOIN days USING (appointment_date)
        WHERE sub_icb_location_code IS NOT NULL AND icb_ons_code IS NOT NULL AND day IS NOT NULL GROUP BY child, parent"""
    aliases = """
        SELECT sub_icb_location_ons_code AS alias, 'sub_icb' AS level, sub_icb_location_code AS area_code,
               'ons' AS kind, min(line) AS line, NULL AS refusal
        FROM raw WHERE sub_icb_location_code IS NOT NULL AND sub_icb_location_ons_code IS NOT NULL
        GROUP BY alias, area_code"""
    return [
        Part(ORGANISATIONS, organisations, counted=False),
        Part(MEMBERSHIPS, memberships, counted=False),
        Part(ALIASES, aliases, counted=False),
    ]


SOURCE = Source(
    name="gpad_durations",
    title="Appointments in General Practice: actual duration",
    publisher=NHS_ENGLAND,
    page="https://digital.nhs.uk/data-and-information/publications/statistical/appointments-in-general-practice",
    licence=OGL,
    rank=20,
    recognises=recognises,
    read=read,
    tables=(APPOINTMENT_DURATIONS, ORGANISATIONS, MEMBERSHIPS, ALIASES),
    notes=("Some systems send no durations, so the totals are below those of the other appointment files.",),
)
