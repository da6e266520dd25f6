"""Results as lines of the page docs/durability.md, each in place of the one before it."""

from __future__ import annotations

import datetime
import os
from pathlib import Path

from bench.__main__ import _processor
from bench.faults.trial import Outcome

PAGE = Path(__file__).parents[2] / "docs" / "durability.md"
TITLES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


def of_trial(found: Outcome) -> tuple[str, str, tuple[str, ...]]:
    """The name of the line, the line, and what went wrong."""
    kills = ", ".join(f"{name} {count}" for name, count in sorted(found.kills.items()))
    lost = f"**{len(found.lost)} faults**" if found.lost else "nothing"
    title = TITLES[found.database]
    cells = (
        title, _when(), f"{found.seconds / 60:.1f} minutes", f"{sum(found.kills.values())} ({kills})",
        f"{found.writes:,} and {found.counted['uploaded']:,} uploads", f"{sum(found.statuses.values()):,} of which {found.counted['figures']:,} of figures",
        f"{found.looks}", lost,
    )  # fmt: skip
    return title, f"| {' | '.join(cells)} |", found.lost


def _when() -> str:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{datetime.date.today():%-d %B %Y}; {_processor()}, {os.cpu_count()} cores, {memory:.0f} GiB"


def write(name: str, line: str) -> None:
    """Put a line in the place of the one that begins with the same name."""
    before = PAGE.read_text(encoding="utf-8").splitlines()
    PAGE.write_text(
        "\n".join(line if one.startswith(f"| {name} |") else one for one in before) + "\n", encoding="utf-8"
    )


def of_fuzz(found) -> tuple[str, str, tuple[str, ...]]:
    """The same of strange files."""
    ended = ", ".join(f"{count:,} {state}" for state, count in sorted(found.ended.items()))
    wrong = f"**{len(found.wrong)}**" if found.wrong else "none"
    count = f"{sum(found.ended.values()):,} of {found.formats} small files"
    cells = ("Strange files", _when(), f"{count}: {ended}", f"{found.memory / 1e6:.2f} GB", wrong)
    return "Strange files", f"| {' | '.join(cells)} |", found.wrong
