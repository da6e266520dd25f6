"""What bandit finds and `make lint` passes over: SQL and markup made of pieces. Each file that does it argues for it here."""

from __future__ import annotations

import json
import subprocess
import sys
from functools import cache

import pytest

from tests.architecture.source_code import REPOSITORY

OUR_NAMES = "names of our own tables and columns; what comes from outside is bound as a value"
DRAWN = "drawn by ourselves; the words in it were escaped when it was drawn"
# A file or folder, and why. An entry that is not needed any more fails.
ARGUED = {
    ("B608", "openpractice/sources/"): "a format's columns, as constants of the module; the file's own cells are data",
    ("B608", "openpractice/store/"): OUR_NAMES,
    ("B608", "openpractice/analysis/everyone.py"): OUR_NAMES,
    ("B608", "openpractice/analysis/places.py"): OUR_NAMES,
    ("B608", "openpractice/analysis/presence.py"): OUR_NAMES,
    ("B608", "openpractice/cli/integrity.py"): OUR_NAMES,
    ("B608", "openpractice/web/audit/migrations/"): OUR_NAMES,
    ("B608", "openpractice/web/config/"): OUR_NAMES,
    ("B704", "openpractice/render/"): DRAWN,
    ("B704", "openpractice/web/config/templates.py"): "a template's own output, and icons that we drew",
    ("B704", "openpractice/web/explore/"): "a template's own output, and charts that we drew",
    ("B704", "openpractice/web/forms.py"): "escaped in the same expression",
    ("B704", "openpractice/web/own/figures.py"): DRAWN,
}


@cache
def found() -> dict[tuple[str, str], list[int]]:
    """Test and file → lines, of what the configuration passes over."""
    command = [sys.executable, "-m", "bandit", "-q", "-r", "openpractice", "-t", "B608,B704", "-f", "json"]
    said = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True)
    places: dict[tuple[str, str], list[int]] = {}
    for one in json.loads(said.stdout)["results"]:
        places.setdefault((one["test_id"], one["filename"].removeprefix("./")), []).append(one["line_number"])
    return places


def test_every_file_that_makes_sql_or_markup_of_pieces_has_argued_for_it():
    unargued = {
        place: lines for place, lines in found().items()
        if not any(place[0] == test and place[1].startswith(where) for test, where in ARGUED)
    }  # fmt: skip
    assert unargued == {}


@pytest.mark.parametrize(("test", "where"), ARGUED)
def test_no_argument_is_kept_that_nobody_needs(test, where):
    assert any(place[0] == test and place[1].startswith(where) for place in found())
