"""Finding a place by its name, code or postcode."""

from __future__ import annotations

import re
from dataclasses import dataclass

from openpractice.analysis import places
from openpractice.kinds import LEVEL_NAMES, Area
from openpractice.measures import catalogue
from openpractice.present import numbers
from openpractice.render import words
from openpractice.store import Store

MOST = 50


@dataclass(frozen=True)
class Result:
    """One place that fits: `detail` tells it from others of the same name."""

    name: str
    href: str
    level: str
    kind: str
    detail: str
    closed: str


@dataclass(frozen=True)
class Found:
    """What was asked and found. `only` is the address to go to when there can be no doubt."""

    asked: str
    results: tuple[Result, ...]
    measures: tuple[tuple[str, str], ...]
    summary: str
    only: str


def search(store: Store, asked: str) -> Found:
    """Places and measures whose words fit."""
    asked = " ".join(asked.split())[:100]
    areas = places.search(store, asked, MOST)
    names = {
        code: a.name for code, a in places.named(store, sorted({c for a in areas for c in (a.pcn, a.icb) if c})).items()
    }
    count = words.plural(len(areas), "place")
    return Found(
        asked, tuple(_result(a, names) for a in areas), _measures(asked),
        f"The first {MOST} places. Add a word or the postcode to narrow them down." if len(areas) == MOST else f"{count} found.",
        _only(asked, areas),
    )  # fmt: skip


def _result(area: Area, names: dict[str, str]) -> Result:
    about = [area.code, area.postcode]
    if area.patients:
        about.append(f"{words.figure(area.patients, 'patients')} patients")
    about += [names.get(code, "") for code in (area.pcn, area.icb) if code != area.code]
    return Result(
        area.name, numbers.address(area.code), area.level, LEVEL_NAMES[area.level], " · ".join(filter(None, about)),
        "" if area.status == "active" else numbers.sentence(area.status),
    )  # fmt: skip


def _only(asked: str, areas: list[Area]) -> str:
    """A code leads straight to its area, and so does a full postcode or name that only one open place has."""
    tight = re.sub(r"\s", "", asked).upper()
    for area in areas:
        if area.code == tight:
            return numbers.address(area.code)
    exact = [
        a
        for a in areas
        if a.status == "active" and (a.name.lower() == asked.lower() or a.postcode.replace(" ", "") == tight)
    ]
    return numbers.address(exact[0].code) if len(exact) == 1 else ""


def _measures(asked: str) -> tuple[tuple[str, str], ...]:
    if len(asked) < 3:
        return ()
    fits = [m for m in catalogue().values() if all(word in m.title.lower() for word in asked.lower().split())]
    return tuple((m.title, f"/measures/{m.name}/") for m in fits[:8])
