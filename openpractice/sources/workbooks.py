"""Reads a workbook's cells as text, and refuses one with a formula's error or a patient's identifier in it."""

from __future__ import annotations

import datetime
import re
import zipfile
import zlib
from pathlib import Path
from xml.etree import ElementTree

import python_calamine

from openpractice.kinds import Refused
from openpractice.sources import extent, guards
from openpractice.sources.disk import fault_of

# Each stops at the next "<", so that no text can make it go over the same letters again and again.
_CELL = re.compile(rb"<(?:\w+:)?c\b([^<]*)>")
_ERROR, _PLACE = re.compile(rb"""\bt\s*=\s*["']e["']"""), re.compile(rb"""\br\s*=\s*["']([A-Z]+[0-9]+)["']""")
_VALUE = re.compile(rb"\s*(?:<(?:\w+:)?f\b[^<]*(?:</(?:\w+:)?f>)?)?\s*<(?:\w+:)?v>([^<]*)<")
_DAMAGE = (
    python_calamine.CalamineError, ElementTree.ParseError, zipfile.BadZipFile, zlib.error, EOFError, OSError, KeyError,
    ValueError, RuntimeError,  # an encrypted member, or a way of packing that nobody here knows
)  # fmt: skip


def read(path: Path) -> dict[str, list[list[str]]]:
    """Sheet title → its rows of cells as text. Raises Refused for a damaged or erroneous workbook."""
    try:
        extent.refuse_vast(path, path.name)
        with path.open("rb") as file:  # not by its path: the name may tell another kind
            book = python_calamine.CalamineWorkbook.from_filelike(file)
        sheets = {
            title: [
                [cell_text(c) for c in row] for row in book.get_sheet_by_name(title).to_python(skip_empty_area=False)
            ]
            for title in book.sheet_names
        }
        refuse_error_cells(path, path.name)
    except _DAMAGE as damage:
        if fault_of(damage):
            raise
        raise Refused(
            f"{path.name} is damaged or incomplete and cannot be read as a workbook. Download it again."
        ) from damage
    return sheets


def cell_text(value: object) -> str:
    """A workbook cell as text: dates as ISO, whole numbers without a decimal point, spaces tidied."""
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, datetime.datetime):
        return value.date().isoformat()
    if isinstance(value, datetime.date):
        return value.isoformat()
    return str(value).replace("\xa0", " ").strip()


def refuse_identifiers(sheets: dict[str, list[list[str]]], name: str) -> None:
    """Raise Refused when a cell holds anything that reads as an NHS number."""
    for title, rows in sheets.items():
        for number, row in enumerate(rows, 1):
            if any(guards.holds_identifier(cell) for cell in row):
                raise guards.identified(name, f"sheet '{title}', row {number}")


def refuse_error_cells(path: Path, name: str) -> None:
    """Raise Refused when a sheet holds a formula's error (#REF!, #N/A …).

    Read as values such cells come out empty, so they are looked for in the sheets' own XML: one search a sheet.
    """
    with zipfile.ZipFile(path) as archive:
        for title, member in _sheet_members(archive).items():
            xml = archive.read(member)
            if not _ERROR.search(xml):
                continue
            for cell in _CELL.finditer(xml):
                if _ERROR.search(cell[1]):
                    raise _erroneous(name, title, _PLACE.search(cell[1]), _VALUE.match(xml, cell.end()))


def _erroneous(name: str, title: str, place: re.Match[bytes] | None, value: re.Match[bytes] | None) -> Refused:
    error = f" ({value[1].decode()})" if value else ""
    where = f", cell {place[1].decode()}" if place else ""
    return Refused(
        f"{name} holds an error{error} in sheet '{title}'{where}. Open it, mend the formula or download the file again."
    )


def _sheet_members(archive: zipfile.ZipFile) -> dict[str, str]:
    """Sheet title → its file in the archive, as the workbook's relationships say."""
    # Python's expat stops entities that grow out of proportion, and fetches none (nosec B314).
    book = ElementTree.fromstring(archive.read("xl/workbook.xml"))  # nosec B314
    relations = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))  # nosec B314
    targets = {r.get("Id"): r.get("Target", "") for r in relations}
    found, there = {}, set(archive.namelist())
    for sheet in book.findall(".//{*}sheet"):
        relation = next((value for key, value in sheet.attrib.items() if key.endswith("}id")), None)
        target = targets.get(relation, "")
        member = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        if member in there:
            found[sheet.get("name", member)] = member
    return found
