"""Care Quality Commission: the latest overall rating of each practice."""

from __future__ import annotations

from openpractice.kinds import Part, Source
from openpractice.sources.declare import OGL
from openpractice.sources.document import Document
from openpractice.tables.context import CQC_RATINGS


def recognises(doc: Document) -> bool:
    return doc.has("practice_code", "year", "domain", "latest_rating", "service_population_group")


def read(doc: Document) -> list[Part]:
    """Ratings stand until the next one, so all are dated December of the file's latest year. Site codes are refused."""
    doc.load()
    sql = """
        SELECT practice_code AS area_code, 'practice' AS level, max(month_of(year || '-12')) OVER () AS month_no, rating,
               number_of(year) AS rated, line,
               CASE WHEN NOT is_practice(practice_code) THEN 'not a practice code'
                    WHEN domain <> 'Overall' OR service_population_group <> 'Overall' THEN 'not the overall rating'
                    WHEN month_of(year || '-12') IS NULL THEN 'the year is not readable'
                    WHEN rating NOT IN ('Outstanding', 'Good', 'Requires improvement', 'Inadequate')
                      OR rating IS NULL THEN 'not one of the four ratings'
                    WHEN nth > 1 THEN 'an earlier rating of the same practice' END AS refusal
        FROM (SELECT *, upper(tidy(latest_rating)[1]) || lower(tidy(latest_rating)[2:]) AS rating,
                     row_number() OVER (PARTITION BY practice_code, domain, service_population_group
                                        ORDER BY year DESC, line) AS nth FROM raw)"""
    return [Part(CQC_RATINGS, sql)]


SOURCE = Source(
    name="cqc",
    title="CQC overall rating by practice",
    publisher="Care Quality Commission, collated by the Health Equity Evidence Centre",
    page="https://www.cqc.org.uk/about-us/transparency/using-cqc-data",
    licence=OGL,
    rank=20,
    recognises=recognises,
    read=read,
    tables=(CQC_RATINGS,),
    notes=("Every rating stands until the next: all are dated December of the latest year in the file.",),
)
