"""ODS epcmem: which CCG each practice belonged to and when; before 2013, which primary care trust or group."""

from __future__ import annotations

import re

from openpractice.kinds import Part, Source
from openpractice.sources.declare import OGL
from openpractice.sources.document import Document
from openpractice.tables.areas import MEMBERSHIPS


def recognises(doc: Document) -> bool:
    return doc.kind == "csv" and all(
        len(row) == 6
        and re.fullmatch(r"[A-Z][A-Z0-9]{5}", row[0])
        and re.fullmatch(r"[A-Z0-9]{3,5}", row[1])
        and row[2] == "W"
        and re.fullmatch(r"[0-9]{8}", row[3])
        for row in doc.first_rows[:10]
    )


def read(doc: Document) -> list[Part]:
    doc.load(header=False)
    doc.con.execute(r"""
        CREATE OR REPLACE TEMP TABLE stays AS
        SELECT line, c1 AS practice, c2 AS parent, c3 AS kind, c4 AS printed,
               try_strptime(c4, '%Y%m%d')::DATE AS joined, try_strptime(c5, '%Y%m%d')::DATE AS "left",
               is_practice(c1) AND regexp_matches(c2, '^([0-9]{2}[A-Z]|[A-Z][0-9][A-Z][0-9][A-Z])$') AS in_ccg
        FROM raw""")
    return [Part(MEMBERSHIPS, _joined()), Part(MEMBERSHIPS, _left(), counted=False)]


def _joined() -> str:
    """CCG codes are two digits and a letter. Older parents are other kinds of body, and no level of ours."""
    return r"""
        SELECT practice AS child, 'practice' AS child_level, parent, 'sub_icb' AS parent_level,
               year(joined) * 12 + month(joined) - 1 AS as_of, line,
               CASE WHEN practice LIKE 'W%' THEN 'a practice in Wales'
                    WHEN NOT is_practice(practice) THEN 'not the code of a practice in England'
                    WHEN kind IS DISTINCT FROM 'W' THEN 'not a commissioning membership'
                    WHEN length(parent) = 5 AND NOT in_ccg THEN 'a primary care group, abolished by 2003'
                    WHEN parent LIKE '5%' AND NOT in_ccg THEN 'a primary care trust, abolished in 2013'
                    WHEN parent LIKE 'T%' THEN 'a care trust, no commissioner since 2013'
                    WHEN NOT in_ccg THEN 'the parent ''' || coalesce(parent, '') || ''' is not the code of a CCG'
                    WHEN joined IS NULL THEN 'the start date ''' || coalesce(printed, '') || ''' cannot be read'
                    WHEN "left" < joined THEN 'the membership ends before it starts' END AS refusal
        FROM stays"""


def _left() -> str:
    """A stay ends with the month after its last day, unless the practice is in another CCG by then."""
    return """
        SELECT practice AS child, 'practice' AS child_level, NULL::VARCHAR AS parent, 'sub_icb' AS parent_level,
               ended AS as_of, min(line) AS line, NULL AS refusal
        FROM (SELECT *, year("left" + 1) * 12 + month("left" + 1) - 1 AS ended FROM stays) AS stay
        WHERE in_ccg AND "left" >= joined AND NOT EXISTS (
            FROM stays AS other
            WHERE other.practice = stay.practice AND other.line <> stay.line AND other.in_ccg
              AND year(other.joined) * 12 + month(other.joined) - 1 <= stay.ended
              AND (other."left" IS NULL OR other."left" > stay."left"))
        GROUP BY practice, ended"""


SOURCE = Source(
    name="ods_epcmem",
    title="ODS: practice membership of CCGs over time (epcmem)",
    publisher="NHS England, Organisation Data Service",
    page="https://digital.nhs.uk/services/organisation-data-service/export-data-files/csv-downloads/gp-and-gp-practice-related-data",
    licence=OGL,
    rank=30,
    recognises=recognises,
    read=read,
    tables=(MEMBERSHIPS,),
    notes=("Memberships of primary care trusts and groups, before April 2013, are refused: they are no level here.",),
)
