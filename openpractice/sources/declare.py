"""How a file format is declared. A module in this folder that sets SOURCE (or SOURCES) is found by itself."""

from __future__ import annotations

import importlib
import pkgutil
from functools import lru_cache

from openpractice.kinds import Source

NHS_ENGLAND = "NHS England"
OGL = "Open Government Licence v3.0"


@lru_cache
def catalogue() -> dict[str, Source]:
    """Every file format we read, by name, in the order in which a file is offered to them."""
    import openpractice.sources as package

    found: list[Source] = []
    for info in pkgutil.iter_modules(package.__path__):
        module = importlib.import_module(f"openpractice.sources.{info.name}")
        found += getattr(module, "SOURCES", ())
        if hasattr(module, "SOURCE"):
            found.append(module.SOURCE)
    return {source.name: source for source in sorted(found, key=lambda s: (s.rank, s.name))}
