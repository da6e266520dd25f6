"""The chain: each entry's hash covers the entry before it, so that a change of one shows in all that follow."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

FIELDS = ("number", "at", "person", "who", "acting_for", "about", "action", "detail", "previous")
START = "0" * 64


def digest(values: Sequence) -> str:
    """SHA-256 of the values of FIELDS, in order, as one JSON list in UTF-8."""
    return hashlib.sha256(json.dumps(list(values), ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()


@dataclass(frozen=True)
class Break:
    """The first place where the chain does not hold."""

    number: int
    why: str


@dataclass(frozen=True)
class Verdict:
    """How many entries were read, the last one's hash, and where the chain broke, if it did."""

    entries: int
    head: str
    broken: Break | None = None


def verify(rows: Iterable[Sequence]) -> Verdict:
    """Read entries in the order of their numbers: the values of FIELDS, then the hash. Stops at the first break."""
    count, head = 0, START
    for row in rows:
        *values, told = row
        number, previous = values[0], values[-1]
        if number != count + 1:
            return Verdict(count, head, Break(count + 1, f"entry {count + 1} is missing; entry {number} follows {count}"))
        if previous != head:
            return Verdict(count, head, Break(number, f"entry {number} does not follow from the entry before it"))
        if digest(values) != told:
            return Verdict(count, head, Break(number, f"entry {number} is not as it was written"))
        count, head = number, told
    return Verdict(count, head)
