"""Short lookups of integrated care boards: CCG to board, and the boards with their regions."""

from __future__ import annotations

from openpractice.kinds import Part, Source, month_no
from openpractice.sources.declare import NHS_ENGLAND, OGL
from openpractice.sources.document import Document
from openpractice.tables.areas import MEMBERSHIPS, ORGANISATIONS

CREATED = month_no("2022-07")  # neither file has a date; boards were created, and CCGs abolished, on 1 July 2022
REGIONS = {
    "London": "Y56",
    "South West": "Y58",
    "South East": "Y59",
    "Midlands": "Y60",
    "East of England": "Y61",
    "North West": "Y62",
    "North East and Yorkshire": "Y63",
}


def recognises_ccgs(doc: Document) -> bool:
    return doc.columns == ("ccg_code", "icb_code", "icb_name")


def recognises_boards(doc: Document) -> bool:
    return doc.columns == ("icb_code", "icb_name", "icb_region")


def read_ccgs(doc: Document) -> list[Part]:
    doc.load()
    memberships = rf"""
        SELECT ccg_code AS child, 'sub_icb' AS child_level, icb_code AS parent, 'icb' AS parent_level,
               {CREATED} AS as_of, line,
               CASE WHEN NOT coalesce(regexp_matches(ccg_code, '^[A-Z0-9]{{3}}([A-Z0-9]{{2}})?$'), false)
                    THEN 'not the code of a CCG'
                    WHEN NOT coalesce(regexp_matches(icb_code, '^Q[A-Z0-9]{{2}}$'), false)
                    THEN 'not the code of an integrated care board' END AS refusal
        FROM raw"""
    organisations = f"""
        SELECT icb_code AS area_code, 'icb' AS level, tidy(icb_name) AS name, NULL AS postcode, NULL AS opened,
               NULL AS closed, 'active' AS status, {CREATED} AS as_of, min(line) AS line, NULL AS refusal
        FROM raw WHERE length(icb_code) = 3 AND tidy(icb_name) IS NOT NULL GROUP BY icb_code, tidy(icb_name)"""
    return [Part(MEMBERSHIPS, memberships), Part(ORGANISATIONS, organisations, counted=False)]


def read_boards(doc: Document) -> list[Part]:
    doc.load()
    region = " ".join(f"WHEN '{name}' THEN '{code}'" for name, code in REGIONS.items())
    organisations = f"""
        SELECT icb_code AS area_code, 'icb' AS level, tidy(icb_name) AS name, NULL AS postcode, NULL AS opened,
               NULL AS closed, 'active' AS status, {CREATED} AS as_of, line,
               CASE WHEN is_missing(icb_code) THEN 'not an integrated care board'
                    WHEN length(icb_code) <> 3 THEN 'not the code of an integrated care board'
                    WHEN tidy(icb_name) IS NULL THEN 'the board has no name' END AS refusal
        FROM raw"""
    memberships = f"""
        SELECT icb_code AS child, 'icb' AS child_level, region AS parent, 'region' AS parent_level,
               {CREATED} AS as_of, line, NULL AS refusal
        FROM (SELECT *, CASE tidy(icb_region) {region} END AS region FROM raw)
        WHERE region IS NOT NULL AND length(icb_code) = 3"""
    return [Part(ORGANISATIONS, organisations), Part(MEMBERSHIPS, memberships, counted=False)]


_PAGE = "https://digital.nhs.uk/services/organisation-data-service"
_TABLES = (ORGANISATIONS, MEMBERSHIPS)
_NOTES = ("Undated; taken to hold from July 2022, when boards began.",)

SOURCES = (
    Source(
        name="icb_lookup_ccgs",
        title="Lookup: CCG to integrated care board",
        publisher=NHS_ENGLAND,
        page=_PAGE,
        licence=OGL,
        rank=50,
        recognises=recognises_ccgs,
        read=read_ccgs,
        tables=_TABLES,
        notes=_NOTES,
    ),
    Source(
        name="icb_lookup_regions",
        title="Lookup: integrated care boards and regions",
        publisher=NHS_ENGLAND,
        page=_PAGE,
        licence=OGL,
        rank=50,
        recognises=recognises_boards,
        read=read_boards,
        tables=_TABLES,
        notes=_NOTES,
    ),
)
