"""Days by sub-ICB location, in the official layout and in one area's extract."""

import datetime

import pytest

from openpractice.kinds import month_no

SAMPLE = "gpad_daily.csv"


def test_one_area_over_six_years_of_changing_words(read_source):
    reading = read_source(SAMPLE)
    assert reading.sources == ["gpad_daily"]
    assert (reading.rows_read, reading.rows_kept) == (31, 31)
    rows = reading.tables["appointments"]
    assert sum(row["n"] for row in rows) == 10_384
    assert rows[0]["n"] == 425  # written 425.0
    assert rows[0]["day_no"] == (datetime.date(2017, 11, 1) - datetime.date(1970, 1, 1)).days
    assert rows[0]["hcp_type"] == "Unknown"  # written HCP Type Not Provided
    assert sum(row["appt_status"] == "Unknown" for row in rows) == 5  # four of them Appt Status Not Provided
    assert sum(row["appt_mode"] == "Video Conference/Online" for row in rows) == 3
    assert {o["name"]: o["as_of"] for o in reading.tables["organisations"]} == {
        "NHS Wakefield CCG": month_no("2018-03"),
        "NHS West Yorkshire ICB - 03R": month_no("2023-10"),
    }


@pytest.mark.parametrize(
    ("area", "parents"),
    [
        ("SUB_ICB_LOCATION_CODE,SUB_ICB_LOCATION_ONS_CODE,SUB_ICB_LOCATION_NAME,ICB_ONS_CODE,REGION_ONS_CODE", ["E5"]),
        ("CCG_CODE,CCG_ONS_CODE,CCG_NAME,STP_ONS_CODE,REGION_ONS_CODE", ["E5"]),
    ],
)
def test_the_official_layouts(read_source, tmp_path, area, parents):
    path = tmp_path / "CCG_CSV_Dec_21.csv"
    path.write_text(
        f"{area},Appointment_Date,APPT_STATUS,HCP_TYPE,APPT_MODE,TIME_BETWEEN_BOOK_AND_APPT,COUNT_OF_APPOINTMENTS\n"
        "00L,E38000130,Northumberland,E54000050,E40000012,01DEC2021,Attended,GP,Telephone,22  to 28 Days,12\n",
        encoding="utf-8",
    )
    reading = read_source(path)
    row = reading.row("appointments")
    assert row["day_no"] == (datetime.date(2021, 12, 1) - datetime.date(1970, 1, 1)).days
    assert (row["month_no"], row["booking_lag"]) == (month_no("2021-12"), "22 to 28 Days")
    assert [m["parent"][:2] for m in reading.tables["memberships"]] == parents


def test_refusals(read_source, with_lines):
    path = with_lines(
        SAMPLE,
        "03R,NHS Wakefield CCG,2019-02-30,Attended,GP,Telephone,1 Day,5.0",
        "03R,NHS Wakefield CCG,2019-02-28,Attended,GP,Telephone,1 Day,NA",
    )
    assert read_source(path).reasons == {
        "the date '2019-02-30' is not one that is published": 1,
        "the count is missing or suppressed": 1,
    }
