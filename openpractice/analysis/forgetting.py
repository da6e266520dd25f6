"""What was kept long enough is deleted, and the results follow."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from openpractice.analysis.recompute import recompute
from openpractice.kinds import Refused, month_no
from openpractice.store import writing
from openpractice.store.catalogue import path_of
from openpractice.store.forgetting import forget_before


def keep_from(home: Path, first: str, begin: Callable[[int], object] = lambda rows: None) -> int:
    """Delete every fact of a month before `first` and its results, in one change; returns how many rows that were.

    Where there are any, `begin` is told how many before anything changes; if it raises, nothing does.
    The files that held them are gone when this returns, unless an ingest began at that moment, which removes them then.
    Raises Refused while an ingest is at work.
    """
    if not path_of(home).exists():
        return 0
    with writing(home, f"months before {first} deleted") as change:
        if forgotten := forget_before(change, month_no(first), begin):
            recompute(change)
    if forgotten:
        with suppress(Refused), writing(home, "old files removed"):
            pass  # opening it sweeps away what is named no more
    return forgotten
