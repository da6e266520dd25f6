"""Short lookups of integrated care boards."""

from openpractice.kinds import month_no


def test_ccgs_to_boards(read_source):
    reading = read_source("icb_lookups_ccgs.csv")
    assert reading.sources == ["icb_lookup_ccgs"]
    assert (reading.rows_read, reading.rows_kept) == (9, 8)
    assert reading.reasons == {"not the code of a CCG": 1}  # 'n/a not SBS client at present'
    assert reading.row("memberships", child="W2U3Z")["parent"] == "QRV"
    assert reading.row("organisations", area_code="QHM")["as_of"] == month_no("2022-07")


def test_boards_to_regions(read_source):
    reading = read_source("icb_lookups_regions.csv")
    assert reading.sources == ["icb_lookup_regions"]
    assert (reading.rows_read, reading.rows_kept) == (43, 42)
    assert reading.reasons == {"not an integrated care board": 1}  # '-', UNIDENTIFIED
    assert reading.row("memberships", child="QYG")["parent"] == "Y62"
    assert len(reading.tables["memberships"]) == 42
