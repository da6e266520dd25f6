"""A measure's formula in words, read from its own expressions, so that what is documented is what is computed."""

from __future__ import annotations

import re
from typing import Any

import narwhals as nw

from openpractice.kinds import PATIENT_DAYS, PATIENTS, Measure

_JOINED = {
    "__and__": "and", "__or__": "or", "__add__": "+", "__sub__": "−", "__mul__": "×", "__truediv__": "÷",
    "__eq__": "is", "__ne__": "is not", "__lt__": "<", "__le__": "≤", "__gt__": ">", "__ge__": "≥",
}  # fmt: skip
_BINDS_LOOSELY = {"__or__", "__and__", "__add__", "__sub__"}
_LISTS = {
    PATIENTS: "registered patients",
    PATIENT_DAYS: "registered patients × working days of the month",
}


def formula(measure: Measure) -> str:
    """The whole of a measure in one line: its scale, what is above the line and what is below."""
    above, below = numerator(measure), denominator(measure)
    scale = "" if measure.scale == 1 else f"{measure.scale:,.0f} × "
    return f"{scale}({above}) ÷ ({below})"


def short(measure: Measure) -> str:
    """The formula without the conditions that only ask for a count to be there: what a reader of a report needs."""
    said = re.sub(r" where \w+ is given(?: and \w+ is given)*(?=\))", "", formula(measure))
    return re.sub(r"(?: and \w+ is given)+|(?<=where )(?:\w+ is given and )+", "", said)


def numerator(measure: Measure) -> str:
    """What is counted, in words."""
    if measure.bands:
        return f"fitted mean length × appointments, from the counts in each {measure.band_column}"
    return in_words(measure.numerator)


def denominator(measure: Measure) -> str:
    """What it is divided by, in words."""
    if isinstance(measure.denominator, str):
        return _LISTS.get(measure.denominator, measure.denominator)
    return in_words(measure.denominator)


def in_words(expression: Any) -> str:
    """A Narwhals expression as a sentence: `sum of n where booking_lag is 'Same Day'`."""
    if not isinstance(expression, nw.Expr):
        return f"'{expression}'" if isinstance(expression, str) else _number(expression)
    said, last = "", ""
    for node in expression._nodes:  # Narwhals has no public way to look inside an expression
        said, last = _node(node, said, last), node.name
    return said


def _number(value: Any) -> str:
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)


def _node(node: Any, so_far: str, before: str) -> str:
    name, given = node.name, node.exprs
    if name == "col":
        return ", ".join(node.kwargs["names"])
    if name == "lit":
        return _number(node.kwargs["value"])
    if name in ("fill_null", "alias", "over"):  # a missing count adds nothing: said once, in the introduction
        return so_far
    if name == "sum":
        return _summed(so_far)
    if name == "when_then":
        return _where(given)
    if name == "all_horizontal":
        return " and ".join(_grouped(part, "__and__") for part in given) if len(given) > 1 else in_words(given[0])
    if name == "sum_horizontal":
        return " + ".join(in_words(part) for part in given)
    if name == "is_in":
        words = [in_words(word) for word in node.kwargs["other"]]
        return f"{so_far} is {' or '.join(words)}" if len(words) < 3 else f"{so_far} is any of {', '.join(words)}"
    if name == "is_null":
        return f"{so_far} is missing"
    if name == "__invert__":
        return so_far.replace("is missing", "is given") if before == "is_null" else f"not ({so_far})"
    if name == "abs":
        return f"the size of ({so_far})"
    if name in _JOINED:
        left = f"({so_far})" if before in _BINDS_LOOSELY and before != name else so_far
        return f"{left} {_JOINED[name]} {_grouped(given[0], name)}"
    return f"{name}({', '.join([so_far, *map(in_words, given)])})"


def _grouped(part: Any, around: str) -> str:
    """A part in brackets where its own last word binds more loosely than the word around it."""
    last = part._nodes[-1].name if isinstance(part, nw.Expr) else ""
    needs = (
        last in _BINDS_LOOSELY and (last != around or around == "__sub__") and around != "__and__"
    ) or last == "__or__"
    return f"({in_words(part)})" if needs else in_words(part)


def _where(given: tuple) -> str:
    condition, value = in_words(given[0]), in_words(given[1])
    if condition == "True":
        return value
    return f"{value} where {condition}"


def _summed(said: str) -> str:
    value, where, condition = said.partition(" where ")
    if value == "1":
        return f"number of rows{where}{condition}"
    return f"sum of {value}{where}{condition}"
