"""The national tables set out long: a part a section, shares and footnotes refused, the later edition believed."""

from openpractice.kinds import month_no

SAMPLE = "gpad_national.csv"
CUTS = ("appt_status", "hcp_type", "appt_mode", "national_category", "booking_lag")
JULY, DECEMBER = month_no("2023-07"), month_no("2025-12")


def test_the_cuts_of_a_month_agree(read_source):
    reading = read_source(SAMPLE)
    assert reading.sources == ["gpad_national"]
    rows = reading.tables["appointments"]
    for month, total in ((JULY, 27_758_901), (DECEMBER, 30_865_103)):
        for cut in CUTS:
            of_cut = [row["n"] for row in rows if row["month_no"] == month and row[cut] is not None]
            assert sum(of_cut) == total, (cut, month)
        (whole,) = [row["n"] for row in rows if row["month_no"] == month and all(row[cut] is None for cut in CUTS)]
        assert whole == total


def test_the_words(read_source):
    reading = read_source(SAMPLE)
    july = {row["appt_mode"]: row["n"] for row in reading.rows("appointments", month_no=JULY) if row["appt_mode"]}
    assert july == {
        "Face-to-Face": 18_854_820,
        "Home Visit": 275_351,
        "Telephone": 7_439_271,
        "Video Conference/Online": 540_342,
        "Unknown": 649_117,  # 'Unknown Mode5' of the later edition, not 'Unknown Mode6' of the earlier
    }
    assert reading.row("appointments", month_no=JULY, appt_status="DNA")["n"] == 1_227_296
    assert reading.row("appointments", month_no=DECEMBER, national_category="Unmapped")["n"] > 0


def test_each_part_carries_its_own_category(read_source):
    carried = [part.carries for part in read_source(SAMPLE).parts if part.table.name == "appointments"]
    assert carried == [("appt_status",), ("hcp_type",), ("appt_mode",), ("national_category",), ("booking_lag",), ()]


def test_coverage_is_one_row_a_month(read_source):
    row = read_source(SAMPLE).row("coverage", month_no=DECEMBER)
    assert (row["practices_included"], row["practices_open"]) == (6_145, 6_210)
    assert (row["patients_included"], row["patients_open"]) == (63_861_694, 63_939_909)


def test_every_line_is_accounted_for(read_source):
    reading = read_source(SAMPLE)
    assert (reading.rows_read, reading.rows_kept) == (384, 81)
    assert reading.reasons == {
        "a printed share; shares are recomputed from counts": 122,
        "restated by the later edition": 43,
        "the count is missing or suppressed": 38,  # February 2021 has no national categories
        "a breakdown by SDS Role Group, published for England only, which is not kept": 30,
        "a breakdown by Service Setting, published for England only, which is not kept": 30,
        "a breakdown by Context Type, published for England only, which is not kept": 6,
        "carried by the line of its month that counts the practices included": 9,
        "a footnote, not a figure": 9,
        "counts covid vaccinations, which are not appointments here": 8,
        "a line of the layout, without a count": 3,
        "working days come from the calendar": 3,
        "an estimate, not a count": 2,
    }


def test_refusals(read_source, with_lines):
    path = with_lines(
        SAMPLE,
        "Appointment Mode4,Pigeon,Dec-25,12.0,2025-12-01",
        "Appointment Mode4,Telephone,some day,12.0,some day",
        "Weather,Rain,Dec-25,12.0,2025-12-01",
    )
    reasons = read_source(path).reasons
    assert reasons["the category 'Pigeon' is not one that is published"] == 1
    assert reasons["the month 'some day' is not one that is published"] == 1
    assert reasons["the section 'Weather' is not one that is published"] == 1
