"""Numbers, months and places in plain British English, for the sentences that analysis itself writes.

Analysis says what a figure is and where it stands; pages, tables and charts have their own words for everything else.
"""

from __future__ import annotations

import math

MISSING = "no figure"
LEVELS_PLURAL = {
    "practice": "practices",
    "pcn": "primary care networks",
    "sub_icb": "sub-ICB locations",
    "icb": "integrated care boards",
    "region": "regions",
    "nation": "nations",
}
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
)  # fmt: skip
# unit: (decimals, words after the number)
_UNITS = {
    "patients": (0, "patients"),
    "patients per GP": (0, "patients per GP"),
    "minutes": (1, "minutes"),
    "score": (1, ""),
    "index": (2, ""),
}


def month(period: str) -> str:
    """`"2026-02"` → `February 2026`."""
    return f"{_MONTHS[int(period[5:7]) - 1]} {period[:4]}"


def number(value: float | None, unit: str) -> str:
    """The number with its unit: `31.4%`, `545.7 per 1,000 patients`, `9,200 patients`."""
    if value is None or math.isnan(value):
        return MISSING
    if unit == "proportion":
        if 0 < abs(value) < 0.00005:
            return "less than 0.01%"
        return f"{_rounded(value * 100, _percent_decimals(value))}%"
    if unit.startswith("£"):
        return f"{'−' if value < 0 else ''}£{_rounded(abs(value), 2)}{unit[1:]}"
    decimals, words = _UNITS.get(unit, (1, unit))
    if decimals and abs(value) < 0.95:
        decimals = 2 if value else 0
    return f"{_rounded(value, decimals if abs(value) < 1000 else 0)} {words}".strip()


def _percent_decimals(share: float) -> int:
    if share in (0, 1):
        return 0
    return 2 if abs(share) < 0.0095 else 1


def _rounded(value: float, decimals: int) -> str:
    """Halves go up, as a reader with a calculator rounds them."""
    text = f"{math.floor(abs(value) * 10**decimals + 0.5 + 1e-9) / 10**decimals:,.{decimals}f}"
    return f"−{text}" if value < 0 and text.strip("0.,") else text


def between(low: float, high: float, unit: str) -> str:
    """A range with its unit said once: `5.1 to 103.3 per 1,000 patients`, `2.0% to 4.5%`."""
    first, last = number(low, unit), number(high, unit)
    words = last.partition(" ")[2]
    return f"{first.removesuffix(words).strip()} to {last}"


def difference(before: float, after: float, unit: str) -> str:
    """The size of a change without its direction: `1.4 percentage points`, `12.3 per 1,000 patients`."""
    step = abs(after - before)
    if unit == "proportion":
        points = _rounded(step * 100, 1 if step >= 0.001 else 2)
        return f"{points} percentage point{'' if points == '1.0' else 's'}"
    return number(step, unit)


def place(below: int, above: int, group: str, n: int) -> str:
    """Where a value stands among `n` others, of which so many lie below and above, in words that never overstate.

    `higher than 18 of the 20 practices most alike` for a small group, `higher than 9 in 10 practices` for a large one,
    `the same as all 20 practices most alike` where nobody differs.
    """
    higher = ("higher than", below) if below >= above else ("lower than", above)
    side, count = max(("the same as", n - below - above), higher, key=lambda one: one[1])
    if count == n:
        return f"{side} all {n:,} {group}"
    if n < 50:
        return f"{side} {count} of the {n} {group}"
    if count >= 0.99 * n:
        return f"{side} 99 in 100 {group}"
    tenths = math.floor(round(10 * count / n, 9))
    return f"{side} {tenths} in 10 {group}" if tenths >= 6 else f"near the middle of {group}"


def plural(count: int, one: str, many: str = "") -> str:
    """`1 month`, `1,204 practices`."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def listed(names: list[str] | tuple[str, ...]) -> str:
    """`a, b and c`."""
    return " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))


def lower_first(text: str) -> str:
    """A title inside a sentence: `Calls missed` → `calls missed`, but `GPs per …` stays."""
    return text[:1].lower() + text[1:] if text[1:2].islower() else text
