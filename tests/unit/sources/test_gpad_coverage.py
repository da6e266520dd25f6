"""Coverage of the appointment publication."""

from openpractice.kinds import month_no

SAMPLE = "gpad_coverage.csv"


def test_months_are_the_files_own(read_source):
    reading = read_source(SAMPLE)
    assert reading.sources == ["gpad_coverage"]
    assert (reading.rows_read, reading.rows_kept) == (60, 60)
    row = reading.row("coverage", area_code="00L", month_no=month_no("2020-08"))
    assert (row["practices_included"], row["practices_open"]) == (40, 40)
    row = reading.row("coverage", area_code="W2U3Z", month_no=month_no("2023-01"))
    assert (row["practices_included"], row["practices_open"]) == (347, 349)
    assert (row["patients_included"], row["patients_open"]) == (2_824_007, 2_825_743)
    assert reading.row("memberships", child="00L")["parent"] == "E54000050"
    assert reading.row("memberships", child="E54000027")["parent"] == "E40000003"


def test_refusals(read_source, with_lines):
    path = with_lines(
        SAMPLE,
        "00L,E54000050,E40000012,AUGUST,40,40,1,1",
        "00L,E54000050,E40000012,01AUG2023,41,40,1,1",
        "00L,E54000050,E40000012,01SEP2023,40,40,*,1",
    )
    assert read_source(path).reasons == {
        "the month 'AUGUST' is not one that is published": 1,
        "more practices are included than are open": 1,
        "the count is missing or suppressed": 1,
    }
