"""Registered patients by age, whose publishers agree on neither bands nor dates."""

from pathlib import Path

import pytest

from openpractice.kinds import Refused, month_no

SAMPLES = Path(__file__).parents[2] / "data" / "sources"


def bands(reading, practice, **more):
    rows = reading.rows("list_ages", area_code=practice, **more)
    return {(r["age_from"], r["age_to"]): r["patients"] for r in rows}


def test_five_year_bands_and_printed_totals(read_source):
    reading = read_source("registered_patients_ages_quin.csv")
    assert bands(reading, "Y99001", sex="Female") == {(0, 4): 30, (5, 9): 40, (95, 120): 2}
    assert bands(reading, "Y99001", sex="Male") == {(0, 4): 35}
    assert reading.row("list_size")["patients"] == 1000
    assert reading.reasons == {"a printed total": 1, "no number of patients": 1, "not a practice code": 1}
    assert reading.rows_read == 8


def test_single_years(read_source):
    reading = read_source("registered_patients_ages_single.csv")
    assert bands(reading, "Y99001", sex="Male") == {(0, 0): 7, (94, 94): 3, (95, 120): 4}
    assert bands(reading, "Y99001", sex="Female") == {(0, 0): 6}
    assert reading.reasons == {"a printed total": 1}


def test_one_sex_alone_is_not_a_list(read_source, tmp_path):
    path = tmp_path / "gp-reg-pat-prac-sing-age-male.csv"
    lines = (SAMPLES / "registered_patients_ages_single.csv").read_text().splitlines()
    path.write_text("\n".join(line for line in lines if ",FEMALE," not in line) + "\n")
    with pytest.raises(Refused, match="counts male patients only"):
        read_source(path)


def test_a_county_s_extract_with_a_broken_date(read_source):
    reading = read_source("registered_patients_ages_sussex.csv")
    assert {r["month_no"] for r in reading.tables["list_ages"]} == {month_no("2022-07")}  # "1st -Ju l-22"
    assert bands(reading, "G81001", sex="Female")[(0, 4)] == 192
    assert (95, 120) in bands(reading, "G81001", sex="Female")
    assert (reading.rows_read, reading.refusals) == (40, [])


def test_cuts_become_bands_that_do_not_overlap(read_source):
    reading = read_source("registered_patients_ages_apr20.csv")
    assert bands(reading, "A81001") == {
        (0, 15): 766,
        (16, 16): 38,
        (17, 17): 49,
        (18, 49): 1542,
        (50, 64): 766,
        (65, 120): 950,
    }
    assert reading.row("list_size", area_code="A81001")["patients"] == 4111 == sum(bands(reading, "A81001").values())
    assert reading.rows_read == 7


def test_nearly_nobody_is_nobody(read_source):
    assert bands(read_source("registered_patients_ages_apr20.csv"), "Y05412")[(65, 120)] == 0  # 0.0000001
    assert bands(read_source("registered_patients_ages_apr20_full.csv"), "F85711")[(65, 120)] == 0  # 0.0001


def test_cuts_that_contradict_each_other_keep_the_list_and_lose_the_bands(read_source, tmp_path):
    path = tmp_path / "cuts.csv"
    path.write_text("PRACTICE_CODE,TOTAL,16OV,17OV,18OV,30_74,50OV,0_64,65OV,65OV%\nY99001,9,8,8,8,4,2,6,3,0.3\n")
    reading = read_source(path)
    assert reading.tables["list_ages"] == []
    assert reading.row("list_size")["patients"] == 9
