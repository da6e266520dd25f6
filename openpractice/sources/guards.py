"""What is stopped at the door: patient identifiers, other countries, damaged and hostile archives."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

from openpractice.kinds import Refused

LARGEST_UNPACKED = 4 * 1024**3  # bytes
LARGEST_RATIO = 150  # a year of appointments packs 13 to 1; a bomb packs 1,000 to 1
SMALL_ENOUGH = 64 * 1024**2  # below this a high ratio is only repetition

_DIGITS = bytes(ord("d") if chr(b).isdigit() and b < 128 else ord("-") if b in b" -" else ord("x") for b in range(256))
_NHS_NUMBER = re.compile(rb"(?<![\w.+-])([4-79]\d{2})[ -]?(\d{3})[ -]?(\d{4})(?!\w)(?!\.0*[1-9])(?!-\d)")
_CHUNK = 16 * 1024**2


def is_nhs_number(digits: str) -> bool:
    """Whether ten digits carry the NHS number's check digit (NHS Data Dictionary: weights 10 to 2, modulus 11)."""
    if len(digits) != 10 or not digits.isdigit() or len(set(digits)) == 1:
        return False
    check = 11 - sum(int(d) * w for d, w in zip(digits, range(10, 1, -1), strict=False)) % 11
    return (0 if check == 11 else check) == int(digits[9])


def refuse_identifiers(path: Path, name: str) -> None:
    """Raise Refused when the file holds anything that reads as an NHS number.

    A translation to digit/non-digit and two plain searches clear a clean 39 MB file in a tenth of a second; only
    a file with a run of ten digits pays for the pattern and the check digit.
    """
    lines = 0
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            chunk += file.readline()  # so that no number is cut in two
            shape = chunk.translate(_DIGITS)
            if b"dddddddddd" in shape or b"ddd-ddd-dddd" in shape:
                for hit in _NHS_NUMBER.finditer(chunk):
                    if is_nhs_number(b"".join(hit.groups()).decode()):
                        line = lines + chunk.count(b"\n", 0, hit.start()) + 1
                        raise Refused(
                            f"{name} holds what reads as an NHS number (line {line}). Nothing was stored. "
                            "Remove the patient identifiers, or ask for a pseudonymised extract, and load it again."
                        )
            lines += chunk.count(b"\n")


def holds_identifier(text: str) -> bool:
    """Whether a short text, such as a cell, holds anything that reads as an NHS number."""
    return len(text) >= 10 and any(
        is_nhs_number(b"".join(hit.groups()).decode()) for hit in _NHS_NUMBER.finditer(text.encode())
    )


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
