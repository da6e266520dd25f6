"""The one door by which an organisation's own figures and records reach anybody.

Each call asks anew whether it is allowed, writes the owner's record, and lets others see only what is protected. Pages,
files, live pages and the interface for programs all come through here; a test holds that nothing else opens a store of
an organisation's own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from openpractice.analysis import answers
from openpractice.analysis.evaluate import evaluate
from openpractice.kinds import Measure, Refused, Result, month_no, months_asked
from openpractice.methods import disclosure
from openpractice.store import Store
from openpractice.web.agreements.decide import Decision
from openpractice.web.agreements.terms import Granularity, Purpose
from openpractice.web.audit.models import Action
from openpractice.web.organisations.acting import Acting
from openpractice.web.organisations.models import Organisation
from openpractice.web.own.figures import measures as own_measures
from openpractice.web.own.figures import this_month
from openpractice.web.own.keys import ring_of
from openpractice.web.own.stores import edition, opened
from openpractice.web.sharing.allowed import NotShared, answer, ask
from openpractice.web.sharing.protecting import BY_ROLE, FEW, Line, protected
from openpractice.web.sharing.records import Records, released, whole

__all__ = ["BY_ROLE", "Figure", "Line", "NotShared", "Shared", "answer", "figures", "records", "state_of"]


@dataclass(frozen=True)
class Figure:
    """One measure, its months oldest first."""

    measure: Measure
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Shared:
    """Figures of an owner as somebody may see them now, and on what grounds."""

    owner: Organisation
    topic: str
    purpose: Purpose | None
    by: str
    decision: Decision
    figures: tuple[Figure, ...]
    protected: bool  # small numbers are hidden, and others rounded
    why: tuple[str, ...]  # what was hidden and by which rule, as sentences

    @property
    def hidden(self) -> bool:
        return any(line.hidden for figure in self.figures for line in figure.lines)


def figures(
    now: Acting, owner: Organisation, purpose: Purpose | None, *, topic: str, measures: Sequence[str] = (),
    by: str = "", first: str | None = None, last: str | None = None, how: Any = Action.SHARED_READ,
) -> Shared:  # fmt: skip
    """Figures of one topic, or some measures of it. Own people see them as they are, others protected.

    `by` is a dimension; others may have `role_group` only. `how` is what the record calls it. Raises NotShared, and
    Refused for a measure, dimension or month that is none.
    """
    low, high = months_asked(first, last)
    high = min(high, month_no(this_month()))
    chosen = _chosen(topic, measures)
    own = owner == now.organisation
    if by and by != BY_ROLE and not own:
        raise Refused(f"Figures of others are shown by {BY_ROLE} and no other way.")
    granularity = Granularity.ROLE if by else Granularity.AGGREGATE
    decision = ask(now, owner, purpose, topic, granularity, how, _what(topic, measures, by, first, last))
    with opened(owner) as store:
        lines = _lines(store, owner, chosen, by, own) if store else {}
    found = tuple(
        Figure(m, tuple(line for line in lines.get(m.name, ()) if low <= month_no(line.period) <= high)) for m in chosen
    )
    why = () if own else (disclosure.SMALL, disclosure.RATIO, disclosure.LARGER, FEW)
    return Shared(owner, topic, purpose, by, decision, tuple(f for f in found if f.lines), not own, why)


def _lines(store: Store, owner: Organisation, chosen: list[Measure], by: str, own: bool) -> dict[str, tuple[Line, ...]]:
    if own:
        return _as_they_are(store, owner.code, chosen, by)
    everything = protected(store, owner.code, own_measures(chosen[0].topic)) if chosen else {}
    return {name: tuple(ln for ln in lines if bool(ln.group) <= bool(by)) for name, lines in everything.items()}


def _as_they_are(store: Store, code: str, chosen: list[Measure], by: str) -> dict[str, tuple[Line, ...]]:
    if by:
        found = evaluate(store, chosen, level="practice", areas=[code], by=(by,))
    else:
        found = [result for m in chosen for result in answers.series(store, m.name, code)]
    lines: dict[str, list[Line]] = {}
    for result in found:
        lines.setdefault(result.measure, []).append(_line(result))
    return {name: tuple(some) for name, some in lines.items()}


def _line(result: Result) -> Line:
    group = result.by[0][1] if result.by else ""
    return Line(result.period, group, result.numerator, result.denominator, result.value)


def _chosen(topic: str, names: Sequence[str]) -> list[Measure]:
    of_topic = own_measures(topic)
    if not topic or not of_topic:
        raise Refused(f"“{topic}” is no topic of an organisation's own data.")
    known = {m.name for m in of_topic}
    if strange := [name for name in names if name not in known]:
        raise Refused(f"{strange[0]} is no measure of the topic {topic}.")
    return [m for m in of_topic if not names or m.name in names]


def _what(topic: str, measures: Sequence[str], by: str, first: str | None, last: str | None) -> str:
    """What was asked for, in a few words for the record."""
    parts = [topic, *measures, f"by {by}" if by else "", f"from {first}" if first else "", f"to {last}" if last else ""]
    return ", ".join(part for part in parts if part)[:200]


@contextmanager
def records(
    now: Acting, owner: Organisation, purpose: Purpose | None, *, topic: str, first: str | None = None,
    last: str | None = None,
) -> Iterator[Records]:  # fmt: skip
    """Pseudonymised records of one topic, to be read while the block lasts. Own people see them as they are held.

    Others see them coarsened, each agreement with pseudonyms of its own. Raises NotShared and Refused.
    """
    low, high = months_asked(first, last)
    table = _chosen(topic, ())[0].table
    what = _what(topic, (), "", first, last)
    decision = ask(now, owner, purpose, topic, Granularity.RECORD, Action.SHARED_RECORDS, what)
    with opened(owner) as store:
        if store is None:
            yield Records((), iter(()))
        elif owner == now.organisation:
            yield whole(store, table, low, high)
        else:
            agreement = decision.agreement
            assert agreement is not None  # records are never open in an emergency
            rename = ring_of(owner).for_receiver(f"{agreement.pk} {now.organisation.code}")
            yield released(store, table, low, high, rename)


def state_of(owner: Organisation) -> str:
    """Changes when the owner's figures do. Told only to those who may see them: ask `answer` first."""
    with opened(owner) as store:
        return "|".join(map(str, edition(store)[1:])) if store else ""
