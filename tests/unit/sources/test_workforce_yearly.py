from openpractice.kinds import month_no


def test_a_year_ends_in_march(read_source):
    reading = read_source("workforce_yearly.csv")
    row = reading.row("workforce", area_code="A81001", month_no=month_no("2024-03"))
    staff = ("patients", "gp_fte", "gp_locum_trainee_fte", "nurse_fte", "dpc_fte", "admin_fte", "estimated")
    assert [row[name] for name in staff] == [3939.2, 2, 1.8, 0.5, 0.4, 7.3, None]


def test_missing_is_not_zero(read_source):
    reading = read_source("workforce_yearly.csv")
    row = reading.row("workforce", area_code="A81038")
    assert (row["nurse_fte"], row["gp_locum_trainee_fte"]) == (None, 0)
    assert reading.refusals == [("no staff group has valid data", 1, "line 20")]
    assert reading.rows_read == 20


def test_the_variant_with_administrative_roles(read_source):
    reading = read_source("workforce_yearly_admin.csv")
    row = reading.row("workforce", area_code="Y99001")
    assert (row["gp_fte"], row["admin_fte"], row["nurse_fte"]) == (2.1, 6.5, None)
    assert reading.reasons == {"no staff group has valid data": 1}
