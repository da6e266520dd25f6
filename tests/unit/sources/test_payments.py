"""NHS Payments to General Practice: no date inside, and a network's code under a bare word."""

import shutil
from pathlib import Path

import pytest

from openpractice.kinds import Refused, month_no

SAMPLES = Path(__file__).parents[2] / "data" / "sources"


@pytest.fixture
def reading(read_source):
    return read_source("payments_22-23.csv")


def test_attributes_of_a_practice(reading):
    rows = reading.rows("profile", area_code="A81001", month_no=month_no("2023-03"))
    assert {r["attribute"]: r["word"] or r["number"] for r in rows} == {
        "weighted_patients": 4579.78,
        "payment_per_weighted_patient": 157.31,
        "dispensing": 0,
        "contract_type": "GMS",
        "rural": 0,
    }


def test_the_patients_that_a_payment_is_for_are_the_file_s_own(reading):
    """No list of the month needs to be loaded beside it."""
    for attribute in ("weighted_patients", "payment_per_weighted_patient"):
        assert reading.row("profile", area_code="A81001", attribute=attribute)["patients"] == 4029.25


def test_a_practice_without_patients_has_no_payment_for_each(reading):
    attributes = {r["attribute"] for r in reading.rows("profile", area_code="F83027")}
    assert attributes == {"contract_type", "rural"}  # dispensing is "Unknown"
    assert reading.reasons == {"no weighted patients: none is given or it is zero": 7}
    assert reading.rows_read == 18


def test_organisations_keep_dates_and_no_street(reading):
    row = reading.row("organisations", area_code="F83027")
    assert (row["opened"], row["closed"], row["status"]) == ("1974-04-01", "2023-02-28", "closed")
    assert reading.row("organisations", area_code="A81004")["postcode"] == "TS5 8SB"  # printed "TS5  8SB"
    assert not any(
        "LAWSON STREET" in str(value) for rows in reading.tables.values() for r in rows for value in r.values()
    )


def test_the_column_named_code_is_the_network(reading):
    assert {r["parent"] for r in reading.rows("memberships", child="A81001")} == {"16C", "U89141"}


def test_an_extract_must_name_its_year(read_source, tmp_path):
    with pytest.raises(Refused, match="does not say which year's payments"):
        read_source(shutil.copy(SAMPLES / "payments_22-23.csv", tmp_path / "payments.csv"))


def test_the_first_layout_has_neither_networks_nor_rurality(read_source, tmp_path):
    path = tmp_path / "14-15.csv"
    path.write_text(
        "NHS England (Region) code,CCG Code,CCG NAME,Practice Code,Practice Name,Practice Address,Practice Postcode,"
        "Practice Open Date,Practice Close Date,Contract Type,Dispensing Practice,Quarter used for patient data,"
        "Number of Registered Patients (Last Known Figure),Number of Weighted Patients (Last Known Figure),"
        "Average payments per registered patient,Average payments per weighted patient\n"
        'Y54,00K,NHS A CCG,Y99001,A SURGERY,1 ROAD,ZZ99 3AZ,01/04/1974,,PMS,Yes,3,"4,000","4,100.5",150,146.3\n'
    )
    reading = read_source(path)
    assert {r["month_no"] for r in reading.tables["profile"]} == {month_no("2015-03")}
    assert reading.row("profile", attribute="weighted_patients")["number"] == 4100.5
    assert [r["parent"] for r in reading.tables["memberships"]] == ["00K"]
