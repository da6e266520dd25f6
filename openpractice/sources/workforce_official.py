"""General Practice Workforce: the official practice-level detailed file, some 830 columns a practice and month."""

from __future__ import annotations

import re

from openpractice.kinds import Part, Refused, Source
from openpractice.sources.declare import NHS_ENGLAND, OGL
from openpractice.sources.document import Document
from openpractice.tables.areas import MEMBERSHIPS, ORGANISATIONS
from openpractice.tables.people import WORKFORCE

_MONTH = re.compile(r"(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*[ _-]*(20\d\d)", re.IGNORECASE)


def recognises(doc: Document) -> bool:
    return doc.has("prac_code", "total_patients", "gp_source", "admin_source", "total_gp_fte", "total_gp_extgl_fte")


def read(doc: Document) -> list[Part]:
    month = month_sql(doc)
    doc.load()
    complete = doc.lists_england(column="prac_code")
    return [_workforce(month, complete=complete), *_organisations(month)]


def month_sql(doc: Document) -> str:
    """The month, from a column where there is one, or else from the publication's name for the file."""
    if doc.has("year", "month"):
        return "month_of(year || '-' || lpad(month, 2, '0'))"
    for column in ("snapshot_date", "effective_snapshot_date", "period"):
        if column in doc.columns:
            return f"month_of({column})"
    for name in (doc.path.name, doc.name):
        if found := _MONTH.search(name):
            return f"month_of('{found[1]} {found[2]}')"
    raise Refused(
        f"{doc.name} does not say which month it is about. Keep the publication's own file name, for example "
        "'1 General Practice - March 2026 Practice Level - Detailed.csv', and load it again."
    )


def _workforce(month: str, *, complete: bool) -> Part:
    """All GPs less the fully qualified permanent ones are the locums and trainees.

    NA (no valid records) and ND (no data) are missing, not zero.
    """
    sql = f"""
        SELECT prac_code AS area_code, 'practice' AS level, {month} AS month_no,
               number_of(total_patients) AS patients, number_of(total_gp_extgl_fte) AS gp_fte,
               round(number_of(total_gp_fte) - number_of(total_gp_extgl_fte), 6) AS gp_locum_trainee_fte,
               number_of(total_nurses_fte) AS nurse_fte, number_of(total_dpc_fte) AS dpc_fte,
               number_of(total_admin_fte) AS admin_fte,
               (concat_ws(' ', gp_source, nurse_source, dpc_source, admin_source) ILIKE '%estimate%')::INTEGER
                   AS estimated,
               line,
               CASE WHEN NOT is_practice(prac_code) THEN 'not a practice code'
                    WHEN {month} IS NULL THEN 'the month is not readable'
                    WHEN is_missing(total_gp_fte) AND is_missing(total_nurses_fte) AND is_missing(total_dpc_fte)
                     AND is_missing(total_admin_fte) THEN 'no staff group has valid data' END AS refusal
        FROM raw"""
    return Part(WORKFORCE, sql, complete=complete)


def _organisations(month: str) -> list[Part]:
    organisations = f"""
        SELECT area_code, level, name, NULL AS postcode, NULL AS opened, NULL AS closed, 'active' AS status,
               {month} AS as_of, min(line) AS line, NULL AS refusal
        FROM (
            SELECT *, unnest([
                {{'area_code': prac_code, 'level': 'practice', 'name': prac_name}},
                {{'area_code': pcn_code, 'level': 'pcn', 'name': pcn_name}},
                {{'area_code': sub_icb_code, 'level': 'sub_icb', 'name': sub_icb_name}},
                {{'area_code': icb_code, 'level': 'icb', 'name': icb_name}},
                {{'area_code': region_code, 'level': 'region', 'name': region_name}}], recursive := true)
            FROM raw)
        WHERE length(area_code) BETWEEN 3 AND 6 AND NOT is_missing(name) AND upper(area_code) NOT LIKE 'UN%'
          AND (level <> 'practice' OR is_practice(area_code))
        GROUP BY ALL"""
    memberships = f"""
        SELECT child, child_level, parent, parent_level, {month} AS as_of, min(line) AS line, NULL AS refusal
        FROM (
            SELECT *, unnest([
                {{'child': prac_code, 'child_level': 'practice', 'parent': pcn_code, 'parent_level': 'pcn'}},
                {{'child': prac_code, 'child_level': 'practice', 'parent': sub_icb_code, 'parent_level': 'sub_icb'}},
                {{'child': sub_icb_code, 'child_level': 'sub_icb', 'parent': icb_code, 'parent_level': 'icb'}},
                {{'child': icb_code, 'child_level': 'icb', 'parent': region_code, 'parent_level': 'region'}}],
                recursive := true)
            FROM raw)
        WHERE length(child) BETWEEN 3 AND 6 AND length(parent) BETWEEN 3 AND 6 AND upper(parent) NOT LIKE 'UN%'
          AND (child_level <> 'practice' OR is_practice(child))
        GROUP BY ALL"""
    return [Part(ORGANISATIONS, organisations, counted=False), Part(MEMBERSHIPS, memberships, counted=False)]


SOURCE = Source(
    name="workforce_official",
    title="General Practice Workforce, practice level, detailed",
    publisher=NHS_ENGLAND,
    page="https://digital.nhs.uk/data-and-information/publications/statistical/general-and-personal-medical-services",
    licence=OGL,
    rank=5,
    recognises=recognises,
    read=read,
    tables=(WORKFORCE, ORGANISATIONS, MEMBERSHIPS),
    notes=("NA and ND are missing, not zero. Staff of primary care networks are not in it.",),
)
