"""Quality and Outcomes Framework files, which seldom say which year they are about."""

import shutil
from pathlib import Path

import pytest

from openpractice.kinds import Refused, month_no

SAMPLES = Path(__file__).parents[2] / "data" / "sources"


def renamed(tmp_path, sample, name):
    return shutil.copy(SAMPLES / sample, tmp_path / name)


def test_2017_18_says_all_ages(read_source, tmp_path):
    reading = read_source(renamed(tmp_path, "qof_2017-18.csv", "anything.csv"))
    row = reading.row("qof_achievement", area_code="B82053")
    assert (row["month_no"], row["points"], row["points_available"]) == (month_no("2018-03"), 555.9, 559)
    assert reading.refusals == [("no points are given", 1, "line 29")]  # a colon
    assert reading.rows_read == 28


def test_2018_19_has_local_offices(read_source):
    reading = read_source("qof_achievement_local_offices.csv")
    assert reading.row("qof_achievement", area_code="E83600")["points"] == 511.77
    assert {r["month_no"] for r in reading.tables["qof_achievement"]} == {month_no("2019-03")}


def test_since_2021_22_the_name_must_say(read_source, tmp_path):
    assert read_source("qof_2021-22.csv").row("qof_achievement", area_code="A84006") == {
        "area_code": "A84006",
        "level": "practice",
        "month_no": month_no("2022-03"),
        "points": 587.85,
        "points_available": 635,
        "line": 2,
        "refusal": None,
    }
    later = read_source(renamed(tmp_path, "qof_2021-22.csv", "QOF 2022-23.csv"))
    assert {r["month_no"] for r in later.tables["qof_achievement"]} == {month_no("2023-03")}
    with pytest.raises(Refused, match="does not say which year's"):
        read_source(renamed(tmp_path, "qof_2021-22.csv", "achievement.csv"))


def test_a_header_with_line_breaks(read_source, tmp_path):
    path = tmp_path / "qof.csv"
    path.write_text(
        '"CCG ODS code\n(practice parent)",PCN ODS code,"Practice\ncode","Achievement\nscore (559 max)",'
        '"Total points for indicators where register exists. \n(Max QOF points available)"\n'
        "16C,U89141,Y99001,500,559\n"
    )
    row = read_source(path).row("qof_achievement")
    assert (row["month_no"], row["points"]) == (month_no("2020-03"), 500)


def test_registers_keep_the_list_they_are_drawn_from(read_source, tmp_path):
    reading = read_source("qof_PREVALENCE_2021_v2.csv")
    asthma = reading.row("qof_prevalence", area_code="A81001", condition="AST")
    assert (asthma["register"], asthma["eligible"], asthma["month_no"]) == (333, 3852, month_no("2021-03"))
    assert reading.row("qof_prevalence", condition="AF")["eligible"] == 4098
    assert (reading.rows_read, reading.refusals) == (21, [])
    with pytest.raises(Refused, match="does not say which year's registers"):
        read_source(renamed(tmp_path, "qof_PREVALENCE_2021_v2.csv", "registers.csv"))


def test_cardiovascular_registers_are_whole_numbers(read_source):
    reading = read_source("qof_cardiovascular.csv")
    row = reading.row("qof_prevalence", area_code="A84006", condition="AF")
    assert (row["register"], row["eligible"], row["month_no"]) == (683, 18846, month_no("2024-03"))
    assert {r["condition"] for r in reading.tables["qof_prevalence"]} == {"AF", "CHD", "HF", "HYP", "PAD", "STIA"}
    assert reading.reasons == {"no prevalence is given": 1, "not a practice code": 1}
    assert reading.rows_read == 8


def test_a_prevalence_that_is_not_of_whole_patients_is_refused(read_source, tmp_path):
    path = tmp_path / "QOF.csv"
    text = (SAMPLES / "qof_cardiovascular.csv").read_text().replace("3.62411121723443", "3.62")
    path.write_text(text)
    assert read_source(path).reasons["the prevalence does not give a whole number of patients"] == 1


def test_dementia_by_year(read_source):
    reading = read_source("qof_dementia.csv")
    row = reading.row("qof_prevalence", area_code="A81001", month_no=month_no("2010-03"))
    assert (row["condition"], row["register"], row["eligible"]) == ("DEM", 38, 4164)
    assert reading.row("qof_prevalence", area_code="ENG", month_no=month_no("2010-03"))["register"] == 249_463
    assert reading.reasons == {"England is printed twice": 2}
