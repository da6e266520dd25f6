"""What an address asks of a page: only the parameters that the page reads, written in one way.

Advertisements, robots and habit add parameters of their own to an address, leave some empty and give them in any order.
None of that makes another page, so none of it may cost another one.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.http import QueryDict

LONGEST = 100  # characters of one value: more than any name has


def asked(query: QueryDict, reads: Sequence[str]) -> QueryDict:
    """The parameters that are read, by name; of each its different values, in order, without the empty ones."""
    kept = QueryDict(mutable=True)
    for name in sorted(reads):
        if values := sorted({_plain(value) for value in query.getlist(name)} - {""}):
            kept.setlist(name, values)
    return kept


def written(query: QueryDict | None) -> str:
    """The parameters as the end of an address; nothing for none."""
    return f"?{query.urlencode()}" if query else ""


def _plain(value: str) -> str:
    """On one line, without what cannot be printed, such as the zero byte that robots try."""
    printed = "".join(letter if letter.isprintable() else " " for letter in value)
    return " ".join(printed.split())[:LONGEST].rstrip()
