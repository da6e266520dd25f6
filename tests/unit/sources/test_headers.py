"""Names of columns, from what publishers print above them."""

from openpractice.sources.headers import column_name, column_names, flatten_header


def test_names_of_columns():
    assert column_name("Ended during the IVR Stage [4]") == "ended_during_the_ivr_stage"
    assert column_name("65OV%") == "65ov_pct"
    assert column_names(["Code", "", "Code"]) == ("code", "column_2", "code_2")
    assert flatten_header([["", "Wait", "", "Length"], ["Code [1]", "Under 1", "Over 1", "Under 1"]]) == (
        "code",
        "wait_under_1",
        "wait_over_1",
        "length_under_1",
    )
