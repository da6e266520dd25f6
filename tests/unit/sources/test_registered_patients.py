"""List sizes in the two layouts that gp-reg-pat-prac-all has had."""

from openpractice.kinds import month_no


def test_the_layout_of_today(read_source):
    reading = read_source("registered_patients_jan26.csv")
    row = reading.row("list_size", area_code="A81001")
    assert (row["month_no"], row["patients"], row["level"]) == (month_no("2026-01"), 3749, "practice")
    assert reading.row("organisations", area_code="A81001")["postcode"] == "TS18 1HU"
    assert reading.row("memberships", child="A81001")["parent"] == "16C"
    assert reading.row("aliases", area_code="16C")["alias"] == "E38000247"
    assert (reading.rows_read, reading.refusals) == (43, [])


def test_the_layout_with_ccgs(read_source):
    reading = read_source("registered_patients_jan21.csv")
    row = reading.row("list_size", area_code="A84002")
    assert (row["month_no"], row["patients"]) == (month_no("2021-01"), 5903)
    assert reading.row("memberships", child="A84002")["parent"] == "00L"


def test_an_extract_of_some_practices_does_not_speak_for_england(read_source):
    reading = read_source("registered_patients_jan26.csv")
    assert not any(part.complete for part in reading.parts)


def test_rows_that_are_not_a_practice_s_whole_list(read_source, tmp_path):
    path = tmp_path / "some.csv"
    path.write_text(
        "PUBLICATION,EXTRACT_DATE,TYPE,CCG_CODE,ONS_CCG_CODE,CODE,POSTCODE,SEX,AGE,NUMBER_OF_PATIENTS\n"
        "GP_PRAC_PAT_LIST,01JAN2021,GP,00L,E38000130,Y99001,ZZ99 3AZ,ALL,ALL,100\n"
        "GP_PRAC_PAT_LIST,01JAN2021,GP,00L,E38000130,Y99001,ZZ99 3AZ,MALE,ALL,40\n"
        "GP_PRAC_PAT_LIST,01JAN2021,CCG,00L,E38000130,00L,,ALL,ALL,100\n"
        "GP_PRAC_PAT_LIST,01JAN2021,GP,00L,E38000130,Y99002,ZZ99 3AZ,ALL,ALL,*\n"
        "GP_PRAC_PAT_LIST,01JAN2021,GP,00L,E38000130,Y99001,ZZ99 3AZ,ALL,ALL,100\n"
    )
    reading = read_source(path)
    assert reading.reasons == {
        "one sex or one age, not the whole list": 1,
        "not a practice code": 1,
        "no number of patients": 1,
        "the practice is printed twice": 1,
    }
    assert reading.rows_kept == 1
