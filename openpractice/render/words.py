"""Numbers and short sentences in plain British English.

A sentence says where a practice stands, never whose fault it is: `BANNED` lists the words that no output may hold,
and the tests scan for them.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from typing import TypeGuard

BANNED = (
    "bad",
    "badly",
    "blame",
    "bottom",
    "fail",
    "failed",
    "failing",
    "fails",
    "failure",
    "inferior",
    "laggard",
    "league table",
    "offender",
    "outlier",
    "poor",
    "poorly",
    "underperform",
    "underperforming",
    "worse",
    "worst",
)

MISSING = "no figure"

# unit: (most decimals, words after the number in a sentence). A percentage and money are written in `_written`.
UNITS: dict[str, tuple[int, str]] = {
    "proportion": (1, ""),
    "per 1,000 patients": (1, "per 1,000 patients"),
    "per 10,000 patients": (1, "per 10,000 patients"),
    "per 1,000 patients per working day": (1, "per 1,000 patients per working day"),
    "patients": (0, "patients"),
    "patients per GP": (0, "patients per GP"),
    "minutes": (1, "minutes"),
    "calls": (0, "calls"),
    "points": (1, "points"),
    "score": (1, ""),
    "£ per patient": (2, "per patient"),
    "index": (2, ""),
    "days": (1, "days"),
}
_COUNTED = {"patients", "minutes", "calls", "points", "days"}


def percentage(value: float | None, decimals: int = 1) -> str:
    """A proportion as a percentage: 0.314 → `31.4%`. A share too small to print says so, it is not nought."""
    if not _known(value):
        return MISSING
    percent = value * 100
    if decimals == 1 and 0 < abs(percent) < 0.95:
        decimals = 2
    smallest = 10**-decimals
    if 0 < abs(percent) < smallest / 2:
        return f"less than {smallest:.{decimals}f}%"
    if percent in (0, 100):
        decimals = 0
    text = _rounded(percent, decimals)
    return f"{text.removesuffix('0') if decimals == 2 else text}%"


def figure(value: float | None, unit: str = "") -> str:
    """The bare number with its sign of unit (% or £) and no words, for a cell or a label."""
    if not _known(value):
        return MISSING
    if unit == "proportion":
        return percentage(value)
    text = _rounded(abs(value), _decimals(value, unit))
    if unit.startswith("£"):
        text = f"£{text}"
    elif unit not in ("index", "") and "." in text:
        text = text.removesuffix(".0")
    return f"−{text}" if value < 0 and text.strip("£0.,") else text


def number(value: float | None, unit: str = "", *, full: bool = False) -> str:
    """The number with its unit, as in a sentence: `31.4%`, `545.7 per 1,000`, `12 minutes`.

    `full` keeps the last word of a rate: `545.7 per 1,000 patients`. An unknown unit is written after the number.
    """
    if not _known(value):
        return MISSING
    text = figure(value, unit)
    words = UNITS.get(unit, (0, unit))[1]
    if words.endswith("000 patients") and not full:
        words = words.removesuffix(" patients")
    if unit in _COUNTED and text == "1":
        words = words.removesuffix("s")
    return f"{text} {words}".strip()


def unit_name(unit: str) -> str:
    """A unit as a reader says it: `%` for a proportion; the others are named in words already."""
    return "%" if unit == "proportion" else unit


def period(value: str | dt.date) -> str:
    """A period in words.

    `2026-02` → February 2026; `2026-02-14` → 14 February 2026; `2026-W08` → week of 16 February 2026;
    `2026-Q1` → January to March 2026; `2025/26` → 2025 to 2026. Anything else is returned as it came.
    """
    if isinstance(value, dt.date):
        return f"{value.day} {value:%B %Y}"
    if re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", value):
        return f"{dt.date.fromisoformat(value + '-01'):%B %Y}"
    if re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        return period(dt.date.fromisoformat(value))
    if week := re.fullmatch(r"(\d{4})-W(\d\d)", value):
        return f"week of {period(dt.date.fromisocalendar(int(week[1]), int(week[2]), 1))}"
    if quarter := re.fullmatch(r"(\d{4})-Q([1-4])", value):
        first = int(quarter[2]) * 3 - 2
        return f"{dt.date(2000, first, 1):%B} to {dt.date(2000, first + 2, 1):%B} {quarter[1]}"
    if year := re.fullmatch(r"(\d{4})/(\d\d)", value):
        return f"{year[1]} to {year[1][:2] if year[2] != '00' else int(year[1][:2]) + 1}{year[2]}"
    return value


def difference(before: float | None, after: float | None, unit: str = "") -> str:
    """The signed difference: `+1.4 percentage points`, `−12.3 per 1,000`, `no change`."""
    if not _known(before) or not _known(after):
        return MISSING
    step = after - before
    if figure(before, unit) == figure(after, unit):
        return "no change"
    sign = "+" if step > 0 else "−"
    if unit == "proportion":
        points = _rounded(abs(step) * 100, 2 if abs(step) < 0.001 else 1)
        return f"{sign}{points} percentage {'point' if points == '1.0' else 'points'}"
    return f"{sign}{number(abs(step), unit)}"


def change(before: float | None, after: float | None, unit: str, since: str, until: str) -> str:
    """One sentence of change: `Rose from 9.4% in February 2025 to 10.8% in February 2026 (+1.4 percentage points).`"""
    if not _known(before) or not _known(after):
        return f"The change from {period(since)} to {period(until)} is not known."
    if figure(before, unit) == figure(after, unit):
        return f"Stayed at {number(after, unit)} from {period(since)} to {period(until)}."
    verb = "Rose" if after > before else "Fell"
    return (
        f"{verb} from {number(before, unit)} in {period(since)} to {number(after, unit)} in {period(until)} "
        f"({difference(before, after, unit)})."
    )


def place(share_below: float | None, group: str = "practices in England", *, share_above: float | None = None) -> str:
    """Where a value stands: the share of the group that lies below it, 0 to 1, in tenths that never overstate.

    Where others hold the same value, pass `share_above` too; without it everyone else is taken to lie above.
    """
    if not _known(share_below):
        return f"not compared with {group}"
    if not 0 <= share_below <= 1:
        raise ValueError(f"A place among others is a share from 0 to 1, not {share_below}.")
    above = round(1 - share_below if share_above is None else share_above, 9)  # 1 − 0.1 must be 0.9
    if max(share_below, above) < 0.6:
        return f"in the middle fifth of {group}"
    side, share = ("higher", share_below) if share_below >= above else ("lower", above)
    if share == 1:
        return f"{side} than all other {group}"
    if share >= 0.99:
        return f"{side} than 99 in 100 {group}"
    if share >= 0.95:
        return f"{side} than 19 in 20 {group}"
    return f"{side} than {math.floor(round(share * 10, 9))} in 10 {group}"


def listed(names: list[str] | tuple[str, ...]) -> str:
    """Names as a sentence lists them: `a, b and c`."""
    return " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))


def plural(count: int, one: str, many: str = "") -> str:
    """A count with its noun: `1 practice`, `1,204 practices`."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def banned(text: str) -> list[str]:
    """The words of blame found in a text, as whole words."""
    return [word for word in BANNED if re.search(rf"\b{word}\b", text, re.IGNORECASE)]


def _known(value: float | None) -> TypeGuard[float]:
    return value is not None and not math.isnan(value)


def _decimals(value: float, unit: str) -> int:
    size, most = abs(value), UNITS.get(unit, (1, ""))[0]
    if unit in UNITS and most == 0:
        return 0 if size >= 10 or float(value).is_integer() else 1
    if unit.startswith("£"):
        return 0 if size >= 1000 else 2
    if size >= 1000 or (unit not in UNITS and float(value).is_integer()):
        return 0
    return 2 if 0 < size < 0.95 else most


def _rounded(value: float, decimals: int) -> str:
    # Python rounds halves to even; a reader with a calculator rounds them up.
    text = f"{math.floor(abs(value) * 10**decimals + 0.5 + 1e-9) / 10**decimals:,.{decimals}f}"
    return f"−{text}" if value < 0 and text.strip("0.,") else text
