"""The chain: each entry's hash covers the entry before it, so that a change of one shows in all that follow."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

FIELDS = ("number", "at", "person", "who", "acting_for", "about", "action", "detail", "previous")
START = "0" * 64

# What JSON cannot say, such as bytes that somebody put into SQLite by hand, is written somehow: it never fits its hash.
_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=repr)


def written(values: Sequence) -> bytes:
    """The values of FIELDS, in order, as one JSON list in UTF-8: the bytes that are hashed."""
    return _JSON.encode(list(values)).encode()


def digest(values: Sequence) -> str:
    """SHA-256 of an entry, which holds the hash of the one before."""
    return hashlib.sha256(written(values)).hexdigest()


@dataclass(frozen=True)
class Noted:
    """What somebody wrote down elsewhere at an earlier time: the number of an entry, and its hash then."""

    number: int
    hash: str


@dataclass(frozen=True)
class Break:
    """The first place where the chain does not hold."""

    number: int
    why: str


@dataclass(frozen=True)
class Verdict:
    """How many entries hold, the last one's hash, and where the chain broke, if it did."""

    entries: int
    head: str
    broken: Break | None = None


def verify(rows: Iterable[Sequence], noted: Noted | None = None) -> Verdict:
    """Read entries in the order of their numbers: the values of FIELDS, then the hash. Stops at the first break.

    A chain that was cut off at its end, or written anew from some entry on, holds in itself. Only a hash that was
    noted elsewhere shows it.
    """
    count, head = 0, START
    for row in rows:
        *values, told = row
        if why := _breaks(values, told, count + 1, head) or _differs(noted, count + 1, told):
            return Verdict(count, head, Break(count + 1, why))
        count, head = count + 1, told
    if noted and noted.number > count:
        why = f"the record ends with entry {count}, and entry {noted.number} was noted before"
        return Verdict(count, head, Break(count + 1, why))
    return Verdict(count, head)


def _breaks(values: Sequence, told: str, expected: int, head: str) -> str:
    if values[0] != expected:
        return f"entry {values[0]} stands where entry {expected} should"
    if values[-1] != head:
        return f"entry {expected} does not follow from the entry before it"
    return "" if digest(values) == told else f"entry {expected} is not as it was written"


def _differs(noted: Noted | None, number: int, told: str) -> str:
    if noted is None or number != noted.number or told == noted.hash:
        return ""
    return f"entry {number} is not the one that was noted: it or one before it was written anew"
