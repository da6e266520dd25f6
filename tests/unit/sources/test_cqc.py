from openpractice.kinds import month_no


def test_the_overall_rating_is_dated_december(read_source):
    reading = read_source("cqc.csv")
    row = reading.row("cqc_ratings", area_code="A81004")
    assert (row["rating"], row["month_no"]) == ("Good", month_no("2018-12"))
    assert [r["month_no"] for r in reading.rows("cqc_ratings", area_code="C84005")] == [
        month_no("2016-12"),
        month_no("2018-12"),
    ]
    assert reading.refusals == [("not a practice code", 1, "line 10")]  # a site code
    assert reading.rows_read == 11


def test_ratings_are_spelt_one_way(read_source, tmp_path):
    path = tmp_path / "cqc.csv"
    path.write_text(
        "Practice.Code,Year,service_population_group,domain,latest_rating\n"
        "Y99001,2024,Overall,Overall,Requires Improvement\n"
        "Y99002,2024,Overall,Overall,No published rating\n"
        "Y99003,2024,Overall,Safe,Good\n"
    )
    reading = read_source(path)
    assert reading.row("cqc_ratings")["rating"] == "Requires improvement"
    assert reading.reasons == {"not one of the four ratings": 1, "not the overall rating": 1}
