"""Where practices are: latitude and longitude."""

from __future__ import annotations

from openpractice.kinds import Part, Source
from openpractice.sources.declare import OGL
from openpractice.sources.document import Document
from openpractice.tables.context import PROFILE


def recognises(doc: Document) -> bool:
    return doc.has("practice_code", "lat", "lon")


def read(doc: Document) -> list[Part]:
    doc.load()
    return [
        Part(PROFILE, _coordinate("lat", "latitude")),
        Part(PROFILE, _coordinate("lon", "longitude"), counted=False),
    ]


def _coordinate(column: str, attribute: str) -> str:
    """England lies between 49.8° and 55.9° north, 6.5° west and 1.8° east; anything else is a mistyped postcode."""
    return f"""
        SELECT practice_code AS area_code, 'practice' AS level, month_of('2024-12') AS month_no,
               '{attribute}' AS attribute, number_of({column}) AS number, NULL AS word, NULL AS patients, line,
               CASE WHEN NOT is_practice(practice_code) THEN 'not a practice code'
                    WHEN number_of(lat) IS NULL OR number_of(lon) IS NULL OR isnan(number_of(lat))
                    THEN 'no place is given'
                    WHEN number_of(lat) NOT BETWEEN 49.8 AND 55.9 OR number_of(lon) NOT BETWEEN -6.5 AND 1.8
                    THEN 'the place is outside England' END AS refusal
        FROM raw"""


SOURCE = Source(
    name="coordinates",
    title="Practice coordinates",
    publisher="wylie102 (QOF-visualisation), from practice postcodes",
    page="https://github.com/wylie102/QOF-visualisation",
    licence=f"MIT; inputs under the {OGL}",
    rank=20,
    recognises=recognises,
    read=read,
    tables=(PROFILE,),
    notes=("The file carries no date: it was made in 2024.",),
)
