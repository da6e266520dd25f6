"""Months by CCG (2019 to 2021) and by sub-ICB location (later)."""

from openpractice.kinds import month_no

SAMPLE = "gpad_ccg_monthly.csv"


def test_the_older_words_become_ours(read_source):
    reading = read_source(SAMPLE)
    assert reading.sources == ["gpad_ccg_monthly"]
    assert (reading.rows_read, reading.rows_kept) == (105, 105)
    rows = reading.tables["appointments"]
    assert sum(row["n"] for row in rows) == 45_689
    assert {row["month_no"] for row in rows} == {month_no("2019-03"), month_no("2021-08")}
    assert sum(row["appt_mode"] == "Video Conference/Online" for row in rows) == 32  # written Video/Online
    assert sum(row["booking_lag"] == "Unknown / Data Quality" for row in rows) == 13  # written Unknown / Data Issue
    assert rows[0]["booking_lag"] == "22 to 28 Days"  # written with two spaces
    assert (rows[0]["area_code"], rows[0]["level"], rows[0]["n"]) == ("06L", "sub_icb", 2427)
    assert not reading.parts[0].complete
    assert reading.parts[0].carries == ("appt_status", "hcp_type", "appt_mode", "booking_lag")


def test_names_parents_and_codes(read_source):
    reading = read_source(SAMPLE)
    assert reading.row("organisations", level="icb")["name"] == "Suffolk And North East Essex STP"
    assert reading.row("memberships", child="06L")["parent"] == "E54000023"
    assert reading.row("memberships", child="E54000023")["parent"] == "E40000007"
    assert reading.row("aliases", alias="E38000086")["area_code"] == "06L"


def test_a_later_vintage_has_other_headers(read_source, tmp_path):
    path = tmp_path / "Regional_CSV_Somerset.csv"
    path.write_text(
        "SUB_ICB_LOCATION_CODE,SUB_ICB_LOCATION_ONS_CODE,SUB_ICB_LOCATION_NAME,ICB_ONS_CODE,ICB_NAME,REGION_ONS_CODE,"
        "REGION_NAME,Appointment_Month,APPT_STATUS,HCP_TYPE,APPT_MODE,TIME_BETWEEN_BOOK_AND_APPT,COUNT_OF_APPOINTMENTS\n"
        "11X,E38000150,NHS Somerset ICB - 11X,E54000038,NHS Somerset Integrated Care Board,E40000006,South West,"
        "JUL2025,DNA,GP,Telephone,8  to 14 Days,31\n",
        encoding="utf-8",
    )
    row = read_source(path).row("appointments")
    assert (row["area_code"], row["month_no"], row["booking_lag"], row["n"]) == (
        "11X",
        month_no("2025-07"),
        "8 to 14 Days",
        31,
    )


def test_refusals(read_source, with_lines):
    start = "06L,E38000086,NHS Ipswich and East Suffolk CCG,E54000023,STP,E40000007,East of England"
    path = with_lines(
        SAMPLE,
        f"{start},MAY,Attended,GP,Telephone,Same Day,1",
        f"{start},MAY2019,Cancelled,GP,Telephone,Same Day,1",
        f"{start},MAY2019,Attended,GP,Telephone,Same Day,many",
    )
    assert read_source(path).reasons == {
        "the month 'MAY' is not one that is published": 1,
        "the status 'Cancelled' is not one that is published": 1,
        "the count 'many' is not a number": 1,
    }
