"""How much a workbook becomes once it is laid out. Written down, a cell in the far corner of a sheet is nothing; laid out
with all the empty ones before it, it is seventeen thousand million cells. And a long text can be pointed to by each of them.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

from openpractice.kinds import Refused

LARGEST_UNPACKED = 1024**3  # bytes of a workbook's XML
MOST_CELLS = 30_000_000  # of one sheet, empty ones too: nearly thirty columns for each row that a sheet can have
MOST_TEXT = 1024**3  # letters, each time that a cell repeats them
# A place such as "AB12" with so many letters, or so many digits, and the most columns or rows of what has fewer.
_WIDE = (
    (re.compile(rb"""[r\s]=\s*["'][A-Z]{2}[A-Z0-9]"""), 26),
    (re.compile(rb"""[r\s]=\s*["'][A-Z]{3}[A-Z0-9]"""), 702),
)
_LONG = tuple((re.compile(rb"""[r\s]=\s*["'][A-Z]*[0-9]{%d}""" % digits), 10 ** (digits - 1)) for digits in (5, 6, 7))
_PLACE = re.compile(rb"""\br\s*=\s*["']([A-Z]*)([0-9]+)["']""")
# Each of these stops at the next "<", so that no text can make them go over the same letters again and again.
_STRING = re.compile(rb"<(/?)(?:\w+:)?si\b")
_CELL = re.compile(rb"<(?:\w+:)?c\b([^<]*)>\s*<(?:\w+:)?v>\s*([0-9]{1,9})")
_POINTS = re.compile(rb"""\bt\s*=\s*["']s["']""")


def refuse_vast(path: Path, name: str) -> None:
    """Raise Refused for a workbook that would not fit into memory, before anything is laid out."""
    with zipfile.ZipFile(path) as archive:
        if sum(item.file_size for item in archive.infolist()) > LARGEST_UNPACKED:
            raise _vast(name, "it unpacks to more than a gigabyte")
        strings = [length for member in _members(archive, "sharedstrings") for length in _lengths(member)]
        for sheet in _members(archive, "sheet"):
            if _laid_out(sheet) > MOST_CELLS:
                raise _vast(name, "a cell in it lies far outside of any table")
            if strings and _texts(sheet, strings) > MOST_TEXT:
                raise _vast(name, "the same long text stands in it again and again")


def _members(archive: zipfile.ZipFile, word: str):
    """What is inside files whose name or content says that they hold sheets, or the texts of all sheets."""
    for item in archive.infolist():
        if word in item.filename.lower() and (word != "sheet" or "sharedstrings" not in item.filename.lower()):
            yield archive.read(item)


def _lengths(member: bytes) -> Iterator[int]:
    """How long each text is, with its marks."""
    begun = None
    for tag in _STRING.finditer(member):
        if not tag[1]:
            begun = tag.start() if begun is None else begun
        elif begun is not None:
            yield tag.start() - begun
            begun = None


def _laid_out(sheet: bytes) -> int:
    """Cells from the first corner of a sheet to its last one; at most so many, where that is few enough."""
    if _at_most(sheet, _WIDE) * _at_most(sheet, _LONG) <= MOST_CELLS:
        return MOST_CELLS
    rows, letters = {1}, {b""}
    for column, row in set(_PLACE.findall(sheet)):
        rows.add(int(row[:9]))
        letters.add(column[:7])
    width = max(sum((letter - 64) * 26**n for n, letter in enumerate(reversed(one))) for one in letters)
    return max(rows) * max(width, 1)


def _at_most(sheet: bytes, bounds: tuple[tuple[re.Pattern[bytes], int], ...]) -> int:
    """The first bound that nothing in the sheet passes; searching is far quicker than reading every place."""
    return next((most for pattern, most in bounds if not pattern.search(sheet)), 10**12)


def _texts(sheet: bytes, lengths: list[int]) -> int:
    """Letters in all cells that point to a text. Counted only where there could be too many."""
    if max(lengths) * sheet.count(b"<") < MOST_TEXT:
        return 0
    places = (int(place) for told, place in _CELL.findall(sheet) if _POINTS.search(told))
    return sum(lengths[place] for place in places if place < len(lengths))


def _vast(name: str, why: str) -> Refused:
    return Refused(
        f"{name} is too large to be read as a workbook: {why}. Save the table as 'CSV UTF-8 (comma delimited)' and load that."
    )
