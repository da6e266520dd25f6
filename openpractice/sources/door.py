"""The door for a practice's own records: what stands for a person is replaced before anything is written.

NHS numbers are held in this process's memory and nowhere else. A file is gone through twice: once to see whether it may
come in, and to ask for the pseudonyms; once to lay down the columns that are kept, with pseudonyms in the place of people.
Everything after that, and every file that it writes, knows pseudonyms only.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from openpractice.kinds import Owner, Refused, Source
from openpractice.sources import guards, records
from openpractice.sources.document import Document

_UNEVEN = "the line has more or fewer fields than the header"
_GARBLED = "the line has letters that are not UTF-8"
_HEEDED = 2000  # rows between two looks at whether to go on
Heed = Callable[[], None]
_Instead = dict[str, Callable[[str], str]]  # field → what stands in the place of a cell


@dataclass
class _Seen:
    """What the first look at a file found. `refused` is reason → (how many lines, the first of them)."""

    numbers: dict[str, None] = field(default_factory=dict)  # in the order of the file, each once
    names: dict[str, None] = field(default_factory=dict)
    not_numbers: int = 0
    refused: dict[str, tuple[int, int]] = field(default_factory=dict)

    def refuse(self, reason: str, line: int) -> None:
        count, first = self.refused.get(reason, (0, line))
        self.refused[reason] = (count + 1, first)


def admit(doc: Document, source: Source, owner: Owner, heed: Heed = lambda: None) -> None:
    """Fill `raw` with the rows of a practice's own file: `line`, and a column for each of the source's fields.

    A field that the file does not have is empty. `doc` forgets everything else that it knew of the file. Raises Refused
    for a file that names another practice, or has an NHS number where none belongs.
    """
    places = records.places(doc.columns, source.fields)
    person = {f.name: f.person for f in source.fields if f.name in places}
    if owner.clinicians is None:
        places = {name: place for name, place in places.items() if person[name] != "clinician"}
    seen = _looked_at(doc, places, person, owner, heed)
    called = dict(zip(seen.numbers, owner.pseudonyms(list(seen.numbers)), strict=True))
    names = dict(zip(seen.names, owner.clinicians(list(seen.names)), strict=True)) if owner.clinicians else {}
    instead: _Instead = {
        name: (lambda cell: called.get(_digits(cell), ""))
        if kind == "patient"
        else lambda cell: names.get(_tidy(cell), "")
        for name, kind in person.items()
        if kind
    }
    _lay_down(doc, source, places, instead, heed)
    doc.notes = tuple(_notes(doc, places, seen))
    doc.owner, doc.sheets, doc.first_rows = owner, {}, []
    doc.columns = doc.header = tuple(places)
    where = "row" if doc.kind == "book" else "line"
    doc.refused_lines = [(reason, n, f"{where} {first}") for reason, (n, first) in seen.refused.items()]


def _looked_at(doc: Document, places: dict[str, int], person: Mapping[str, str], owner: Owner, heed: Heed) -> _Seen:
    seen = _Seen()
    patients = [place for name, place in places.items() if person[name] == "patient"]
    clinicians = [place for name, place in places.items() if person[name] == "clinician"]
    practice = places.get("practice")
    kept = set(places.values())
    checked = [
        i
        for i, column in enumerate(doc.columns)
        if i not in patients and (i in kept or not records.is_personal(column))
    ]
    _refuse_numbers(doc, 1, list(doc.header), list(range(len(doc.header))))
    for line, row in _rows(doc, heed, seen):
        _refuse_numbers(doc, line, row, checked)
        if practice is not None and row[practice].strip().upper() not in ("", owner.code.upper()):
            raise Refused(_of_another(doc, line, owner))
        for place in patients:
            number = _digits(row[place])
            if number in seen.numbers or guards.is_nhs_number(number):
                seen.numbers[number] = None
            elif number:
                seen.not_numbers += 1
        for place in clinicians:
            if name := _tidy(row[place]):
                seen.names[name] = None
    return seen


def _rows(doc: Document, heed: Heed, seen: _Seen | None = None) -> Iterator[tuple[int, list[str]]]:
    """Each row below the header with its line; one of another length, or garbled, is told to `seen` and left out."""
    width = len(doc.columns)
    for count, (line, row) in enumerate(_in_sheet(doc) if doc.kind == "book" else _in_text(doc)):
        if not count % _HEEDED:
            heed()
        if not any(row):
            continue
        if any(row[width:]) or len(row) < width:
            if seen:
                seen.refuse(_UNEVEN, line)
        elif "\ufffd" in "".join(row):
            if seen:
                seen.refuse(_GARBLED, line)
        else:
            yield line, row


def _in_sheet(doc: Document) -> Iterator[tuple[int, list[str]]]:
    (rows,) = doc.sheets.values()
    width = len(doc.columns)
    for number, row in enumerate(rows[1:], 2):
        yield number, [*row, *[""] * (width - len(row))]


def _in_text(doc: Document) -> Iterator[tuple[int, list[str]]]:
    with doc.path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        reader = csv.reader(file, strict=True)
        try:
            next(reader)
            line = reader.line_num + 1
            for row in reader:
                yield line, row
                line = reader.line_num + 1
        except csv.Error as damage:
            raise Refused(
                f"{doc.name} cannot be read as a table from line {reader.line_num} on: a quotation mark stands where none "
                "belongs, or is never closed. Export it again."
            ) from damage


def _refuse_numbers(doc: Document, line: int, row: list[str], checked: list[int]) -> None:
    """NHS numbers belong in the NHS number's column. Anywhere else nobody looks for them, so the file stays outside."""
    if not guards.holds_identifier("\n".join(row[place] for place in checked)):
        return
    place = next(place for place in checked if guards.holds_identifier(row[place]))
    raise Refused(
        f"{doc.name} holds what reads as an NHS number outside the column of NHS numbers (line {line}, column {place + 1}). "
        "Nothing of this file was stored. Take that column out of the export and load it again."
    )


