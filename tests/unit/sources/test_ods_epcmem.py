"""Practice membership of CCGs over time."""

from openpractice.kinds import month_no


def test_ccgs_are_kept_and_older_bodies_refused_by_kind(read_source):
    reading = read_source("ods_epcmem.csv")
    assert reading.sources == ["ods_epcmem"]
    assert (reading.rows_read, reading.rows_kept) == (40, 10)
    assert reading.reasons == {
        "a primary care trust, abolished in 2013": 12,
        "a primary care group, abolished by 2003": 11,
        "a care trust, no commissioner since 2013": 4,
        "a practice in Wales": 3,
    }


def test_a_stay_that_ended_ends_the_membership(read_source):
    reading = read_source("ods_epcmem.csv")
    (still,) = reading.rows("memberships", child="A81001")
    assert (still["parent"], still["as_of"]) == ("00K", month_no("2013-04"))
    over = [(m["parent"], m["as_of"]) for m in reading.rows("memberships", child="A81003")]
    assert over == [("00K", month_no("2013-04")), (None, month_no("2017-11"))]


def test_a_practice_that_moved_has_no_gap(read_source, with_lines):
    path = with_lines(
        "ods_epcmem.csv",
        '"B81001","03F","W","20130401","20150331","0"',
        '"B81001","03K","W","20150401","","0"',
        '"B81002","03F","W","20159901","","0"',
        '"B81002","ZZZ","W","20150101","","0"',
    )
    reading = read_source(path)
    moved = [(m["parent"], m["as_of"]) for m in reading.rows("memberships", child="B81001")]
    assert moved == [("03F", month_no("2013-04")), ("03K", month_no("2015-04"))]
    assert reading.reasons["the start date '20159901' cannot be read"] == 1
    assert reading.reasons["the parent 'ZZZ' is not the code of a CCG"] == 1
