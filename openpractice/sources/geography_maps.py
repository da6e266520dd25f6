"""The whole NHS tree, a practice a row, with ODS and ONS codes: the QOF geography mappings and the registration map."""

from __future__ import annotations

from openpractice.kinds import Part, Source, month_no
from openpractice.sources.declare import NHS_ENGLAND, OGL
from openpractice.sources.document import Document
from openpractice.tables.areas import ALIASES, MEMBERSHIPS, ORGANISATIONS

# No vintage has a date inside; each is known by its columns. QOF years end in March. The registration map of July 2022
# has both the old bodies (STP) and the new ones ("ICB22"), and only the new ones are read.
QOF_2021 = month_no("2021-03")
QOF_2024 = month_no("2024-03")
MAP_2022 = month_no("2022-07")

_NAMES = (
    "practice",
    "practice_name",
    "postcode",
    "pcn",
    "pcn_name",
    "sub_icb",
    "sub_icb_ons",
    "sub_icb_name",
    "icb",
    "icb_ons",
    "icb_name",
    "region",
    "region_ons",
    "region_name",
)
_QOF = (
    "practice_code practice_name - pcn_ods_code pcn_name {0}_ods_code {0}_ons_code {0}_name {1}_ods_code {1}_ons_code "
    "{1}_name region_ods_code region_ons_code region_name"
)
_VINTAGES = {
    QOF_2021: tuple(_QOF.format("ccg", "stp").split()),
    QOF_2024: tuple(_QOF.format("sub_icb", "icb").split()),
    MAP_2022: [
        "practice_code",
        "practice_name",
        "practice_postcode",
        "pcn_code",
        "pcn_name",
        "ccg_code",
        "ons_ccg_code",
        "new_sub_icb_location_name",
        "icb22",
        "icb22ons",
        "icb22nm",
        "r22",
        "r22ons",
        "reg22nm",
    ],
}


def vintage_of(doc: Document) -> int | None:
    """The month that this layout is of, or None for a file of another kind."""
    for month, columns in _VINTAGES.items():
        if doc.has(*(c for c in columns if c != "-")):
            return month
    return None


def recognises(doc: Document) -> bool:
    return vintage_of(doc) is not None


def read(doc: Document) -> list[Part]:
    as_of = vintage_of(doc)
    assert as_of is not None
    load_tree(doc, as_of)
    return [
        _practices(as_of),
        Part(ORGANISATIONS, _groups(as_of), counted=False),
        Part(MEMBERSHIPS, _memberships(as_of), counted=False),
        Part(ALIASES, _aliases(), counted=False),
    ]


def load_tree(doc: Document, vintage: int) -> None:
    """`tree`: the columns of this vintage under our names."""
    if doc.kind == "book":
        (rows,) = doc.sheets.values()
        doc.load_rows(doc.columns, rows[1:], first_line=2)
    else:
        doc.load()
    pairs = zip(_VINTAGES[vintage], _NAMES, strict=True)
    named = ", ".join(f"{'NULL::VARCHAR' if theirs == '-' else theirs} AS {ours}" for theirs, ours in pairs)
    doc.con.execute(f"CREATE OR REPLACE TEMP TABLE tree AS SELECT line, {named} FROM raw")


def _practices(as_of: int) -> Part:
    sql = f"""
        SELECT practice AS area_code, 'practice' AS level, tidy(practice_name) AS name, tidy(postcode) AS postcode,
               NULL AS opened, NULL AS closed, 'active' AS status, {as_of} AS as_of, line,
               CASE WHEN NOT is_practice(practice) THEN 'not the code of a practice in England'
                    WHEN tidy(practice_name) IS NULL THEN 'the practice has no name' END AS refusal
        FROM tree"""
    return Part(ORGANISATIONS, sql)


def _groups(as_of: int) -> str:
    return f"""
        SELECT area_code, level, tidy(name) AS name, NULL AS postcode, NULL AS opened, NULL AS closed,
               'active' AS status, {as_of} AS as_of, min(line) AS line, NULL AS refusal
        FROM (SELECT pcn AS area_code, 'pcn' AS level, pcn_name AS name, line FROM tree
              UNION ALL SELECT sub_icb, 'sub_icb', sub_icb_name, line FROM tree
              UNION ALL SELECT icb, 'icb', icb_name, line FROM tree
              UNION ALL SELECT region, 'region', region_name, line FROM tree)
        WHERE length(area_code) BETWEEN 3 AND 6 AND tidy(name) IS NOT NULL GROUP BY area_code, level, tidy(name)"""


def _memberships(as_of: int) -> str:
    """Codes of one letter ('U', Unallocated) are no organisation, so they are nobody's parent."""
    return f"""
        SELECT child, child_level, parent, parent_level, {as_of} AS as_of, min(line) AS line, NULL AS refusal
        FROM (SELECT practice AS child, 'practice' AS child_level, pcn AS parent, 'pcn' AS parent_level, line
              FROM tree WHERE is_practice(practice)
              UNION ALL SELECT practice, 'practice', sub_icb, 'sub_icb', line FROM tree WHERE is_practice(practice)
              UNION ALL SELECT sub_icb, 'sub_icb', icb, 'icb', line FROM tree
              UNION ALL SELECT icb, 'icb', region, 'region', line FROM tree)
        WHERE length(child) BETWEEN 3 AND 6 AND length(parent) BETWEEN 3 AND 6
        GROUP BY child, child_level, parent, parent_level"""


def _aliases() -> str:
    return """
        SELECT alias, level, area_code, 'ons' AS kind, min(line) AS line, NULL AS refusal
        FROM (SELECT sub_icb_ons AS alias, 'sub_icb' AS level, sub_icb AS area_code, line FROM tree
              UNION ALL SELECT icb_ons, 'icb', icb, line FROM tree
              UNION ALL SELECT region_ons, 'region', region, line FROM tree)
        WHERE length(alias) = 9 AND length(area_code) BETWEEN 3 AND 6 GROUP BY alias, level, area_code"""


SOURCE = Source(
    name="geography_maps",
    title="NHS geography of every practice (QOF and registration mappings)",
    publisher=NHS_ENGLAND,
    page="https://digital.nhs.uk/data-and-information/publications/statistical/quality-and-outcomes-framework-achievement-prevalence-and-exceptions-data",
    licence=OGL,
    rank=40,
    recognises=recognises,
    read=read,
    tables=(ORGANISATIONS, MEMBERSHIPS, ALIASES),
    notes=("Undated files are dated by their layout: March 2021, July 2022 or March 2024.",),
)
