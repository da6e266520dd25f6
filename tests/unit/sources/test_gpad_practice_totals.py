"""Two-month practice totals, kept as a month's average."""

from openpractice.kinds import month_no

SAMPLE = "gpad_practice_totals.csv"


def test_half_of_two_months(read_source):
    reading = read_source(SAMPLE)
    assert reading.sources == ["gpad_practice_totals"]
    assert (reading.rows_read, reading.rows_kept) == (19, 19)
    rows = {row["hcp_type"]: row for row in reading.rows("appointments", area_code="A81001")}
    assert rows["GP"]["n"] == 1089 / 2
    assert rows["Other Practice staff"]["n"] == (3041 - 1089) / 2
    assert {row["month_no"] for row in rows.values()} == {month_no("2026-02")}
    assert [part.counted for part in reading.parts] == [True, False]


def test_refusals(read_source, with_lines):
    path = with_lines(
        SAMPLE,
        "mar,A81001,1,1,1,1,1,1",
        "janfeb,A81001,1,1,1,1,1,2",
        "janfeb,A8100,1,1,1,1,1,1",
        "janfeb,A81001,1,1,,1,1,1",
    )
    assert read_source(path).reasons == {
        "the period 'mar' is not one that is published": 1,
        "GPs held more appointments than everyone together": 1,
        "the practice code 'A8100' is not one that is published": 1,
        "the count is missing or suppressed": 1,
    }
