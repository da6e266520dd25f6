from openpractice.kinds import month_no


def test_the_main_system_is_kept(read_source):
    reading = read_source("it_systems.csv")
    row = reading.row("profile", area_code="H81031")  # MEDICUS/EMIS
    assert (row["attribute"], row["word"], row["number"]) == ("it_system", "MEDICUS", None)
    assert row["month_no"] == month_no("2025-12")
    assert (reading.rows_read, reading.refusals) == (10, [])


def test_a_branch_code_is_refused(read_source, tmp_path):
    path = tmp_path / "systems.csv"
    path.write_text("GP_ODS_CODE,GP_NAME,GP_GPAD_SYSTEMS,GP_SYSTEM\nY99001001,A BRANCH,TPP,TPP\nY99001,A,TPP,\n")
    assert read_source(path).reasons == {"not a practice code": 1, "no system is named": 1}
