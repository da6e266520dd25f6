"""`read_source(path)`: a file through the ordinary path (open, recognise, read), as plain Python values."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from openpractice.kinds import Owner, Part, Refused
from openpractice.sources import catalogue, dialect, door
from openpractice.sources.document import Document
from openpractice.sources.opening import documents

SAMPLES = Path(__file__).parents[2] / "data" / "sources"
# Whose a practice's own records are here; a real ring of keys gives pseudonyms that say nothing.
OWNER = Owner(
    "Y99001",
    pseudonyms=lambda numbers: [f"patient-{number[-4:]}" for number in numbers],
    clinicians=lambda names: [f"clinician-{name[-1]}" for name in names],
    name="Fiction Surgery",
)


@dataclass
class Reading:
    """What one file said: `tables[name]` are the kept rows, `refusals` (reason, count, first example's line)."""

    sources: list[str] = field(default_factory=list)
    tables: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    refusals: list[tuple[str, int, str]] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    rows_read: int = 0
    rows_kept: int = 0

    def rows(self, table: str, **equal: object) -> list[dict[str, Any]]:
        """The kept rows of a table whose columns have these values."""
        return [row for row in self.tables[table] if all(row[column] == value for column, value in equal.items())]

    def row(self, table: str, **equal: object) -> dict[str, Any]:
        (only,) = self.rows(table, **equal)
        return only

    @property
    def reasons(self) -> dict[str, int]:
        """Reason → rows, over all parts."""
        reasons: Counter[str] = Counter()
        for reason, count, _ in self.refusals:
            reasons[reason] += count
        return dict(reasons)


@pytest.fixture
def read_source(tmp_path: Path) -> Callable[[Path], Reading]:
    def read(path: Path | str) -> Reading:
        path = SAMPLES / path
        reading = Reading()
        with dialect.connect(str(tmp_path)) as con:
            for document in documents(path, tmp_path, con):
                _read_document(document, reading)
        assert reading.rows_read == reading.rows_kept + sum(count for _, count, _ in reading.refusals)
        return reading

    return read


@pytest.fixture
def with_lines(tmp_path: Path) -> Callable[..., Path]:
    """`with_lines(sample, *lines)`: a copy of a sample with lines added to its end, to see them refused."""

    def write(sample: str, *lines: str) -> Path:
        copy = tmp_path / f"with-lines-{sample}"
        copy.write_text((SAMPLES / sample).read_text(encoding="utf-8") + "\n".join(lines) + "\n", encoding="utf-8")
        return copy

    return write


def _read_document(document: Document, reading: Reading) -> None:
    claims = [source for source in catalogue().values() if source.recognises(document)]
    if not claims:
        raise Refused(f"{document.name} is not a file OpenPractice knows.")
    assert len(claims) == 1, f"{document.name} is claimed by {[source.name for source in claims]}"
    reading.sources.append(claims[0].name)
    if claims[0].own:
        door.admit(document, claims[0], OWNER)
        reading.notes += document.notes
    for part in claims[0].read(document):
        _read_part(document, part, reading)
    for reason, count, example in document.rejected_lines():
        reading.refusals.append((reason, count, example))
        reading.rows_read += count


def _read_part(document: Document, part: Part, reading: Reading) -> None:
    result = document.con.execute(part.sql)
    names = [column[0] for column in result.description]
    dated = ["area_code", "level", "month_no"] if part.table.dated else []
    assert names == [*dated, *(c.name for c in part.table.columns), "line", "refusal"], (part.table.name, names)
    rows = [dict(zip(names, row, strict=True)) for row in result.fetchall()]
    kept = [row for row in rows if row["refusal"] is None]
    reading.parts.append(part)
    reading.tables.setdefault(part.table.name, []).extend(kept)
    if part.counted:
        refused = [row for row in rows if row["refusal"] is not None]
        reading.rows_read += len(rows)
        reading.rows_kept += len(kept)
        for reason, count in Counter(row["refusal"] for row in refused).items():
            first = min(row["line"] for row in refused if row["refusal"] == reason)
            reading.refusals.append((reason, count, f"line {first}"))
