"""Codes that another practice took over."""

SAMPLE = "practice_succession.csv"


def test_only_codes_that_changed_are_aliases(read_source):
    reading = read_source(SAMPLE)
    assert reading.sources == ["practice_succession"]
    assert (reading.rows_read, reading.rows_kept) == (20, 4)
    assert {(row["alias"], row["area_code"]) for row in reading.tables["aliases"]} == {
        ("A81003", "A81044"),
        ("A81008", "A81042"),
        ("A81015", "A81042"),
        ("F81742", "Y00999"),
    }
    assert {row["kind"] for row in reading.tables["aliases"]} == {"succeeded"}
    assert reading.reasons == {"the practice kept its code": 14, "the previous code is still in use": 2}


def test_several_codes_in_a_cell_and_what_is_refused(read_source, with_lines):
    dates = "01/04/2013,01/04/2022,01/04/2013,01/04/2022"
    path = with_lines(
        SAMPLE,
        f'A81099,"A81090, A81091",{dates}',
        f"A81098,A81080,{dates}",
        f"A81097,A81080,{dates}",
        f"A81096,none,{dates}",
    )
    reading = read_source(path)
    assert {row["alias"] for row in reading.rows("aliases", area_code="A81099")} == {"A81090", "A81091"}
    assert (reading.rows_read, reading.rows_kept) == (24, 5)  # a line counts once, however many codes it holds
    assert reading.reasons["the previous code has more than one successor"] == 2
    assert reading.reasons["the previous code is not one of a practice in England"] == 1
