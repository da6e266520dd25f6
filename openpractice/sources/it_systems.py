"""Which clinical system each practice uses."""

from __future__ import annotations

from openpractice.kinds import Part, Source
from openpractice.sources.declare import NHS_ENGLAND, OGL
from openpractice.sources.document import Document
from openpractice.tables.context import PROFILE


def recognises(doc: Document) -> bool:
    return doc.has("gp_ods_code", "gp_name", "gp_gpad_systems", "gp_system")


def read(doc: Document) -> list[Part]:
    doc.load()
    sql = """
        SELECT gp_ods_code AS area_code, 'practice' AS level, month_of('2025-12') AS month_no,
               'it_system' AS attribute, NULL AS number, tidy(gp_system) AS word, NULL AS patients, line,
               CASE WHEN NOT is_practice(gp_ods_code) THEN 'not a practice code'
                    WHEN is_missing(gp_system) THEN 'no system is named' END AS refusal
        FROM raw"""
    return [Part(PROFILE, sql)]


SOURCE = Source(
    name="it_systems",
    title="General practice IT systems",
    publisher=NHS_ENGLAND,
    page="https://github.com/NHSDigital/mavis-data-gp-it-suppliers",
    licence=OGL,
    rank=20,
    recognises=recognises,
    read=read,
    tables=(PROFILE,),
    notes=("The file carries no date: it was published in December 2025.",),
)
