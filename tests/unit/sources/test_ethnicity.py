import pytest

from openpractice.kinds import month_no


def test_a_share_is_a_fraction_of_the_list(read_source):
    reading = read_source("ethnicity.csv")
    row = reading.row("profile", area_code="A81001")
    assert (row["attribute"], row["month_no"]) == ("non_white_share", month_no("2021-03"))
    assert row["number"] == pytest.approx(0.192147183419442)
    assert reading.refusals == [("no share is given", 1, "line 10")]
    assert reading.rows_read == 9
