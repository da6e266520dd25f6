"""What is stopped at the door: patient identifiers, other countries, damaged and hostile archives."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

from openpractice.kinds import Refused

LARGEST_UNPACKED = 4 * 1024**3  # bytes
LARGEST_RATIO = 150  # a year of appointments packs 13 to 1; a bomb packs 1,000 to 1
# Of lines that do not fit a header: what DuckDB notes of them, and the letters of that. A million lines with a field too
# many have as much.
MOST_NOTES, MOST_NOTED = 1_000_000, 100_000_000
SMALL_ENOUGH = 64 * 1024**2  # below this a high ratio is only repetition

# Ten digits, in one run or as 3 3 4. The same words for Python, which also looks at what stands around them, and for
# DuckDB, which cannot look around and so only finds what Python shall judge.
_TEN_DIGITS = r"[4-79]\d{2}[ -]?\d{3}[ -]?\d{4}"
_ALONE = re.compile(rf"(?<![\w.+-]){_TEN_DIGITS}(?!\w)(?!\.0*[1-9])(?!-\d)".encode())
SUSPECT = rf"(^|\D){_TEN_DIGITS}(\D|$)"
# What they can look like once translated: one run, or any of those that all hold `ddd-dddd`.
_RUN, _IN_EACH, _SPLIT = b"dddddddddd", b"ddd-dddd", (b"ddd-ddd-dddd", b"ddd-ddddddd", b"dddddd-dddd")
_TO_SHAPE = bytes(ord("d" if chr(b) in "0123456789" else "-" if chr(b) in " -" else "x") for b in range(256))
_CHUNK = 16 * 1024**2
_FEW = 10_000  # fields missing in a megabyte, which do no harm
_NO_COMMAS = bytes(set(range(256)) - set(b",\r\n"))


def is_nhs_number(digits: str) -> bool:
    """Whether ten digits carry the NHS number's check digit (NHS Data Dictionary: weights 10 to 2, modulus 11)."""
    if len(digits) != 10 or not digits.isdigit() or len(set(digits)) == 1:
        return False
    check = 11 - sum(int(d) * w for d, w in zip(digits, range(10, 1, -1), strict=False)) % 11
    return (0 if check == 11 else check) == int(digits[9])


def holds_identifier(text: str) -> bool:
    """Whether a short text, such as a cell, holds anything that reads as an NHS number."""
    return len(text) >= 10 and any(True for _ in _found(text.encode()))


def masked(text: str) -> str:
    """The text without anything that reads as an NHS number, for what is remembered of a file."""

    def instead(hit: re.Match[bytes]) -> bytes:
        return b"[NHS number]" if is_nhs_number(hit[0].translate(None, b" -").decode()) else hit[0]

    return _ALONE.sub(instead, text.encode()).decode() if len(text) >= 10 else text


def refuse_identifiers(path: Path, name: str) -> None:
    """Raise Refused when the file holds anything that reads as an NHS number.

    A translation to digit/non-digit and two plain searches clear a clean 38 MB file in a tenth of a second; only
    a file with a run of ten digits pays for the pattern and the check digit.
    """
    lines = 0
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            chunk += file.readline()  # so that no number is cut in two
            shape = chunk.translate(_TO_SHAPE)
            if _RUN in shape or (_IN_EACH in shape and any(one in shape for one in _SPLIT)):
                for place in _found(chunk):
                    line = lines + chunk.count(b"\n", 0, place) + 1
                    raise identified(name, f"line {line}")
            lines += chunk.count(b"\n")


def identified(name: str, where: str) -> Refused:
    """What whoever loads a file is told when it holds an NHS number."""
    return Refused(
        f"{name} holds what reads as an NHS number ({where}). Nothing of this file was stored. Remove the patient "
        "identifiers, or ask for a pseudonymised extract, and load it again."
    )


