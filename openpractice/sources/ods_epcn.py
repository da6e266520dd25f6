"""ODS ePCN: primary care networks, and which practices belonged to them from when to when."""

from __future__ import annotations

from openpractice.kinds import Part, Source
from openpractice.sources.declare import OGL
from openpractice.sources.document import Document
from openpractice.sources.headers import column_names
from openpractice.tables.areas import MEMBERSHIPS, ORGANISATIONS

_NETWORKS = "PCNDetails"
_PARTNERS = "PCN Core Partner Details"


def recognises(doc: Document) -> bool:
    return doc.kind == "book" and {_NETWORKS, _PARTNERS} <= set(doc.sheets)


def read(doc: Document) -> list[Part]:
    for sheet, table in ((_NETWORKS, "networks"), (_PARTNERS, "partners")):
        header, *body = doc.sheets[sheet]
        doc.load_rows(column_names(header), body, table=table, first_line=2)  # headers have line breaks in them
    date_rows(doc)
    return [
        _organisations(),
        Part(MEMBERSHIPS, _joined()),
        Part(MEMBERSHIPS, _left(), counted=False),
    ]


def date_rows(doc: Document) -> None:
    """`stays`: one row a practice and network with its days; `edition`: the latest date in the workbook, as a month."""
    doc.con.execute("""
        CREATE OR REPLACE TEMP TABLE stays AS
        SELECT line, partner_organisation_code AS practice, pcn_code AS pcn,
               practice_to_pcn_relationship_start_date AS printed,
               try_strptime(practice_to_pcn_relationship_start_date, '%Y%m%d')::DATE AS joined,
               try_strptime(practice_to_pcn_relationship_end_date, '%Y%m%d')::DATE AS "left"
        FROM partners;
        CREATE OR REPLACE TEMP TABLE edition AS
        SELECT year(latest) * 12 + month(latest) - 1 AS as_of
        FROM (SELECT max(greatest(joined, "left")) AS latest FROM stays)""")


def _organisations() -> Part:
    sql = """
        SELECT pcn_code AS area_code, 'pcn' AS level, tidy(pcn_name) AS name, tidy(postcode) AS postcode,
               strftime(opened, '%Y-%m-%d') AS opened, strftime(closed, '%Y-%m-%d') AS closed,
               CASE WHEN closed IS NULL THEN 'active' ELSE 'closed' END AS status, edition.as_of, line,
               CASE WHEN pcn_code IS NULL OR length(pcn_code) <> 6 THEN 'not the code of a primary care network'
                    WHEN tidy(pcn_name) IS NULL THEN 'the network has no name' END AS refusal
        FROM (SELECT *, try_strptime(open_date, '%Y%m%d')::DATE AS opened,
                     try_strptime(close_date, '%Y%m%d')::DATE AS closed FROM networks), edition"""
    return Part(ORGANISATIONS, sql)


def _joined() -> str:
    return """
        SELECT practice AS child, 'practice' AS child_level, pcn AS parent, 'pcn' AS parent_level,
               year(joined) * 12 + month(joined) - 1 AS as_of, line,
               CASE WHEN NOT is_practice(practice) THEN 'not the code of a practice in England'
                    WHEN pcn IS NULL OR length(pcn) <> 6 THEN 'not the code of a primary care network'
                    WHEN joined IS NULL THEN 'the start date ''' || coalesce(printed, '') || ''' cannot be read'
                    WHEN "left" < joined THEN 'the membership ends before it starts' END AS refusal
        FROM stays"""


def _left() -> str:
    """A stay ends with the month after its last day, unless the practice is in another network by then."""
    return """
        SELECT DISTINCT practice AS child, 'practice' AS child_level, NULL::VARCHAR AS parent, 'pcn' AS parent_level,
               ended AS as_of, line, NULL AS refusal
        FROM (SELECT *, year("left" + 1) * 12 + month("left" + 1) - 1 AS ended FROM stays) AS stay
        WHERE is_practice(practice) AND "left" >= joined AND NOT EXISTS (
            FROM stays AS other
            WHERE other.practice = stay.practice AND other.line <> stay.line
              AND year(other.joined) * 12 + month(other.joined) - 1 <= stay.ended
              AND (other."left" IS NULL OR other."left" > stay."left"))"""


SOURCE = Source(
    name="ods_epcn",
    title="ODS: primary care networks (ePCN)",
    publisher="NHS England, Organisation Data Service",
    page="https://digital.nhs.uk/services/organisation-data-service/export-data-files/csv-downloads/gp-and-gp-practice-related-data",
    licence=OGL,
    rank=10,
    recognises=recognises,
    read=read,
    tables=(ORGANISATIONS, MEMBERSHIPS),
    notes=("The workbook is as of the latest date that a practice joined or left a network in it.",),
)
