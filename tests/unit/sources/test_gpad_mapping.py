"""Mapping.csv of the crosstab."""

import zipfile
from pathlib import Path

from openpractice.kinds import month_no
from openpractice.sources.gpad_mapping import month_named

SAMPLES = Path(__file__).parents[2] / "data" / "sources"


def test_a_practice_a_line_and_its_parents(read_source):
    reading = read_source("gpad_mapping.csv")
    assert reading.sources == ["gpad_mapping"]
    assert (reading.rows_read, reading.rows_kept) == (23, 23)
    assert reading.row("organisations", area_code="U89141")["name"] == "STOCKTON PCN"
    parents = {(m["parent"], m["parent_level"]) for m in reading.rows("memberships", child="A81001")}
    assert parents == {("U89141", "pcn"), ("16C", "sub_icb")}
    assert reading.row("memberships", child="16C")["parent"] == "QHM"
    assert reading.row("memberships", child="QHM")["parent"] == "Y63"


def test_unallocated_is_no_network(read_source):
    reading = read_source("gpad_mapping.csv")
    assert [m["parent"] for m in reading.rows("memberships", child="A84035")] == ["00L"]
    assert not reading.rows("organisations", area_code="U")


def test_a_practice_on_two_lines_has_one_word_for_its_systems(read_source):
    reading = read_source("gpad_mapping.csv")
    assert len(reading.rows("organisations", area_code="A86027")) == 2
    assert reading.row("profile", area_code="A86027")["word"] == "EMIS/TPP"
    assert reading.row("profile", area_code="N81086")["word"] == "EMIS/MEDICUS"
    assert reading.row("profile", area_code="A81001")["word"] == "TPP"


def test_a_line_that_is_no_practice_is_refused(read_source, with_lines):
    path = with_lines("gpad_mapping.csv", "TOTAL,,,,,,,,,,")
    assert read_source(path).reasons == {"not the code of a practice in England": 1}


def test_the_archive_dates_the_file(read_source, tmp_path):
    path = tmp_path / "Practice_Level_Crosstab_Nov_25.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.write(SAMPLES / "gpad_mapping.csv", "Mapping.csv")
    assert {o["as_of"] for o in read_source(path).tables["organisations"]} == {month_no("2025-11")}


def test_the_month_in_a_name():
    assert month_named("Practice_Level_Crosstab_Aug_25/Mapping.csv") == month_no("2025-08")
    assert month_named("GP_Apps_December2024.zip/Mapping.csv") == month_no("2024-12")
    assert month_named("Mapping.csv") == month_no("2025-08")
    assert month_named("Summary 25.csv") == month_no("2025-08")
