"""A measure's worked example as a table: each row of it, what it adds, and the arithmetic at the end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from openpractice.kinds import PATIENT_DAYS, Measure
from openpractice.measures.declare import LISTED
from openpractice.render import tables, words
from openpractice.render.tables import Column, Table

_KEYS = {"area_code": "Practice", "month": "Month", "level": "Level"}


@dataclass(frozen=True)
class Worked:
    """The rows, and a line of arithmetic that ends in the answer."""

    table: Table
    arithmetic: str
    notes: tuple[str, ...]


def worked(measure: Measure) -> Worked:
    """The example that every engine is tested with."""
    rows = measure.example.rows
    names = list(dict.fromkeys(name for row in rows for name in row))
    counts = _adding(measure)
    columns = tuple(_column(measure, name) for name in names) + tuple(
        Column(heading, numeric=True) for heading in (("Adds above the line", "Adds below the line") if counts else ())
    )
    body = tuple(
        tuple(_cell(row, name) for name in names) + (counts[place] if counts else ())
        for place, row in enumerate(rows)
    )  # fmt: skip
    return Worked(Table(f"Worked example: {measure.title}", columns, body), _arithmetic(measure), _notes(measure))


def _column(measure: Measure, name: str) -> Column:
    if name in _KEYS:
        return Column(_KEYS[name])
    column = measure.table.column(name)
    unit = "" if column.unit.lower() in column.meaning.lower() else column.unit
    return Column(column.meaning, unit, numeric=column.kind in ("count", "number", "flag", "day"))


def _cell(row: Mapping[str, Any], name: str) -> Any:
    value = row.get(name)
    if value is None:
        return tables.Missing("–", "not known: the file does not say")
    return float(value) if isinstance(value, int) else value


def _adding(measure: Measure) -> list[tuple[Any, Any]]:
    """What each row adds above and below the line; nothing where the measure first joins rows together."""
    if measure.prepare or measure.bands:
        return []
    found = []
    for row in measure.example.rows:
        given = dict.fromkeys(column.name for column in measure.table.columns) | dict(row)
        given[LISTED] = measure.example.patients.get(row.get("area_code", "A81001"))
        above, below = measure.row(SimpleNamespace(**given))
        if isinstance(below, str) and given[LISTED] is None:
            found.append((0.0, "no known list"))  # a rate leaves out who has no list to be divided by
        else:
            found.append((float(above or 0), "the list" if isinstance(below, str) else float(below or 0)))
    return found


def _arithmetic(measure: Measure) -> str:
    case = measure.example
    answer = words.number(case.value, measure.unit, full=True)
    if measure.bands:
        return f"A curve fitted to the {case.denominator:,.0f} appointments of known length gives a mean of {answer}."
    scale = "" if measure.scale == 1 else f"{measure.scale:,.0f} × "
    return f"{scale}{_plain(case.numerator)} ÷ {_plain(case.denominator)} = {answer}"


def _plain(value: float) -> str:
    return f"{value:,.4f}".rstrip("0").rstrip(".").replace("-", "−")


def _notes(measure: Measure) -> tuple[str, ...]:
    case = measure.example
    said = [f"{area} has {patients:,.0f} registered patients." for area, patients in case.patients.items()]
    if isinstance(measure.denominator, str) and measure.denominator == PATIENT_DAYS:
        days = case.denominator / (sum(case.patients.values()) or 1)
        said.append(f"The month has {days:,.0f} working days.")
    if case.unknown:
        said.append(f"{case.unknown:,.0f} could not be classified. They are shown beside the figure, never hidden.")
    return tuple(said)
