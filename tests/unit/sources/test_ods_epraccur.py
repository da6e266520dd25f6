"""epraccur in its three layouts."""

from openpractice.kinds import month_no


def test_letters_and_prescribing_settings(read_source):
    reading = read_source("ods_epraccur_2023.csv")
    assert reading.sources == ["ods_epraccur"]
    assert (reading.rows_read, reading.rows_kept) == (57, 14)
    open_practice = reading.row("organisations", area_code="A81001")
    assert (open_practice["name"], open_practice["postcode"]) == ("THE DENSHAM SURGERY", "TS18 1HU")
    assert (open_practice["opened"], open_practice["closed"], open_practice["status"]) == ("1974-04-01", None, "active")
    closed = reading.row("organisations", area_code="A81003")
    assert (closed["closed"], closed["status"]) == ("2017-10-31", "closed")
    assert {row["status"] for row in reading.tables["organisations"]} == {"active", "closed", "dormant"}


def test_a_practice_belongs_from_the_day_it_joined_to_the_day_it_left(read_source):
    reading = read_source("ods_epraccur_2023.csv")
    (joined,) = reading.rows("memberships", child="A81001")
    assert (joined["parent"], joined["as_of"]) == ("16C", month_no("2020-04"))
    stays = [(m["parent"], m["as_of"]) for m in reading.rows("memberships", child="A81003")]
    assert stays == [("00K", month_no("2013-04")), (None, month_no("2017-11"))]


def test_others_are_refused_by_what_they_are(read_source):
    reasons = read_source("ods_epraccur_2023.csv").reasons
    assert reasons["a practice in Wales"] == 1
    assert reasons["not a GP practice (care home or nursing home)"] == 3
    assert reasons["not a GP practice (prison)"] == 2
    assert sum(reasons.values()) == 43


def test_words_and_roles(read_source, tmp_path):
    """Layout of February 2026: the first line is real, the others are made from it."""
    line = (
        "A81001,THE DENSHAM SURGERY,Y63,QHM,HEALTH CENTRE,LAWSON STREET,,STOCKTON-ON-TEES,,TS18 1HU,19740401,,{},B,16C,"
        "20200401,,01642 672351,,,,1,,16C,,{},\n"
    )
    path = tmp_path / "epraccur.csv"
    path.write_text(
        line.format("ACTIVE", "RO76")
        + line.format("INACTIVE", "RO76").replace("A81001", "A81002")
        + line.format("DORMANT", "RO76").replace("A81001", "A81003")
        + line.format("ACTIVE", "RO80").replace("A81001", "A81004")
        + line.format("PROPOSED", "RO76").replace("A81001", "A81006")
        + line.format("RETIRED", "RO76").replace("A81001", "A81005"),
        encoding="utf-8",
    )
    reading = read_source(path)
    assert [row["status"] for row in reading.tables["organisations"]] == ["active", "closed", "dormant", "proposed"]
    assert {row["as_of"] for row in reading.tables["organisations"]} == {month_no("2020-04")}
    assert reading.reasons == {
        "not a GP practice (role RO80)": 1,
        "the status 'RETIRED' is not one that is published": 1,
    }


def test_the_cut_down_of_2018(read_source):
    reading = read_source("ods_epraccur_2018.csv")
    assert reading.sources == ["ods_epraccur"]
    assert (reading.rows_read, reading.rows_kept) == (28, 21)
    row = reading.row("organisations", area_code="A81003")
    assert (row["status"], row["opened"], row["as_of"]) == ("dormant", None, month_no("2018-04"))
    assert reading.row("memberships", child="A81001")["parent"] == "00K"
