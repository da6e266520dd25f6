"""A header's cells, as publishers write them, as names of columns."""

from __future__ import annotations

import re
from collections.abc import Sequence


def column_name(text: str) -> str:
    """`"Ended during the IVR Stage [4]"` → `ended_during_the_ivr_stage`: lower snake case without footnote marks."""
    text = re.sub(r"\[[^\]]*\]", " ", text.lstrip("\ufeff")).lower()
    text = text.replace("%", " pct ").replace("+", " plus ")
    return re.sub(r"[^a-z0-9]+", "_", text).strip("_")


def column_names(header: Sequence[str]) -> tuple[str, ...]:
    """Distinct names for a header; an empty or repeated one gets its position."""
    seen: dict[str, int] = {}
    names = []
    for i, cell in enumerate(header):
        name = column_name(cell) or f"column_{i + 1}"
        seen[name] = seen.get(name, 0) + 1
        names.append(name if seen[name] == 1 else f"{name}_{seen[name]}")
    return tuple(names)


def flatten_header(rows: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """One name a column from a header of several rows whose upper cells span to the right (merged cells)."""
    filled: list[list[str]] = []
    for depth, row in enumerate(rows):
        last = ""
        spread = []
        for cell in row:
            last = cell if cell else last
            spread.append(last if depth < len(rows) - 1 else cell)
        filled.append(spread)
    return column_names([" ".join(part for part in parts if part) for parts in zip(*filled, strict=True)])
