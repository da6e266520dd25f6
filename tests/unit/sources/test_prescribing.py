from openpractice.kinds import month_no


def test_items_of_practices_and_not_of_the_unidentified(read_source):
    reading = read_source("prescribing.csv")
    row = reading.row("prescribing", area_code="A81001")
    assert (row["month_no"], row["antibiotic_items"], row["all_items"]) == (month_no("2025-11"), 129, 8795)
    assert reading.refusals == [("the prescriber was not identified", 6, "line 2")]
    assert reading.rows_read == 8
