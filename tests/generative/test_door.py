"""Whatever stands in a practice's file: every row is accounted for, and no NHS number gets past the door."""

from __future__ import annotations

import csv
import re
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from openpractice.kinds import Owner, Refused
from openpractice.sources import catalogue, dialect, door
from openpractice.sources.guards import holds_identifier, masked
from openpractice.sources.opening import documents

SOURCE = catalogue()["appointment_book"]
OWNER = Owner("Y99001", lambda numbers: [f"p{n}" for n, _ in enumerate(numbers)], lambda names: ["c"] * len(names))
NUMBERS = ("9990000018", "999 000 0026", "999-000-0034", "9990000042.0", "9990000019")
HEADERS = (*(field.headers[0] for field in SOURCE.fields), "Patient name", "Notes", "Room", "NHS No")
_texts = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=12)
_cells = st.one_of(
    _texts, st.sampled_from(NUMBERS), st.sampled_from(("02/03/2026", "2026-03-02", "Attended", "DNA", "Booked", "09:10", "15"))
)  # fmt: skip


@st.composite
def files(draw):
    """A header with the columns that are needed and some others, and rows of anything, mostly in the right place."""
    needed = ["appointment_date", "appointment_status", "nhs_number"]
    others = draw(st.lists(st.sampled_from([h for h in HEADERS if h not in needed]), unique=True, max_size=5))
    header = draw(st.permutations(needed + others))
    usual = {"appointment_date": ("02/03/2026", "2026-03-02", ""), "appointment_status": ("Attended", "DNA", "Slot free"),
             "nhs_number": (*NUMBERS, "")}  # fmt: skip
    row = st.tuples(
        *(st.sampled_from(usual[h]) if h in usual else _cells.filter(lambda c: not holds_identifier(c)) for h in header)
    )
    strange = st.lists(_cells, max_size=len(header) + 2)
    return [list(header)], draw(st.lists(row | row | row | strange, min_size=1, max_size=12))


def read(text_rows) -> tuple[int, int, str]:
    """Rows read, rows kept, and everything that is left of the file."""
    with tempfile.TemporaryDirectory() as folder, dialect.connect(folder) as con:
        path = Path(folder) / "book.csv"
        with path.open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows(text_rows)
        (doc,) = documents(path, Path(folder), con, own=True)
        assert SOURCE.recognises(doc)
        door.admit(doc, SOURCE, OWNER)
        part = next(part for part in SOURCE.read(doc) if part.counted)
        found = con.execute(part.sql).fetchall()
        lines = doc.rejected_lines()
        path.unlink()
        left = "".join(
            file.read_text(encoding="utf-8", errors="replace") for file in Path(folder).rglob("*") if file.is_file()
        )
        kept = sum(row[-1] is None for row in found)
        said = f"{con.execute('FROM raw').fetchall()}{found}{lines}{doc.notes}{doc.header}{doc.first_rows}{doc.sheets}{left}"
        return len(found) + sum(count for _, count, _ in lines), kept, said


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(files())
def test_every_row_is_accounted_for_and_no_number_gets_in(file):
    header, rows = file
    try:
        seen, kept, said = read(header + rows)
    except Refused as refusal:
        said, seen, kept = str(refusal), 0, 0
        rows = []
    assert seen == sum(any(row) for row in rows)
    assert 0 <= kept <= seen
    known = {re.sub(r"\.0$|[ -]", "", number) for number in NUMBERS[:4]}  # the last fails its check
    assert not known & set(re.findall(r"\d{10}", re.sub(r"(?<=\d)[ -](?=\d)", "", said)))


@settings(max_examples=60, deadline=None)
@given(_texts, st.sampled_from(NUMBERS[:4]), _texts)
def test_what_is_remembered_of_a_file_holds_no_number(before, number, after):
    assert not holds_identifier(masked(f"{before} {number.removesuffix('.0')} {after}"))
