"""Files that come with publications and hold no facts: each says so, and what to load instead."""

from pathlib import Path

import openpyxl
import pytest

from openpractice.kinds import Refused

SAMPLES = Path(__file__).parents[2] / "data" / "sources"


@pytest.mark.parametrize(
    ("sample", "sentence"),
    [
        ("not_for_us_patients.csv", "rows about individual patients"),
        ("not_for_us_individuals.csv", "one row for each member of staff"),
        ("not_for_us_roles.csv", "practice-level file at high level"),
        ("not_for_us_maximum_points.csv", "points that were available to practices without those they achieved"),
        ("not_for_us_simulation.csv", "output of a simulation"),
    ],
)
def test_refused_with_a_reason_and_a_remedy(read_source, sample, sentence):
    with pytest.raises(Refused, match=sentence) as refusal:
        read_source(sample)
    assert sample in str(refusal.value)
    assert "oad " in str(refusal.value)  # load or download something else


def test_a_workbook_of_definitions(read_source, tmp_path):
    book = openpyxl.Workbook()
    for row in (["Columns", "Name of Field", "Description", "Comments"], ["A", "PRAC_CODE", "General Practice Code"]):
        book.active.append(row)
    book.save(tmp_path / "definitions.xlsx")
    with pytest.raises(Refused, match="explains the columns of a publication"):
        read_source(tmp_path / "definitions.xlsx")


def test_codes_of_the_quality_framework(read_source, tmp_path):
    path = tmp_path / "mapping.csv"
    path.write_text("INDICATOR_CODE,PCA_EXCL_NAME,PCA_CATEGORY\nAF006,AFIBINVITE1,4\n")
    with pytest.raises(Refused, match="lists the codes of the Quality and Outcomes Framework"):
        read_source(path)


def test_another_indicator_of_fingertips(read_source, tmp_path):
    path = tmp_path / "indicator.csv"
    path.write_text((SAMPLES / "qof_dementia.csv").read_text().replace("\n247,", "\n241,"))
    with pytest.raises(Refused, match="about something that OpenPractice does not keep"):
        read_source(path)


def test_a_file_that_nobody_knows(read_source, tmp_path):
    path = tmp_path / "events.csv"
    path.write_text("date,event\n2024-12-25,Christmas Day\n")
    with pytest.raises(Refused, match="not a file OpenPractice knows"):
        read_source(path)
