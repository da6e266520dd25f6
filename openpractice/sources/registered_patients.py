"""Patients registered at a GP practice (gp-reg-pat-prac-all): the list size of every practice in England."""

from __future__ import annotations

from openpractice.kinds import Part, Source
from openpractice.sources.declare import NHS_ENGLAND, OGL
from openpractice.sources.document import Document
from openpractice.tables.areas import ALIASES, MEMBERSHIPS, ORGANISATIONS
from openpractice.tables.people import LIST_SIZE


def recognises(doc: Document) -> bool:
    return doc.has(
        "publication", "extract_date", "type", "code", "postcode", "sex", "age", "number_of_patients"
    ) and bool({"ccg_code", "sub_icb_location_code"} & set(doc.columns))


def read(doc: Document) -> list[Part]:
    doc.load()
    parent = doc.first_of("sub_icb_location_code", "ccg_code")  # CCGs became sub-ICB locations in July 2022
    ons = doc.first_of("ons_sub_icb_location_code", "ons_ccg_code")
    return [_list_size(complete=doc.lists_england(column="code")), *_areas(parent, ons)]


def _list_size(*, complete: bool) -> Part:
    sql = """
        SELECT code AS area_code, 'practice' AS level, month_of(extract_date) AS month_no,
               number_of(number_of_patients) AS patients, line,
               CASE WHEN type <> 'GP' OR NOT is_practice(code) THEN 'not a practice code'
                    WHEN sex <> 'ALL' OR age <> 'ALL' THEN 'one sex or one age, not the whole list'
                    WHEN month_of(extract_date) IS NULL THEN 'the extract date is not readable'
                    WHEN number_of(number_of_patients) IS NULL THEN 'no number of patients'
                    WHEN row_number() OVER (PARTITION BY code, type, sex, age, month_of(extract_date) ORDER BY line) > 1
                    THEN 'the practice is printed twice' END AS refusal
        FROM raw"""
    return Part(LIST_SIZE, sql, complete=complete)


def _areas(parent: str, ons: str) -> list[Part]:
    organisations = """
        SELECT code AS area_code, 'practice' AS level, NULL AS name, tidy(postcode) AS postcode, NULL AS opened,
               NULL AS closed, 'active' AS status, month_of(extract_date) AS as_of, line, NULL AS refusal
        FROM raw WHERE is_practice(code)"""
    memberships = f"""
        SELECT code AS child, 'practice' AS child_level, {parent} AS parent, 'sub_icb' AS parent_level,
               month_of(extract_date) AS as_of, line, NULL AS refusal
        FROM raw WHERE is_practice(code) AND NOT is_missing({parent})"""
    aliases = f"""
        SELECT {ons} AS alias, 'sub_icb' AS level, {parent} AS area_code, 'ons' AS kind, min(line) AS line,
               NULL AS refusal
        FROM raw WHERE NOT is_missing({ons}) AND NOT is_missing({parent}) GROUP BY {ons}, {parent}"""
    return [
        Part(ORGANISATIONS, organisations, counted=False),
        Part(MEMBERSHIPS, memberships, counted=False),
        Part(ALIASES, aliases, counted=False),
    ]


SOURCE = Source(
    name="registered_patients",
    title="Patients Registered at a GP Practice",
    publisher=NHS_ENGLAND,
    page="https://digital.nhs.uk/data-and-information/publications/statistical/patients-registered-at-a-gp-practice",
    licence=OGL,
    rank=1,
    recognises=recognises,
    read=read,
    tables=(LIST_SIZE, ORGANISATIONS, MEMBERSHIPS, ALIASES),
    notes=("The month is the file's extract date, whatever the file is called.",),
)
