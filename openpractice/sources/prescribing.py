"""Antibiotic items dispensed by practice in a month, collated from the prescribing data."""

from __future__ import annotations

from openpractice.kinds import Part, Source
from openpractice.sources.declare import OGL
from openpractice.sources.document import Document
from openpractice.tables.context import PRESCRIBING


def recognises(doc: Document) -> bool:
    return doc.has("practice_code", "year_month", "antibiotic_items", "total_all_items")


def read(doc: Document) -> list[Part]:
    """Prescriptions whose prescriber could not be told stand under "-" or an area's own code."""
    doc.load()
    sql = """
        SELECT practice_code AS area_code, 'practice' AS level,
               month_of(year_month[:4] || '-' || year_month[5:]) AS month_no,
               number_of(antibiotic_items) AS antibiotic_items, number_of(total_all_items) AS all_items, line,
               CASE WHEN practice_name ILIKE 'UNIDENTIFIED%' THEN 'the prescriber was not identified'
                    WHEN NOT is_practice(practice_code) THEN 'not a practice code'
                    WHEN month_of(year_month[:4] || '-' || year_month[5:]) IS NULL THEN 'the month is not readable'
                    WHEN is_missing(antibiotic_items) OR is_missing(total_all_items) THEN 'no number of items'
               END AS refusal
        FROM raw"""
    return [Part(PRESCRIBING, sql)]


SOURCE = Source(
    name="prescribing",
    title="Antibiotic prescribing by practice",
    publisher="NHS Business Services Authority, collated by B. Stanbury",
    page="https://www.nhsbsa.nhs.uk/prescription-data",
    licence=OGL,
    rank=20,
    recognises=recognises,
    read=read,
    tables=(PRESCRIBING,),
    notes=("Holds every prescriber with a code like a practice's: out-of-hours and community services too.",),
)
