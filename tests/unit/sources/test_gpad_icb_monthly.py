"""Months by integrated care board."""

from collections import Counter

from openpractice.kinds import month_no

SAMPLE = "gpad_icb_monthly.csv"


def test_rows_that_look_alike_are_all_kept(read_source):
    reading = read_source(SAMPLE)
    assert reading.sources == ["gpad_icb_monthly"]
    assert (reading.rows_read, reading.rows_kept) == (57, 57)
    rows = reading.tables["appointments"]
    assert sum(row["n"] for row in rows) == 266_826
    keys = Counter(tuple(v for k, v in row.items() if k not in ("n", "line")) for row in rows)
    assert max(keys.values()) == 4  # sub-ICB locations under their board's code, two of them with equal counts
    assert reading.parts[0].complete


def test_values(read_source):
    first, *_, last = read_source(SAMPLE).tables["appointments"]
    assert (first["area_code"], first["level"], first["month_no"]) == ("E54000034", "icb", month_no("2020-01"))
    assert (first["booking_lag"], first["n"], first["line"]) == ("1 Day", 8107, 2)
    assert last["month_no"] == month_no("2022-06")
    assert last["appt_mode"] == "Video Conference/Online"
    assert last["national_category"] is None


def test_refusals(read_source, with_lines):
    path = with_lines(
        SAMPLE,
        "E54000034,2020-13,Attended,GP,Telephone,1 Day,1",
        ",2020-01,Attended,GP,Telephone,1 Day,1",
        "E54000034,2020-01,Attended,GP,Telephone,Some Day,1",
        "E54000034,2020-01,Attended,GP,Telephone,1 Day,",
        "E54000034,2020-01,Attended,GP",
    )
    assert read_source(path).reasons == {
        "the month '2020-13' is not one that is published": 1,
        "the integrated care board is blank": 1,
        "the booking lag 'Some Day' is not one that is published": 1,
        "the count is missing or suppressed": 1,
        "the line has more or fewer fields than the header": 1,
    }
