"""Who an area is: the facts at the head of its page."""

from __future__ import annotations

from dataclasses import dataclass

from openpractice.analysis import closing, places
from openpractice.analysis.remembered import remembered
from openpractice.kinds import LEVEL_NAMES, Area, period_of
from openpractice.present import numbers
from openpractice.render import words
from openpractice.store import Store, connection


@dataclass(frozen=True)
class Fact:
    """A name and what is known, with a link where it leads somewhere. `note` says of when it is."""

    name: str
    value: str
    href: str = ""
    note: str = ""


@dataclass(frozen=True)
class Head:
    """An area's own facts. `closed` is a sentence when the practice no longer takes patients."""

    area: Area
    path: tuple[Area, ...]
    level: str
    facts: tuple[Fact, ...]
    closed: str
    successor: Area | None


def head(store: Store, area: Area) -> Head:
    """The head of an area's page."""
    path = tuple(places.path(store, area))
    facts = [Fact("Code", area.code)]
    if area.level == "practice":
        facts += _of_practice(store, area)
    facts += [
        Fact(LEVEL_NAMES[a.level], a.name, numbers.address(a.code))
        for a in reversed(path)
        if a.code != area.code and a.level != "nation"
    ]
    if area.patients:
        facts.append(Fact("Registered patients", words.figure(area.patients, "patients")))
    return Head(area, path, LEVEL_NAMES[area.level], tuple(facts), _closed(area), _successor(store, area))


def _of_practice(store: Store, area: Area) -> list[Fact]:
    facts = [Fact("Postcode", area.postcode)] if area.postcode else []
    known = _words(store).get(area.code, {})
    for name, key in (("Clinical system", "it_system"), ("Contract", "contract_type"), ("CQC rating", "cqc")):
        if key in known:
            word, month = known[key]
            facts.append(Fact(name, word, note=words.period(period_of(month))))
    return facts


def _words(store: Store) -> dict[str, dict[str, tuple[str, int]]]:
    """Practice → attribute → (word, month), the latest known of each, for all practices at once."""

    def read() -> dict[str, dict[str, tuple[str, int]]]:
        found: dict[str, dict[str, tuple[str, int]]] = {}
        for code, attribute, word, month in _rows(store):
            held = found.setdefault(code, {})
            if attribute not in held or month >= held[attribute][1]:
                held[attribute] = (word, month)
        return found

    return remembered(store, ("particulars",), read)


def _rows(store: Store) -> list[tuple]:
    """(practice, attribute, word, month) of every word that a file says of a practice."""
    with connection.connect() as con:
        connection.see_parts(con, store.catalogue, store.home)
        connection.see_rows(con, store.home, "profile", "profile")
        connection.see_rows(con, store.home, "cqc_ratings", "ratings")
        return con.execute(
            """
            SELECT area_code, 'cqc', rating, month_no FROM ratings WHERE rating IS NOT NULL
            UNION ALL SELECT area_code, attribute, word, month_no FROM profile
            WHERE word IS NOT NULL AND attribute IN ('it_system', 'contract_type')
            """
        ).fetchall()


def _closed(area: Area) -> str:
    when = closing.when(area)
    if not when:
        return ""
    return f"{when}. Its figures are kept as they were."


def _successor(store: Store, area: Area) -> Area | None:
    """The practice that took this one's place, where a file says so."""
    if not closing.gone(area):
        return None
    heirs = remembered(store, ("successors",), lambda: {row[1]: row[3] for row in _aliases(store)})
    code = heirs.get(area.code)
    return places.named(store, [code]).get(code) if code else None


def _aliases(store: Store) -> list[tuple]:
    return store.rows("aliases", "kind = 'succeeded'")
