"""General practice workforce by practice and year, collated as yearly means of the published snapshots."""

from __future__ import annotations

from openpractice.kinds import Part, Source
from openpractice.sources.declare import OGL
from openpractice.sources.document import Document
from openpractice.tables.people import WORKFORCE


def recognises(doc: Document) -> bool:
    return doc.has("practice_code", "year", "total_patients", "total_gp_extgl_fte", "total_admin_fte")


def read(doc: Document) -> list[Part]:
    """Year 2021 is the year that ended on 31 March 2021: its patients add up to 60.63 M, the lists of early 2021.

    One column is misspelt TOTAL_LOCUUM_TRN_FTE. A variant breaks down administrative roles and has no nurses.
    """
    doc.load()
    locums = next((c for c in ("total_locuum_trn_fte", "total_locum_trn_fte") if c in doc.columns), "NULL::VARCHAR")
    nurses = "total_nurses_fte" if "total_nurses_fte" in doc.columns else "NULL::VARCHAR"
    others = "total_dpc_fte" if "total_dpc_fte" in doc.columns else "NULL::VARCHAR"
    sql = f"""
        SELECT practice_code AS area_code, 'practice' AS level, month_of(year || '-03') AS month_no,
               number_of(total_patients) AS patients, number_of(total_gp_extgl_fte) AS gp_fte,
               number_of({locums}) AS gp_locum_trainee_fte, number_of({nurses}) AS nurse_fte,
               number_of({others}) AS dpc_fte, number_of(total_admin_fte) AS admin_fte, NULL AS estimated, line,
               CASE WHEN NOT is_practice(practice_code) THEN 'not a practice code'
                    WHEN month_of(year || '-03') IS NULL THEN 'the year is not readable'
                    WHEN is_missing(total_gp_extgl_fte) AND is_missing({locums}) AND is_missing({nurses})
                     AND is_missing({others}) AND is_missing(total_admin_fte)
                    THEN 'no staff group has valid data' END AS refusal
        FROM raw"""
    return [Part(WORKFORCE, sql)]


SOURCE = Source(
    name="workforce_yearly",
    title="General Practice Workforce by practice and year",
    publisher="NHS England, collated by the Health Equity Evidence Centre",
    page="https://digital.nhs.uk/data-and-information/publications/statistical/general-and-personal-medical-services",
    licence=OGL,
    rank=20,
    recognises=recognises,
    read=read,
    tables=(WORKFORCE,),
    notes=(
        "A year's mean of the snapshots, dated March of the year's end. Staff of primary care networks are not in it.",
    ),
)
