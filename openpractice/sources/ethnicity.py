"""The share of patients who are not white, estimated from Census 2021 and where a practice's patients live."""

from __future__ import annotations

from openpractice.kinds import Part, Source
from openpractice.sources.declare import OGL
from openpractice.sources.document import Document
from openpractice.tables.context import PROFILE


def recognises(doc: Document) -> bool:
    return doc.has("practice_code", "non_white_popn", "reg_popn", "pct_non_white")


def read(doc: Document) -> list[Part]:
    """`pct_non_white` is a fraction despite its name; the count over the list is used instead."""
    doc.load()
    sql = """
        SELECT practice_code AS area_code, 'practice' AS level, month_of('2021-03') AS month_no,
               'non_white_share' AS attribute, number_of(non_white_popn) / nullif(number_of(reg_popn), 0) AS number,
               NULL AS word, NULL AS patients, line,
               CASE WHEN NOT is_practice(practice_code) THEN 'not a practice code'
                    WHEN is_missing(non_white_popn) OR is_missing(reg_popn) OR number_of(reg_popn) = 0
                    THEN 'no share is given' END AS refusal
        FROM raw"""
    return [Part(PROFILE, sql)]


SOURCE = Source(
    name="ethnicity",
    title="Practice ethnicity, Census 2021",
    publisher="R. Blackwell, from the Office for National Statistics and NHS Digital",
    page="https://github.com/blackwellrd/practice_pcn_ethnicity",
    licence=OGL,
    rank=20,
    recognises=recognises,
    read=read,
    tables=(PROFILE,),
    notes=("An estimate from neighbourhoods, dated by the census (March 2021); not what practices record.",),
)
