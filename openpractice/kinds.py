"""The words everything else is said in: Column, Table, Source, Measure, Result, and how a month is written.

Nothing here reads a file or computes a figure, so every rung may use it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import narwhals as nw

LEVELS = ("practice", "pcn", "sub_icb", "icb", "region", "nation")
LEVEL_NAMES = {
    "practice": "Practice",
    "pcn": "Primary care network",
    "sub_icb": "Sub-ICB location",
    "icb": "Integrated care board",
    "region": "Region",
    "nation": "England",
}
ENGLAND = "ENG"

Direction = Literal["increase", "decrease", "neutral"]


class Refused(Exception):
    """Something was not accepted; the message names the thing, the place and the remedy in plain words."""


def month_no(period: str) -> int:
    """A month as a running number: `"2026-02"` → 24313. Raises Refused for anything that is not YYYY-MM."""
    year, _, month = period.partition("-")
    if not re.fullmatch(r"[0-9]{4}-(0[1-9]|1[0-2])", period):
        raise Refused(f"'{period}' is not a month. Write the year and the month, for example 2026-02.")
    return int(year) * 12 + int(month) - 1


def period_of(number: int) -> str:
    """The month a running number stands for: 24313 → `"2026-02"`."""
    return f"{number // 12:04d}-{number % 12 + 1:02d}"


def months_asked(first: str | None, last: str | None) -> tuple[int, int]:
    """The running numbers of the first and the last month asked for; wider than any month where none is named."""
    return month_no(first) if first else -1, month_no(last) if last else 10**6


@dataclass(frozen=True)
class Owner:
    """Whose own a file is: an organisation's code, and how the patients in it are called once they are inside.

    `pseudonyms` takes NHS numbers and gives as many pseudonyms, the same one for the same number; nothing else of a
    patient's number is ever written. `clinicians` does the same for names of clinicians; where it is not given, nothing
    is kept of them.
    """

    code: str
    pseudonyms: Callable[[Sequence[str]], Sequence[str]]
    clinicians: Callable[[Sequence[str]], Sequence[str]] | None = None
    name: str = ""  # what the organisation is called, for a store that holds nothing but its own


@dataclass(frozen=True)
class Column:
    """One column of a table. `values` lists a category's allowed words, in the order they are shown.

    Counts and numbers are never below nought, but for those of the table's series that `signed` names.
    """

    name: str
    kind: Literal["text", "category", "count", "number", "flag", "day"]
    meaning: str
    values: tuple[str, ...] = ()
    unit: str = ""
    signed: tuple[str, ...] = ()
    pseudonym: bool = False  # stands for a person, by the practice's own key; a new key renames it


@dataclass(frozen=True)
class Table:
    """Facts of one shape. Fact tables also carry area_code, level and month_no ahead of their own columns."""

    name: str
    title: str
    meaning: str
    columns: tuple[Column, ...]
    dated: bool = True
    series: str = ""  # the column whose values are separate statistics, each with its own sources
    service: str = ""  # the coverage series that says how much of England these facts speak for
    own: bool = False  # a practice's own records: they lie in its own store and speak for it alone, never for an area
    months_ahead: int = 1  # how far its rows may lie in the future: a book holds appointments that are yet to come

    @property
    def dimensions(self) -> tuple[str, ...]:
        return tuple(c.name for c in self.columns if c.kind in ("category", "day"))

    @property
    def pseudonyms(self) -> tuple[str, ...]:
        return tuple(c.name for c in self.columns if c.pseudonym)

    def column(self, name: str) -> Column:
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(f"{self.name} has no column {name}")


@dataclass(frozen=True)
class Part:
    """Rows that one file gives to one table.

    `sql` selects the table's columns (after area_code, level, month_no where the table is dated) from the file's
    rows, then `line` (where the row stands in the file) and `refusal` (a reason in words, or NULL when kept).
    `published` orders vintages: the later one restates the earlier. `complete` parts speak for every area of their
    level and month, so they also replace rows of areas that they no longer name. `carries` names the dimensions
    this file really knows; the others are NULL. `counted` is false where rows already counted feed a second table.
    `by_day` parts restate every day from their first to their last, and leave the other days of their months as they
    were; of two that speak of a day the one loaded last counts.
    """

    table: Table
    sql: str
    published: int | None = None  # None: the latest month in the part
    complete: bool = False
    carries: tuple[str, ...] | None = None  # None: every dimension of the table
    counted: bool = True
    by_day: bool = False


@dataclass(frozen=True)
class Field:
    """One column of a practice's own export: our name for it, and the headers (as column names) that it comes under.

    What stands for a person becomes a pseudonym at the door: the NHS number of a `patient`, the name of a `clinician`.
    """

    name: str
    headers: tuple[str, ...]
    meaning: str
    needed: bool = False
    person: Literal["", "patient", "clinician"] = ""


@dataclass(frozen=True)
class Source:
    """One file format, published or exported: how it is recognised (by content) and read.

    One with `fields` is a practice's own: it is loaded for its owner only, and of its columns only these are ever kept.
    """

    name: str
    title: str
    publisher: str
    page: str
    licence: str
    rank: int  # among sources that say the same thing at the same level, the lowest rank is believed
    recognises: Callable[[Any], bool]
    read: Callable[[Any], list[Part]]
    tables: tuple[Table, ...]
    notes: tuple[str, ...] = ()
    fields: tuple[Field, ...] = ()

    @property
    def own(self) -> bool:
        return bool(self.fields)


@dataclass(frozen=True)
class Example:
    """A measure's worked example: a small table in, an answer out.

    `rows` are dicts of the table's own columns; area_code defaults to "A81001" and month to "2026-02".
    `patients` is the registered list of each area named.
    """

    rows: tuple[Mapping[str, Any], ...]
    numerator: float
    denominator: float
    value: float
    patients: Mapping[str, float] = field(default_factory=dict)
    unknown: float | None = None


PATIENTS = "patients"  # denominator: the registered list of the areas whose facts are counted
PATIENT_DAYS = "patient working days"  # denominator: that list × the month's working days


@dataclass(frozen=True)
class Measure:
    """One thing we count: a numerator and a denominator over one table.

    `numerator`, `denominator` and `unknown` are Narwhals aggregations; `row` is the same definition once more as
    plain Python, one row → (numerator, denominator), used by the plain engine and held equal by the tests.
    `value` is `scale × numerator ÷ denominator`.
    """

    name: str
    title: str
    topic: str
    question: str
    why: str
    unit: str
    direction: Direction
    table: Table
    needs: tuple[str, ...]
    numerator: nw.Expr
    denominator: nw.Expr | str
    row: Callable[[Any], tuple[float | None, float | None]]
    example: Example
    source: str
    version: str
    reviewed: str
    status: Literal["official", "proposed", "ours", "context"]
    caveats: tuple[str, ...] = ()
    england_apart: str = ""  # why England's own figure differs in kind from those of areas inside it; a caveat too
    unknown: nw.Expr | None = None
    unknown_row: Callable[[Any], float | None] | None = None
    speaks: nw.Expr | None = None  # which rows give a value, in a table of one row an area and month
    unknown_beside: bool = False  # whether the denominator leaves out what `unknown` counts
    withhold_unknown: float = 1.0  # no value where a larger share than this could not be classified
    few: float = 30  # a denominator below this is too small to lean on
    series: str = ""  # for a table of several statistics: which of its `series` column's values is counted
    scale: float = 1.0
    prepare: Callable[[nw.LazyFrame], nw.LazyFrame] | None = None
    prepare_rows: Callable[[list[Any]], list[Any]] | None = None
    bands: Mapping[str, tuple[float, float]] | None = None  # fitted mean of banded counts, in minutes
    band_column: str = ""
    disclosive: bool = False  # counts people so closely that it is hidden when small
    behind: tuple[nw.Expr, nw.Expr] | None = None  # rows behind numerator and denominator that sum something else
    family: str = ""  # definitions of the same idea share a family and are shown side by side

    @property
    def definition(self) -> str:
        return f"{self.name} v{self.version}"


@dataclass(frozen=True)
class Area:
    """A place on the tree, with its parents today."""

    code: str
    level: str
    name: str
    postcode: str = ""
    pcn: str = ""
    sub_icb: str = ""
    icb: str = ""
    region: str = ""
    opened: str = ""
    closed: str = ""
    status: str = "active"
    patients: float | None = None
    latitude: float | None = None
    longitude: float | None = None


@dataclass(frozen=True)
class Result:
    """One measure of one area in one month, with what is needed to trust it."""

    measure: str
    area: str
    level: str
    period: str
    numerator: float | None
    denominator: float | None
    value: float | None
    coverage: float | None
    unknown: float | None
    confidence: str
    by: tuple[tuple[str, str], ...] = ()
