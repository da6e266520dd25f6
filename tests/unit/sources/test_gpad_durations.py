"""Recorded lengths by sub-ICB location and day."""

import datetime

SAMPLE = "gpad_durations.csv"


def test_days_bands_and_codes(read_source):
    reading = read_source(SAMPLE)
    assert reading.sources == ["gpad_durations"]
    assert (reading.rows_read, reading.rows_kept) == (22, 22)
    rows = reading.tables["appointment_durations"]
    assert sum(row["n"] for row in rows) == 63_082
    assert (rows[0]["duration_band"], rows[0]["n"]) == ("31-60 Minutes", 364)
    assert rows[0]["day_no"] == (datetime.date(2021, 12, 1) - datetime.date(1970, 1, 1)).days  # written 01-Dec-21
    assert reading.row("aliases", area_code="W2U3Z")["alias"] == "E38000256"
    assert reading.row("memberships", child="00L")["parent"] == "E54000050"


def test_upper_case_headers_and_dates_without_dashes(read_source, tmp_path):
    path = tmp_path / "durations.csv"
    path.write_text(
        "SUB_ICB_LOCATION_CODE,Appointment_Date,ACTUAL_DURATION,COUNT_OF_APPOINTMENTS\n"
        "00L,01DEC2021,Unknown / Data Issue,3\n",
        encoding="utf-8",
    )
    assert read_source(path).row("appointment_durations")["duration_band"] == "Unknown / Data Quality"


def test_refusals(read_source, with_lines):
    start = "00L,E38000130,NHS North East and North Cumbria ICB - 00L,E54000050,E40000012"
    path = with_lines(SAMPLE, f"{start},01-Dec-21,61-90 Minutes,4", f"{start},32-Dec-21,1-5 Minutes,4")
    assert read_source(path).reasons == {
        "the duration '61-90 Minutes' is not one that is published": 1,
        "the date '32-Dec-21' is not one that is published": 1,
    }
