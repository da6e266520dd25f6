"""A search that leads on: to one page of the place that is found, not to its overview."""

from __future__ import annotations

from dataclasses import dataclass, replace

from openpractice.present import search
from openpractice.store import Store
from openpractice.web.explore.pages import Elsewhere


@dataclass(frozen=True)
class Chosen:
    """What was asked and found. `elsewhere` is set when only one place can be meant."""

    found: search.Found
    elsewhere: Elsewhere | None = None


def choose(store: Store, asked: str, onwards: str) -> Chosen | None:
    """Places for the words asked, with addresses that end in `onwards`; None when nothing was asked."""
    if not asked.strip():
        return None
    found = search.search(store, asked)
    only = found.only or (found.results[0].href if len(found.results) == 1 else "")
    results = tuple(replace(result, href=result.href + onwards) for result in found.results)
    return Chosen(replace(found, results=results), Elsewhere(only + onwards) if only else None)
