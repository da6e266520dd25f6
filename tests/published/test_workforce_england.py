"""England's general practice workforce, fully qualified permanent GPs: as the analysts who joined the years count them."""

import pytest

GP_FTE = {"2016-03": 27372, "2024-03": 26561}


@pytest.mark.parametrize("period", GP_FTE)
def test_practices_sum_to_the_published_number_of_gps(period, ask_rows, month):
    sql = f"SELECT sum(gp_fte) FROM loaded WHERE month_no = {month(period)}"
    ((fte,),) = ask_rows("workforce_yearly", "workforce", sql)
    assert int(fte) == GP_FTE[period]


@pytest.mark.parametrize("period", GP_FTE)
def test_the_stored_rate_has_that_numerator(period, stored):
    assert int(stored("gp_fte_per_10000", period).numerator) == GP_FTE[period]


def test_more_patients_and_fewer_gps(stored):
    first, last = (stored("patients_per_gp", period).value for period in GP_FTE)
    assert (round(first), round(last)) == (1983, 2351)


def test_a_practice_without_valid_data_is_missing_not_without_staff(ask_rows, month):
    sql = f"SELECT count(*), count(gp_fte) FROM loaded WHERE month_no = {month('2024-03')}"
    assert ask_rows("workforce_yearly", "workforce", sql) == [(6371, 6323)]
