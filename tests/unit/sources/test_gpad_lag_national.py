"""England by booking lag."""

from openpractice.kinds import month_no

SAMPLE = "gpad_lag_national.csv"


def test_counts_by_lag(read_source):
    reading = read_source(SAMPLE)
    assert reading.sources == ["gpad_lag_national"]
    assert (reading.rows_read, reading.rows_kept) == (24, 24)
    first = reading.rows("appointments", month_no=month_no("2017-11"))
    assert sum(row["n"] for row in first) == 24_754_867  # the file's own total
    assert reading.row("appointments", month_no=month_no("2017-11"), booking_lag="Same Day")["n"] == 10_152_400
    assert len(reading.rows("appointments", booking_lag="Unknown / Data Quality")) == 3  # once Unknown / Data Issue
    assert reading.parts[0].carries == ("booking_lag",)


def test_refusals(read_source, with_lines):
    path = with_lines(
        SAMPLE, '"601",Sometime,"1 Day",5,10,0.5', '"602",Jan 2024,"Never",5,10,0.5', '"603",Jan 2024,"1 Day",-5,10,0.5'
    )
    assert read_source(path).reasons == {
        "the month 'Sometime' is not one that is published": 1,
        "the booking lag 'Never' is not one that is published": 1,
        "the count '-5' is below nought": 1,
    }
