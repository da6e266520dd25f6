"""The whole tree from QOF mappings (CSV, Parquet) and the registration map (workbook)."""

import duckdb
import openpyxl

from openpractice.kinds import month_no

MAP_HEADER = [
    "PRACTICE_CODE",
    "PRACTICE_NAME",
    "PRACTICE_POSTCODE",
    "PCN_CODE",
    "PCN_NAME",
    "ONS_CCG_CODE",
    "CCG_CODE",
    "CCG_NAME",
    "ONS_STP_CODE",
    "STP_CODE",
    "STP_NAME",
    "ONS_COMM_REGION_CODE",
    "COMM_REGION_CODE",
    "COMM_REGION_NAME",
    "New Sub-ICB location name",
    "ICB22ons",
    "ICB22",
    "ICB22NM",
    "R22ons",
    "R22",
    "Reg22NM",
]
MAP_ROW = [
    *("J81083", "SIXPENNY HANDLEY SURGERY", "SP5 5PA", "U55979", "SARUM WEST PCN", "E38000231", "92G"),
    "NHS Bath and North East Somerset Swindon and Wiltshire CCG",
    *("E54000040", "QOX", "BATH AND NORTH EAST SOMERSET SWINDON AND WILTSHIRE STP", "E40000006", "Y58", "SOUTH WEST"),
    "NHS Bath and North East Somerset, Swindon and Wiltshire ICB - 92G ",
    *("E54000040", "QOX", "NHS Bath and North East Somerset, Swindon and Wiltshire ICB"),
    *("E40000006", "Y58", "South West"),
]


def test_qof_2021(read_source):
    reading = read_source("geography_maps_2021.csv")
    assert reading.sources == ["geography_maps"]
    assert (reading.rows_read, reading.rows_kept) == (14, 14)
    practice = reading.row("organisations", area_code="A81001")
    assert (practice["name"], practice["as_of"]) == ("The Densham Surgery", month_no("2021-03"))
    assert {m["parent"] for m in reading.rows("memberships", child="A81001")} == {"U89141", "16C"}
    assert {m["parent"] for m in reading.rows("memberships", child="A84035")} == {"00L"}  # its network is 'U'
    assert reading.row("aliases", alias="E54000050")["area_code"] == "QHM"
    assert reading.row("aliases", alias="E40000009")["area_code"] == "Y63"


def test_qof_2024_in_parquet(read_source, tmp_path):
    path = tmp_path / "structures.parquet"
    with duckdb.connect() as con:
        con.execute(
            """COPY (SELECT 'E92000001' AS NAT_ONS_CODE, 'Y63' AS REGION_ODS_CODE, 'E40000012' AS REGION_ONS_CODE,
                'North East and Yorkshire' AS REGION_NAME, 'QHM' AS ICB_ODS_CODE, 'E54000050' AS ICB_ONS_CODE,
                'NHS North East and North Cumbria Integrated Care Board' AS ICB_NAME, '16C' AS SUB_ICB_ODS_CODE,
                'E38000247' AS SUB_ICB_ONS_CODE, 'NHS North East and North Cumbria ICB - 16C' AS SUB_ICB_NAME,
                'U89141' AS PCN_ODS_CODE, 'Stockton PCN' AS PCN_NAME, code AS PRACTICE_CODE,
                'The Densham Surgery' AS PRACTICE_NAME
                FROM (VALUES ('A81001'), ('ZZZ')) AS practices(code)) TO ? (FORMAT parquet)""",
            [str(path)],
        )
    reading = read_source(path)
    assert reading.row("organisations", area_code="A81001")["as_of"] == month_no("2024-03")
    assert reading.row("memberships", child="16C")["parent"] == "QHM"
    assert reading.reasons == {"not the code of a practice in England": 1}


def test_the_registration_map_of_july_2022_gives_the_new_bodies(read_source, tmp_path):
    book = openpyxl.Workbook()
    book.active.append(MAP_HEADER)
    book.active.append(MAP_ROW)
    path = tmp_path / "gp-reg-pat-prac-map.xlsx"
    book.save(path)
    reading = read_source(path)
    practice = reading.row("organisations", area_code="J81083")
    assert (practice["postcode"], practice["as_of"], practice["line"]) == ("SP5 5PA", month_no("2022-07"), 2)
    assert reading.row("organisations", area_code="92G")["name"].endswith("Wiltshire ICB - 92G")
    assert reading.row("memberships", child="92G")["parent"] == "QOX"
    assert reading.row("aliases", level="region")["area_code"] == "Y58"
