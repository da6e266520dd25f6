"""ODS epraccur: every prescribing practice of England and Wales, of which GP practices are kept.

Published without a header, in 27 columns. Until 2025 the status is one letter and a GP practice has prescribing setting
4; later the status is a word and a GP practice has the role RO76. A cut-down of 2018 has a header and no dates.
"""

from __future__ import annotations

import re

from openpractice.kinds import Part, Source, month_no
from openpractice.sources.declare import OGL
from openpractice.sources.document import Document
from openpractice.tables.areas import MEMBERSHIPS, ORGANISATIONS

UNDATED = month_no("2018-04")  # the cut-down has no dates; it is the epraccur of spring 2018
_STATUSES = ("A", "C", "D", "P", "ACTIVE", "INACTIVE", "DORMANT", "PROPOSED")


def recognises(doc: Document) -> bool:
    return _has_header(doc) or (
        doc.kind == "csv"
        and len(doc.first_rows[0]) == 27
        and all(re.fullmatch(r"[A-Z][A-Z0-9]{5}", row[0]) and row[12] in _STATUSES for row in doc.first_rows[:5])
        and all(re.fullmatch(r"[0-9]{1,2}|RO[0-9]+", row[25]) for row in doc.first_rows[:5])
    )


def _has_header(doc: Document) -> bool:
    return doc.has("organisationcode", "name", "postcode", "statuscode", "provider", "prescribingsetting")


def read(doc: Document) -> list[Part]:
    load_practices(doc)
    as_of = _latest_month(doc)
    return [
        _organisations(as_of),
        Part(MEMBERSHIPS, _joined(as_of), counted=False),
        Part(MEMBERSHIPS, _left(), counted=False),
    ]


def load_practices(doc: Document) -> None:
    """`practices`: the columns that are used, by name, whichever layout the file has."""
    if _has_header(doc):
        doc.load()
        names = """organisationcode AS code, name, postcode, statuscode AS status, prescribingsetting AS setting,
            provider AS parent, NULL::DATE AS opened, NULL::DATE AS closed, NULL::DATE AS joined,
            NULL::DATE AS "left" """
    else:
        doc.load(header=False)
        names = """c1 AS code, c2 AS name, c10 AS postcode, c13 AS status, c26 AS setting, c15 AS parent,
            try_strptime(c11, '%Y%m%d')::DATE AS opened, try_strptime(c12, '%Y%m%d')::DATE AS closed,
            try_strptime(c16, '%Y%m%d')::DATE AS joined, try_strptime(c17, '%Y%m%d')::DATE AS "left" """
    doc.con.execute(f"""
        CREATE OR REPLACE TEMP TABLE practices AS
        SELECT *, coalesce(is_practice(code) AND setting IN ('4', 'RO76'), false) AS is_gp
        FROM (SELECT line, {names} FROM raw)""")


def _latest_month(doc: Document) -> int:
    """The file is as of the latest date in it: some prescriber opens, closes or moves every month."""
    found = doc.con.execute('SELECT max(greatest(opened, closed, joined, "left")) FROM practices').fetchone()
    return found[0].year * 12 + found[0].month - 1 if found and found[0] else UNDATED


def _organisations(as_of: int) -> Part:
    sql = f"""
        SELECT code AS area_code, 'practice' AS level, tidy(name) AS name, tidy(postcode) AS postcode,
               strftime(opened, '%Y-%m-%d') AS opened, strftime(closed, '%Y-%m-%d') AS closed, word AS status,
               {as_of} AS as_of, line,
               CASE WHEN NOT is_gp AND setting IN ('4', 'RO76') AND code LIKE 'W%' THEN 'a practice in Wales'
                    WHEN NOT is_gp AND setting IN ('4', 'RO76') THEN 'not the code of a practice in England'
                    WHEN setting IS NULL THEN 'not a GP practice (no prescribing setting)'
                    WHEN NOT is_gp
                    THEN 'not a GP practice (' || coalesce(kind, 'prescribing setting ' || setting) || ')'
                    WHEN tidy(name) IS NULL THEN 'the practice has no name'
                    WHEN word IS NULL THEN 'the status ''' || coalesce(status, '') || ''' is not one that is published'
               END AS refusal
        FROM (SELECT *,
                     CASE WHEN status IN ('A', 'ACTIVE') THEN 'active' WHEN status IN ('C', 'INACTIVE') THEN 'closed'
                          WHEN status IN ('D', 'DORMANT') THEN 'dormant'
                          WHEN status IN ('P', 'PROPOSED') THEN 'proposed' END AS word,
                     CASE setting
                          WHEN '0' THEN 'other' WHEN '1' THEN 'walk-in centre' WHEN '2' THEN 'out of hours'
                          WHEN '3' THEN 'walk-in centre and out of hours' WHEN '8' THEN 'public health service'
                          WHEN '9' THEN 'community health service' WHEN '10' THEN 'hospital service'
                          WHEN '11' THEN 'optometry service' WHEN '12' THEN 'urgent and emergency care'
                          WHEN '13' THEN 'hospice' WHEN '14' THEN 'care home or nursing home'
                          WHEN '15' THEN 'border force' WHEN '16' THEN 'young offender institution'
                          WHEN '17' THEN 'secure training centre' WHEN '18' THEN 'secure children''s home'
                          WHEN '19' THEN 'immigration removal centre' WHEN '20' THEN 'court'
                          WHEN '21' THEN 'police custody' WHEN '22' THEN 'sexual assault referral centre'
                          WHEN '24' THEN 'other justice estate' WHEN '25' THEN 'prison'
                          ELSE CASE WHEN setting LIKE 'RO%' THEN 'role ' || setting END END AS kind
              FROM practices)"""
    return Part(ORGANISATIONS, sql)


def _joined(as_of: int) -> str:
    """A practice belongs from the month it joined; where the file has no date, from the month of the file."""
    return f"""
        SELECT code AS child, 'practice' AS child_level, parent, 'sub_icb' AS parent_level,
               coalesce(year(joined) * 12 + month(joined) - 1, {as_of}) AS as_of, line, NULL AS refusal
        FROM practices WHERE is_gp AND NOT is_missing(parent)"""


def _left() -> str:
    """The last membership of a practice that closed ends with the month after the day it left."""
    return """
        SELECT code AS child, 'practice' AS child_level, NULL::VARCHAR AS parent, 'sub_icb' AS parent_level,
               year("left" + 1) * 12 + month("left" + 1) - 1 AS as_of, line, NULL AS refusal
        FROM practices WHERE is_gp AND "left" IS NOT NULL AND NOT is_missing(parent)"""


SOURCE = Source(
    name="ods_epraccur",
    title="ODS: GP practices (epraccur)",
    publisher="NHS England, Organisation Data Service",
    page="https://digital.nhs.uk/services/organisation-data-service/export-data-files/csv-downloads/gp-and-gp-practice-related-data",
    licence=OGL,
    rank=10,
    recognises=recognises,
    read=read,
    tables=(ORGANISATIONS, MEMBERSHIPS),
    notes=("The file is as of the latest date that any of its prescribers opened, closed or moved.",),
)
