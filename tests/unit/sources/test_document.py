"""What a document says of itself, before a source has read it."""

from pathlib import Path

import pytest

from openpractice.kinds import Refused
from openpractice.sources.document import Document


@pytest.mark.parametrize(
    ("name", "year"),
    [
        ("QOF 2021-22.csv", 2022),
        ("22-23.csv", 2023),
        ("PREVALENCE_2021_v2.csv", 2021),
        ("qof 2019/20.csv", 2020),
        ("qof-2019-2020.csv", 2020),
        ("workforce 2024.csv", None),
        ("list 2024-11-05.csv", None),
        ("list.csv", None),
    ],
)
def test_the_year_in_a_name(name, year):
    assert Document(name, Path("x.csv"), "csv", None).year_named() == year


def test_more_columns_than_any_publication_has_are_refused_before_anything_is_laid_out():
    """A line of commas is short in a file; read as a table, each column takes its share of memory."""
    wide = Document("wide.csv", Path("wide.csv"), "csv", None, columns=tuple(f"c{n}" for n in range(2001)))
    with pytest.raises(Refused, match=r"wide\.csv has 2,001 columns"):
        wide.load()
