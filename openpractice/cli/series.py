"""Anybody's series: dates and values from two columns of a CSV file, split by a third where there is one."""

from __future__ import annotations

import csv
import datetime as dt
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from openpractice.kinds import Refused

_MISSING = {"", "na", "n/a", "nd", "-", "–", "*", "null", "none", "nan", "missing", ".."}
# As people write them, and as the publications do: 01FEB2026, 01-Feb-26, JAN2024.
_DAYS = (
    "%Y-%m-%d", "%Y/%m/%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%d/%m/%y", "%d %b %Y", "%d %B %Y", "%d-%b-%Y", "%d-%b-%y",
    "%d%b%Y",
)  # fmt: skip
_MONTHS = (
    "%Y-%m", "%Y/%m", "%m/%Y", "%b %Y", "%B %Y", "%b-%Y", "%B-%Y", "%b%Y", "%B%Y", "%b %y", "%B %y", "%b-%y", "%B-%y", "%b%y",
)  # fmt: skip
_DIGITS = {8: (("%Y%m%d",), ()), 6: ((), ("%Y%m",))}  # by their number: 202412 is a month, not 2 January
_THOUSANDS = re.compile(r",(?=\d{3}(\D|$))")
_DELIMITERS = ",;\t|"


@dataclass(frozen=True)
class Series:
    """One series, oldest point first; a missing value is NaN. `dates` are YYYY-MM-DD, or YYYY-MM where months were given."""

    name: str
    dates: tuple[str, ...]
    values: tuple[float, ...]


def read(path: Path, date: str, value: str, by: str | None = None) -> list[Series]:
    """The series of a file, by name. Raises Refused naming the columns there are, or the line that cannot be read."""
    rows = _rows(path, [column for column in (date, value, by) if column])
    found: dict[str, dict[str, tuple[float, int]]] = {}
    for line, row in rows:
        when = _date(row[date], path, line, date)
        series = found.setdefault(row[by].strip() if by else value, {})
        if when in series:
            raise Refused(
                f"{path.name}, line {line}: {when} occurs twice (first on line {series[when][1]}). Name the column that "
                "tells the series apart with --by, or add the rows of a date together."
            )
        series[when] = (_value(row[value], path, line, value), line)
    if not found:
        raise Refused(f"{path.name} has a header and no rows, so there is nothing to draw.")
    return [_series(name, points) for name, points in found.items()]


def _series(name: str, points: dict[str, tuple[float, int]]) -> Series:
    dates = tuple(sorted(points))
    return Series(name or "(no name)", dates, tuple(points[when][0] for when in dates))


def _rows(path: Path, wanted: list[str]) -> list[tuple[int, dict[str, str]]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            first = file.readline()
            file.seek(0)
            reader = csv.DictReader(file, restval="", delimiter=max(_DELIMITERS, key=first.count))
            named = {column: _named(column, reader.fieldnames or (), path) for column in wanted}
            return [
                (reader.line_num, {column: row[name] for column, name in named.items()})
                for row in reader
                if any(cell for cell in row.values())
            ]
    except FileNotFoundError:
        raise Refused(f"There is no file {path}. Check the spelling.") from None
    except (UnicodeDecodeError, csv.Error) as damage:
        raise Refused(
            f"{path.name} is not a CSV file in UTF-8 ({damage}). Save it as 'CSV UTF-8' and try again."
        ) from None


def _named(wanted: str, columns: Sequence[str], path: Path) -> str:
    """The column as the file writes it: by its exact name, or else whatever its case and the spaces around it."""
    alike = [column for column in columns if column and column.strip().casefold() == wanted.strip().casefold()]
    if not alike:
        known = ", ".join(column.strip() for column in columns if column) or "none"
        raise Refused(f"{path.name} has no column '{wanted}'. Its columns are: {known}.")
    return wanted if wanted in alike else alike[0]


def _date(text: str, path: Path, line: int, column: str) -> str:
    plain = " ".join(text.split())
    stamp = plain.replace("T", " ").split(" ")[0] if plain[4:5] == "-" else plain  # a time of day says nothing here
    days, months = _DIGITS.get(len(plain), ((), ())) if plain.isdigit() else (_DAYS, _MONTHS)
    for pattern in days:
        try:
            return dt.datetime.strptime(stamp, pattern).date().isoformat()
        except ValueError:
            continue
    for pattern in months:
        try:
            return f"{dt.datetime.strptime(plain, pattern):%Y-%m}"
        except ValueError:
            continue
    raise Refused(
        f"{path.name}, line {line}: '{text}' in the column {column} is not a date. Write 2026-02-28, 28/02/2026 or 2026-02."
    )


def _value(text: str, path: Path, line: int, column: str) -> float:
    plain = text.strip().lower()
    if plain in _MISSING:
        return math.nan
    try:
        number = float(_THOUSANDS.sub("", plain).replace("£", "").removesuffix("%"))
    except ValueError:
        number = math.inf
    if math.isinf(number):
        raise Refused(
            f"{path.name}, line {line}: '{text}' in the column {column} is not a number. Leave it empty where the value "
            "is not known."
        )
    return number
