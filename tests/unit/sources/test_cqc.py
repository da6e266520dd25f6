def test_a_rating_stands_until_the_latest_year_and_keeps_its_own(read_source):
    reading = read_source("cqc.csv")
    row = reading.row("cqc_ratings", area_code="A81004")
    assert (row["rating"], row["month_no"], row["rated"]) == ("Good", reading.rows("cqc_ratings")[0]["month_no"], 2018)
    assert [r["rated"] for r in reading.rows("cqc_ratings", area_code="C84005")] == [2018]
    assert reading.reasons == {"not a practice code": 1, "an earlier rating of the same practice": 1}
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
