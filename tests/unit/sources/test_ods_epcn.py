"""The ePCN workbook in both vintages of its headers."""

import openpyxl
import pytest

from openpractice.kinds import month_no

OLD = ("Practice\nParent\nCCG Code", "Practice\nParent\nCCG Name", "PCN Parent\nCCG Code", "PCN Parent\nCCG Name")
NEW = (
    "Practice\nParent\nSub ICB Loc Code",
    "Practice\nParent\nSub ICB Loc Name",
    "PCN Parent\nSub ICB Loc Code",
    "PCN Parent\nSub ICB Loc Name",
)
NETWORKS = [
    ("U16464", "BARNSLEY PCN", "02P", "NHS BARNSLEY CCG", "20191001", "", "", "", "", "BARNSLEY", "", "S70 3NE"),
    ("U91979", "BILLERICAY PCN", "99E", "NHS BASILDON", "20191001", "20220630", "", "", "", "", "", "CM12 0AH"),
    ("X1", "NOT ONE", "99E", "", "20191001", "", "", "", "", "", "", ""),
]
STAYS = [  # practice, network, from, to
    ("C85628", "U16464", "20191001", "20200831"),
    ("C85026", "U16464", "20191001", ""),
    ("C85024", "U16464", "20191001", "20201018"),
    ("C85024", "U91979", "20201019", ""),
    ("W00005", "U16464", "20191001", ""),
    ("C85030", "U16464", "soon", ""),
]


@pytest.fixture(params=[OLD, NEW], ids=["CCG", "sub-ICB"])
def workbook(request, tmp_path):
    practice_code, practice_name, pcn_code, pcn_name = request.param
    book = openpyxl.Workbook()
    networks = book.active
    networks.title = "PCNDetails"
    group = "Current Clinical \nCommissioning \nGroup Code" if request.param is OLD else "Current Sub ICB Loc Code"
    networks.append(
        ["PCN Code", "PCN Name", group, "Its Name", "Open Date", "Close Date"]
        + [f"Address Line {i}" for i in range(1, 6)]
        + ["Postcode"]
    )
    for row in NETWORKS:
        networks.append(row)
    partners = book.create_sheet("PCN Core Partner Details")
    partners.append(
        [
            *("Partner\nOrganisation\nCode", "Partner\nName", practice_code, practice_name, "PCN Code", "PCN Name"),
            *(pcn_code, pcn_name),
            *("Practice to PCN\nRelationship\nStart Date", "Practice to PCN\nRelationship\nEnd Date"),
        ]
    )
    for practice, pcn, start, end in STAYS:
        partners.append([practice, "A PRACTICE", "02P", "", pcn, "A PCN", "02P", "", start, end])
    path = tmp_path / "ePCN.xlsx"
    book.save(path)
    return path


def test_networks(read_source, workbook):
    reading = read_source(workbook)
    assert reading.sources == ["ods_epcn"]
    assert reading.row("organisations", area_code="U16464")["postcode"] == "S70 3NE"
    closed = reading.row("organisations", area_code="U91979")
    assert (closed["closed"], closed["status"]) == ("2022-06-30", "closed")
    assert {row["as_of"] for row in reading.tables["organisations"]} == {month_no("2020-10")}


def test_stays_begin_and_end(read_source, workbook):
    reading = read_source(workbook)
    said = {code: [(m["parent"], m["as_of"]) for m in reading.rows("memberships", child=code)] for code, *_ in STAYS}
    assert said["C85026"] == [("U16464", month_no("2019-10"))]
    assert said["C85628"] == [("U16464", month_no("2019-10")), (None, month_no("2020-09"))]
    assert said["C85024"] == [("U16464", month_no("2019-10")), ("U91979", month_no("2020-10"))]  # moved: no gap


def test_refusals(read_source, workbook):
    reading = read_source(workbook)
    assert (reading.rows_read, reading.rows_kept) == (9, 6)
    assert reading.reasons == {
        "not the code of a primary care network": 1,
        "not the code of a practice in England": 1,
        "the start date 'soon' cannot be read": 1,
    }
