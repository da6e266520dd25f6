"""Mapping.csv of the practice-level crosstab: each practice's network, sub-ICB location, board, region and system."""

from __future__ import annotations

import re

from openpractice.kinds import Part, Source, month_no
from openpractice.sources.declare import NHS_ENGLAND, OGL
from openpractice.sources.document import Document
from openpractice.tables.areas import MEMBERSHIPS, ORGANISATIONS
from openpractice.tables.context import PROFILE

# The file has no date inside. The folder or archive that it was published in has ("Practice_Level_Crosstab_Aug_25");
# a copy that lost that name is taken for August 2025, the edition in which this layout was first read.
UNDATED = month_no("2025-08")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NAMED = re.compile(rf"(?<![a-z])({'|'.join(_MONTHS)})[a-z]*[ _-]?(?:20)?(\d\d)(?!\d)", re.I)


def recognises(doc: Document) -> bool:
    return doc.has(
        "gp_code", "gp_name", "supplier", "pcn_code", "sub_icb_location_code", "icb_code", "region_code"
    ) and not doc.has("count_of_appointments")


def month_named(name: str) -> int:
    """The running month that a file's name or folder speaks of, or the documented default."""
    found = _NAMED.search(name)
    return (2000 + int(found[2])) * 12 + _MONTHS.index(found[1].lower()) if found else UNDATED


def read(doc: Document) -> list[Part]:
    doc.load()
    as_of = month_named(doc.name)
    return [
        _practices(as_of),
        Part(ORGANISATIONS, _groups(as_of), counted=False),
        Part(MEMBERSHIPS, _memberships(as_of), counted=False),
        Part(PROFILE, _systems(as_of), complete=True, counted=False),
    ]


def _practices(as_of: int) -> Part:
    """One row a line. A practice with two systems has two lines, which say the same of its name."""
    sql = f"""
        SELECT gp_code AS area_code, 'practice' AS level, tidy(gp_name) AS name, NULL AS postcode, NULL AS opened,
               NULL AS closed, 'active' AS status, {as_of} AS as_of, line,
               CASE WHEN NOT is_practice(gp_code) THEN 'not the code of a practice in England'
                    WHEN tidy(gp_name) IS NULL THEN 'the practice has no name' END AS refusal
        FROM raw"""
    return Part(ORGANISATIONS, sql)


def _groups(as_of: int) -> str:
    return f"""
        SELECT area_code, level, tidy(name) AS name, NULL AS postcode, NULL AS opened, NULL AS closed,
               'active' AS status, {as_of} AS as_of, min(line) AS line, NULL AS refusal
        FROM (SELECT pcn_code AS area_code, 'pcn' AS level, pcn_name AS name, line FROM raw
              UNION ALL SELECT sub_icb_location_code, 'sub_icb', sub_icb_location_name, line FROM raw
              UNION ALL SELECT icb_code, 'icb', icb_name, line FROM raw
              UNION ALL SELECT region_code, 'region', region_name, line FROM raw)
        WHERE length(area_code) BETWEEN 3 AND 6 GROUP BY ALL"""


def _memberships(as_of: int) -> str:
    """Codes of one letter ('U', Unallocated) are no organisation, so they are nobody's parent."""
    return f"""
        SELECT child, child_level, parent, parent_level, {as_of} AS as_of, min(line) AS line, NULL AS refusal
        FROM (SELECT gp_code AS child, 'practice' AS child_level, pcn_code AS parent, 'pcn' AS parent_level, line
              FROM raw WHERE is_practice(gp_code)
              UNION ALL SELECT gp_code, 'practice', sub_icb_location_code, 'sub_icb', line
              FROM raw WHERE is_practice(gp_code)
              UNION ALL SELECT sub_icb_location_code, 'sub_icb', icb_code, 'icb', line FROM raw
              UNION ALL SELECT icb_code, 'icb', region_code, 'region', line FROM raw)
        WHERE length(child) BETWEEN 3 AND 6 AND length(parent) BETWEEN 3 AND 6 GROUP BY ALL"""


def _systems(as_of: int) -> str:
    """One word a practice: the systems of all its lines, each once, in the order of the alphabet ('EMIS/TPP')."""
    return f"""
        SELECT gp_code AS area_code, 'practice' AS level, {as_of} AS month_no, 'it_system' AS attribute,
               NULL::DOUBLE AS number,
               array_to_string(list_sort(list_distinct(flatten(list(string_split(trim(supplier), '/'))))), '/') AS word,
               NULL AS patients,
               min(line) AS line, NULL AS refusal
        FROM raw WHERE is_practice(gp_code) AND NOT is_missing(supplier) GROUP BY gp_code"""


SOURCE = Source(
    name="gpad_mapping",
    title="Appointments in General Practice: practice mapping",
    publisher=NHS_ENGLAND,
    page="https://digital.nhs.uk/data-and-information/publications/statistical/appointments-in-general-practice",
    licence=OGL,
    rank=20,
    recognises=recognises,
    read=read,
    tables=(ORGANISATIONS, MEMBERSHIPS, PROFILE),
    notes=("The file is dated by the name of its folder or archive; without one it is taken for August 2025.",),
)
