"""How a measure is declared: one decorated function, its worked example beside it.

The decorated function is the definition as plain Python: it takes one row (with the table's columns as attributes)
and returns what the row adds to the numerator and to the denominator (or `PATIENTS`, the registered list). The
decorator's Narwhals expressions say the same for fast engines. Tests hold the two equal. Every expression is a sum, so
that the sums of parts can be added.

A row whose category is NULL comes from a file that does not know that category, so it counts nowhere in a measure that
needs it. A row whose category is 'Unknown' comes from a file that does: it is counted in `unknown`, and said.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import narwhals as nw

from openpractice.kinds import Measure, Refused

LISTED = "listed_patients"  # the registered list of the row's area, on every planned row of every table

_DECLARED: dict[str, Measure] = {}

Row = Any


def measure(**declaration: Any) -> Callable[[Callable[[Row], tuple[float | None, float | None]]], Measure]:
    """Declare a measure. Its docstring is why the number matters; the function's name is the measure's name."""

    if apart := declaration.get("england_apart"):
        declaration["caveats"] = (*declaration["caveats"], apart)

    def register(row: Callable[[Row], tuple[float | None, float | None]]) -> Measure:
        declared = Measure(name=row.__name__, row=row, why=" ".join((row.__doc__ or "").split()), **declaration)
        if declared.name in _DECLARED:
            raise ValueError(f"two measures are called {declared.name}")
        _DECLARED[declared.name] = declared
        return declared

    return register


@lru_cache
def catalogue() -> dict[str, Measure]:
    """Every measure by name, in order of topic and declaration."""
    import openpractice.measures as package

    for info in pkgutil.iter_modules(package.__path__):
        importlib.import_module(f"openpractice.measures.{info.name}")
    order = {topic: i for i, topic in enumerate(TOPICS)}
    return dict(sorted(_DECLARED.items(), key=lambda item: order[item[1].topic]))


TOPICS = (
    "Access",
    "Activity",
    "Appointment book",
    "Telephony",
    "Online requests",
    "Workforce",
    "List",
    "Quality and context",
    "Data quality",
)


def find(name: str) -> Measure:
    """The measure of that name; raises Refused with the nearest names otherwise."""
    import difflib

    found = catalogue().get(name)
    if found:
        return found
    near = difflib.get_close_matches(name, catalogue(), n=3)
    hint = f" Did you mean {' or '.join(near)}?" if near else ""
    raise Refused(f"There is no measure called '{name}'.{hint} 'openpractice measures' lists them all.")


def unknown_share(measure: Measure, unknown: Any, denominator: Any) -> Any:
    """What part of everything considered could not be classified. Numbers or arrays; not for rates over a list."""
    return unknown / (denominator + unknown if measure.unknown_beside else denominator)


def total(column: str) -> nw.Expr:
    """The sum of a column; missing values add nothing."""
    return nw.col(column).fill_null(0).sum()


def total_where(condition: nw.Expr, column: str = "n") -> nw.Expr:
    """The sum of a column over the rows that meet a condition."""
    return nw.when(condition).then(nw.col(column).fill_null(0)).otherwise(nw.lit(0)).sum()


def total_known(column: str, known: str) -> nw.Expr:
    """The sum of a column over the rows where another column is known, so that a ratio compares like with like."""
    return nw.when(~nw.col(known).is_null()).then(nw.col(column).fill_null(0)).otherwise(nw.lit(0)).sum()


def rows_where(condition: nw.Expr) -> nw.Expr:
    """The number of rows that meet a condition."""
    return nw.when(condition).then(nw.lit(1)).otherwise(nw.lit(0)).sum()


def sum_where(condition: nw.Expr, amount: nw.Expr) -> nw.Expr:
    """The sum of an amount computed from each row, over the rows that meet a condition."""
    return nw.when(condition).then(amount.fill_null(0)).otherwise(nw.lit(0)).sum()


def known(*columns: str) -> nw.Expr:
    """The rows where all of these columns are known."""
    conditions = [~nw.col(column).is_null() for column in columns]
    return nw.all_horizontal(*conditions, ignore_nulls=False)
