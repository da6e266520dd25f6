"""How many practices and patients the appointment publication covers, by sub-ICB location and month."""

from __future__ import annotations

from openpractice.kinds import Part, Source
from openpractice.sources import gpad_words
from openpractice.sources.declare import NHS_ENGLAND, OGL
from openpractice.sources.document import Document
from openpractice.tables.areas import MEMBERSHIPS
from openpractice.tables.context import COVERAGE


def recognises(doc: Document) -> bool:
    return doc.has(
        "sub_icb_location_code",
        "icb_ons_code",
        "appointment_month",
        "included_practices",
        "open_practices",
        "patients_registered_at_included_practices",
        "patients_registered_at_open_practices",
    )


def read(doc: Document) -> list[Part]:
    gpad_words.define(doc.con)
    doc.load()
    return [_coverage(), _memberships(doc)]


def _coverage() -> Part:
    sql = """
        SELECT sub_icb_location_code AS area_code, 'sub_icb' AS level, month_no, 'appointments' AS service,
               practices_included, practices_open, patients_included, patients_open, line,
               CASE WHEN sub_icb_location_code IS NULL THEN 'the sub-ICB location is blank'
                    WHEN month_no IS NULL THEN not_read('month', appointment_month)
                    WHEN practices_included IS NULL THEN count_refused(included_practices)
                    WHEN practices_open IS NULL THEN count_refused(open_practices)
                    WHEN patients_included IS NULL THEN count_refused(patients_registered_at_included_practices)
                    WHEN patients_open IS NULL THEN count_refused(patients_registered_at_open_practices)
                    WHEN practices_included > practices_open THEN 'more practices are included than are open'
               END AS refusal
        FROM (SELECT *, quick_month(appointment_month) AS month_no, count_of(included_practices) AS practices_included,
                     count_of(open_practices) AS practices_open,
                     count_of(patients_registered_at_included_practices) AS patients_included,
                     count_of(patients_registered_at_open_practices) AS patients_open
              FROM raw)"""
    return Part(COVERAGE, sql, complete=True)


def _memberships(doc: Document) -> Part:
    region = doc.first_of("region_code", "region_ons_code")
    sql = f"""
        SELECT child, child_level, parent, parent_level, min(as_of) AS as_of, min(line) AS line, NULL AS refusal
        FROM (SELECT sub_icb_location_code AS child, 'sub_icb' AS child_level, icb_ons_code AS parent,
                     'icb' AS parent_level, quick_month(appointment_month) AS as_of, line FROM raw
              UNION ALL SELECT icb_ons_code, 'icb', {region}, 'region', quick_month(appointment_month), line FROM raw)
        WHERE child IS NOT NULL AND parent IS NOT NULL AND as_of IS NOT NULL
        GROUP BY child, child_level, parent, parent_level"""
    return Part(MEMBERSHIPS, sql, counted=False)


SOURCE = Source(
    name="gpad_coverage",
    title="Appointments in General Practice: coverage",
    publisher=NHS_ENGLAND,
    page="https://digital.nhs.uk/data-and-information/publications/statistical/appointments-in-general-practice",
    licence=OGL,
    rank=20,
    recognises=recognises,
    read=read,
    tables=(COVERAGE, MEMBERSHIPS),
    notes=("Months are the file's own; one edition is named for a year later than it starts.",),
)
