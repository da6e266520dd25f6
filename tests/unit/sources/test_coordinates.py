def test_places_and_a_postcode_found_on_another_continent(read_source):
    reading = read_source("coordinates.parquet")
    assert reading.row("profile", area_code="A81001", attribute="latitude")["number"] == 54.5615859
    assert reading.row("profile", area_code="A81001", attribute="longitude")["number"] == -1.3187447
    assert reading.reasons == {"the place is outside England": 3}
    assert reading.rows_read == 5