def _of_another(doc: Document, line: int, owner: Owner) -> str:
    return (
        f"{doc.name} names another practice than {owner.code} (line {line}). Nothing of this file was stored. A practice "
        "loads its own records only: export them for this practice alone."
    )


def _digits(cell: str) -> str:
    return cell.strip().removesuffix(".0").replace(" ", "").replace("-", "")


def _tidy(cell: str) -> str:
    return " ".join(cell.split())


def _lay_down(doc: Document, source: Source, places: dict[str, int], instead: _Instead, heed: Heed) -> None:
    """Write the kept columns, people already replaced, where the database reads them from; then only it has them."""
    (workdir,) = doc.con.execute("SELECT current_setting('temp_directory')").fetchone() or (".",)
    file = Path(workdir) / "admitted.csv"
    names = [f.name for f in source.fields]
    taken = [(places.get(name), instead.get(name, _tidy)) for name in names]
    with file.open("w", newline="", encoding="utf-8") as out:
        writer = csv.writer(out)
        for line, row in _rows(doc, heed):
            writer.writerow([line, *("" if place is None else called(row[place]) for place, called in taken)])
    typed = ", ".join(f"'{name}': 'VARCHAR'" for name in names)
    doc.con.execute(
        f"CREATE OR REPLACE TEMP TABLE raw AS SELECT * FROM read_csv(?, columns = {{'line': 'BIGINT', {typed}}}, "
        "header = false, auto_detect = false, delim = ',', quote = '\"', escape = '\"', nullstr = '')",
        [str(file)],
    )
    file.unlink()


def _notes(doc: Document, places: dict[str, int], seen: _Seen) -> Iterator[str]:
    left = [i for i in range(len(doc.columns)) if i not in places.values()]
    personal = [_header(doc, i) for i in left if records.is_personal(doc.columns[i])]
    others = [_header(doc, i) for i in left if not records.is_personal(doc.columns[i])]
    if personal:
        yield f"Never stored, because they name people or hold free text: {', '.join(personal)}."
    if others:
        yield f"Not used, and not stored: {', '.join(others)}."
    if seen.not_numbers:
        yield f"{seen.not_numbers:,} NHS numbers fail their check; those appointments were kept without a patient."


def _header(doc: Document, place: int) -> str:
    header = " ".join(doc.header[place].split())
    return header if 0 < len(header) <= 40 else f"column {place + 1}"