def _found(text: bytes) -> Iterator[int]:
    """Where in a text each NHS number begins."""
    for hit in _ALONE.finditer(text):
        if is_nhs_number(hit[0].translate(None, b" -").decode()):
            yield hit.start()


def refuse_uneven(path: Path, columns: int, name: str) -> None:
    """Raise Refused for a table whose lines have far more fields than its header, or far fewer.

    DuckDB notes a line that does not fit once for each field too many or missing, with the whole line: a megabyte becomes
    gigabytes. Only a piece of the file in which much does not fit is gone through line by line; with all but commas and
    line ends taken out, that is seen at once.
    """
    notes, letters, too_many = 0, 0, b"," * columns
    with path.open("rb") as file:
        while piece := file.read(1024**2):
            piece += file.readline()
            bare = piece.translate(None, _NO_COMMAS)
            lines = max(bare.count(b"\n"), bare.count(b"\r"))
            if too_many in bare or lines * (columns - 1) - bare.count(b",") > _FEW:
                noted = [(_notes_of(line, columns), len(line)) for line in piece.splitlines() if line.strip()]
                notes += sum(of_line for of_line, _ in noted)
                letters += sum(of_line * length for of_line, length in noted)
    if notes > MOST_NOTES or letters > MOST_NOTED:
        raise Refused(
            f"{name} has lines with far more or far fewer fields than its header, so its columns cannot be told apart. Load "
            "the file as it was published."
        )


def _notes_of(line: bytes, columns: int) -> int:
    """How many fields a line has too many or too few.

    Commas within quotation marks are not counted, and which those are is not known when a value goes over several lines;
    so the side with more of them counts.
    """
    commas = line.count(b",")
    if commas < columns:
        return columns - 1 - commas
    sides = line.split(b'"')
    return max(0, 1 + max(b"".join(sides[side::2]).count(b",") for side in (0, 1)) - columns)


def refuse_bomb(archive: zipfile.ZipFile, path: Path, name: str) -> None:
    """Raise Refused when an archive would unpack to something no publication is."""
    unpacked = sum(item.file_size for item in archive.infolist())
    packed = max(1, path.stat().st_size)
    if unpacked > LARGEST_UNPACKED or (unpacked > SMALL_ENOUGH and unpacked / packed > LARGEST_RATIO):
        raise Refused(
            f"{name} would unpack from {packed / 1e6:,.1f} MB to {unpacked / 1e6:,.0f} MB, which no NHS publication "
            "does. It was not opened. Download the file again from its official page."
        )


_ELSEWHERE = {
    "Scotland": re.compile(r"\b(S0[0-9]{7}|S92000003)\b|\bhealth ?board\b|\bHB(Name|R)?\b|\bNHS Scotland\b", re.I),
    "Wales": re.compile(r"\b(W[0-9]{8})\b|\bW9[0-9]{4}\b|\blocal health board\b|\bLHB\b|\bNHS Wales\b", re.I),
    "Northern Ireland": re.compile(r"\b(N[0-9]{8})\b|\bLCG\b|\bHSC Trust\b|\bHealth and Social Care Trust\b", re.I),
}
_ENGLISH = re.compile(r"\bE[0-9]{8}\b|\b[A-HJ-NPY][0-9]{5}\b|\bQ[A-Z0-9]{2}\b")


def country_of(text: str) -> str | None:
    """Which other country of the United Kingdom a sample of a file speaks of, or None for England or no sign."""
    hits = {country: len(pattern.findall(text)) for country, pattern in _ELSEWHERE.items()}
    country = max(hits, key=lambda c: hits[c])
    return country if hits[country] >= 2 and hits[country] > len(_ENGLISH.findall(text)) else None


def refuse_other_country(sample: str, name: str) -> None:
    """Raise Refused for a file of Scotland, Wales or Northern Ireland."""
    if country := country_of(sample):
        raise Refused(
            f"{name} looks like data for {country}. OpenPractice reads NHS publications for England; their "
            "definitions differ too much to stand side by side. Load the English publication instead."
        )
