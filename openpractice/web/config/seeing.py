"""Whose rows this piece of work may see: told to PostgreSQL before each question, so that `fence` can hold it to it.

Nothing is the beginning. A request sees what belongs to the organisations that the signed-in person acts for, a token's
request what belongs to its organisation, and `across` sees everything. On SQLite nobody asks.

It lives in a context variable, because a page is answered by more than one thread; each connection compares what it was
told last with what holds now, so nothing is left over from the request before.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

SETTING = "openpractice.organisations"
NOTHING, EVERYTHING = "", "*"


@dataclass
class Scope:
    """Of one request: who signed in, and for which organisations a token acts. It fills as the request is understood."""

    person: int | None = None
    organisations: frozenset[str] = frozenset()


_scope: ContextVar[Scope | None] = ContextVar("scope", default=None)
_across: ContextVar[bool] = ContextVar("across", default=False)


@contextmanager
def across() -> Iterator[None]:
    """See and write rows of every organisation inside: for what must cross. Also a decorator.

    It is for the few places whose work is to know more than one organisation: the chain of the record, invitations,
    proposing to others, whoever runs the installation, the worker and the command line. A page never needs it to read.
    """
    token = _across.set(True)
    try:
        yield
    finally:
        _across.reset(token)


def begin() -> None:
    """A new request, of which nothing is known yet: whatever held before it does not hold inside."""
    _across.set(False)
    _scope.set(Scope())


def note(person: Any) -> Any:
    """Somebody is signed in from here on, or, with somebody unknown, nobody; gives the person back."""
    if (scope := _scope.get()) is not None:
        scope.person = person.pk
    return person


def acts_for(*codes: str) -> None:
    """The rest of this request acts for these organisations: for a program's token, which is no person."""
    if (scope := _scope.get()) is not None:
        scope.organisations = frozenset(codes)


@contextmanager
def only(*codes: str) -> Iterator[None]:
    """See and write rows of these organisations inside: for work on one organisation's behalf outside of a request."""
    scope, crossing = _scope.set(Scope(organisations=frozenset(codes))), _across.set(False)
    try:
        yield
    finally:
        _across.reset(crossing)
        _scope.reset(scope)


def wanted() -> tuple[str, tuple]:
    """What the database is to be told now: SQL for the setting's value, and its parameters."""
    scope = _scope.get()
    if _across.get():
        return "%s", (EVERYTHING,)
    if scope is None or (scope.person is None and not scope.organisations):
        return "%s", (NOTHING,)
    if scope.organisations:
        return "%s", (",".join(sorted(scope.organisations)),)
    return "openpractice_organisations_of(%s)", (scope.person,)
