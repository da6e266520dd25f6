"""Finding places and their neighbours on the Area tree."""

from __future__ import annotations

import re
import sqlite3

from openpractice.kinds import ENGLAND, LEVELS, Area, Refused
from openpractice.store import Store

_COLUMNS = (
    "code, level, name, postcode, pcn, sub_icb, icb, region, opened, closed, status, patients, latitude, longitude"
)
_PARENTS = ("nation", "region", "icb", "sub_icb", "pcn", "practice")


def _area(row: sqlite3.Row) -> Area:
    return Area(**dict(row))


def area(store: Store, code: str) -> Area:
    """The area of that code, in any case. Raises Refused when there is none."""
    row = store.catalogue.execute(f"SELECT {_COLUMNS} FROM areas WHERE code = ?", [code.strip().upper()]).fetchone()
    if row is None:
        raise Refused(
            f"There is no practice, network or ICB with the code '{code}' in the loaded files. Search by name or postcode."
        )
    return _area(row)


def named(store: Store, codes: list[str]) -> dict[str, Area]:
    """Areas by code, for those of the codes that exist."""
    found: dict[str, Area] = {}
    for start in range(0, len(codes), 500):
        some = codes[start : start + 500]
        marks = ", ".join("?" * len(some))
        for row in store.catalogue.execute(f"SELECT {_COLUMNS} FROM areas WHERE code IN ({marks})", some):
            found[row["code"]] = _area(row)
    return found


def search(store: Store, text: str, limit: int = 30) -> list[Area]:
    """Areas whose code, name or postcode fits the text: exact codes first, then practices open today, then by size.

    Every word must occur in the name, in any order; a postcode may be given with or without its space, or in part.
    """
    text = " ".join(text.split())
    if len(text) < 2:
        return []
    tight = re.sub(r"\s", "", text).upper()
    words = re.findall(r"[\w']+", text)
    name_fits = " AND ".join("name LIKE ?" for _ in words) or "0"
    postcode = tight if re.fullmatch(r"[A-Z]{1,2}\d[A-Z\d]?(\d[A-Z]{0,2})?", tight) else "no postcode"
    rows = store.catalogue.execute(
        f"""
        SELECT {_COLUMNS} FROM areas
        WHERE code = ? OR replace(postcode, ' ', '') LIKE ? OR ({name_fits})
        ORDER BY code <> ?, status <> 'active', patients IS NULL, level = 'practice', name NOT LIKE ?, patients DESC, name
        LIMIT ?
        """,
        [tight, f"{postcode}%", *[f"%{w}%" for w in words], tight, f"{text}%", limit],
    ).fetchall()
    return [_area(row) for row in rows]


def path(store: Store, place: Area) -> list[Area]:
    """From England down to the place itself: the breadcrumb."""
    codes = [ENGLAND, place.region, place.icb, place.sub_icb, place.pcn, place.code]
    known = named(store, [c for c in codes if c])
    seen: list[Area] = []
    for code in codes:
        if code in known and known[code] not in seen:
            seen.append(known[code])
    return sorted(seen, key=lambda a: -LEVELS.index(a.level))


def members(store: Store, place: Area, level: str) -> list[Area]:
    """The areas of a level inside a place, by name; those with a registered list today only, for practices."""
    column = {"pcn": "pcn", "sub_icb": "sub_icb", "icb": "icb", "region": "region"}.get(place.level)
    inside = f"{column} = ? AND" if column else "? = 'ENG' AND"
    rows = store.catalogue.execute(
        f"SELECT {_COLUMNS} FROM areas WHERE {inside} level = ? AND status = 'active' AND (level <> 'practice' OR patients > 0) "
        "ORDER BY name",
        [place.code, level],
    ).fetchall()
    return [_area(row) for row in rows]
