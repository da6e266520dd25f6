"""Which practices are most alike, and why: comparison is fair only with practices whose patients are like yours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from openpractice.analysis.everyone import atlas
from openpractice.analysis.remembered import remembered
from openpractice.kinds import Area, Refused
from openpractice.methods import peers
from openpractice.store import Store, connection

ENOUGH = 4  # features that must be known of a practice before it is likened to others
COMMON = 0.5  # share of practices that must have a feature before it is used
KNOWN_WELL = 0.75  # share of the features used that must be known of a practice before others are likened to it
NEAR_KM = 5.0
EARTH_KM = 6371.0088  # mean radius
RECENT = 24  # months that a practice's last list may be older than the newest; older ones have closed


@dataclass(frozen=True)
class Feature:
    """One way in which practices are alike or differ. `log` compares by ratio; `weight` multiplies squared distance."""

    name: str
    title: str
    unit: str
    origin: str
    log: bool = False
    weight: float = 1.0


# The age shares overlap in what they say, and so do the three of place: their weights keep either from deciding alone.
FEATURES = (
    Feature("list_size", "Registered patients", "patients", "Patients Registered at a GP Practice", log=True),
    Feature("under_5", "Patients under 5", "proportion", "registered patients by age", weight=0.75),
    Feature("aged_5_to_19", "Patients aged 5 to 19", "proportion", "registered patients by age", weight=0.5),
    Feature("aged_15_to_24", "Patients aged 15 to 24", "proportion", "registered patients by age", weight=0.75),
    Feature("aged_65_and_over", "Patients aged 65 and over", "proportion", "registered patients by age"),
    Feature("aged_75_and_over", "Patients aged 75 and over", "proportion", "registered patients by age", weight=0.5),
    Feature("imd_score", "Deprivation score", "score", "Index of Multiple Deprivation 2019, where patients live"),
    Feature("non_white_share", "Patients who are not white", "proportion", "Census 2021, where patients live"),
    Feature("rural", "Rural practice", "yes or no", "NHS Payments to General Practice", weight=0.5),
    Feature("dispensing", "Dispensing practice", "yes or no", "NHS Payments to General Practice", weight=0.5),
    Feature(
        "patients_near", f"Registered patients within {NEAR_KM:.0f} km", "patients", "computed from practices' places",
        log=True, weight=0.75,
    ),
)  # fmt: skip
_BY_NAME = {feature.name: feature for feature in FEATURES}


@dataclass(frozen=True)
class Neighbour:
    """One practice that is alike: how far, and what each feature adds (shares of the squared distance)."""

    area: Area
    distance: float
    contributions: dict[str, float]
    values: dict[str, float | None]


@dataclass(frozen=True)
class Alike:
    """The practices most alike one practice, nearest first."""

    area: Area
    features: tuple[Feature, ...]  # those compared by
    own: dict[str, float | None]
    neighbours: tuple[Neighbour, ...]
    drivers: dict[str, float]  # share of all the squared distance to these neighbours
    stability: dict[str, float]  # share of neighbours kept when the feature is left out
    missing: tuple[str, ...]  # features not known of this practice: it counts as ordinary in them
    unused: tuple[str, ...]  # features known of too few practices, or left out as asked
    n: int
    k: int

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(neighbour.area.code for neighbour in self.neighbours)


@dataclass(frozen=True, eq=False)
class Table:
    """Every practice open today with what is known of it: `values` [practice, feature], NaN where unknown."""

    codes: tuple[str, ...]
    values: NDArray[np.float64]
    index: dict[str, int]


def alike(store: Store, code: str, k: int = 20, exclude: Sequence[str] = ()) -> Alike:
    """The k practices most alike, without the features excluded.

    Raises Refused for what is not an open practice, a practice of which too little is known, or an unknown feature.
    """
    exclude = tuple(sorted(set(exclude)))
    return remembered(store, ("alike", code, k, exclude), lambda: _alike(store, code, k, exclude), room=500)


def _alike(store: Store, code: str, k: int, exclude: tuple[str, ...]) -> Alike:
    everywhere, known = atlas(store).areas, features(store)
    _check(everywhere.get(code), code, k, exclude, known)
    place = everywhere[code]
    row = known.index[code]
    have = [f for i, f in enumerate(FEATURES) if not np.isnan(known.values[row, i])]
    if len(have) < ENOUGH:
        raise Refused(
            f"Only {len(have)} of {len(FEATURES)} features of {place.name} are known, and {ENOUGH} are needed to say which "
            "practices are most alike. Load registered patients by age, deprivation and payments for this practice."
        )
    rows, space = _space(store, exclude)
    if row not in rows:  # little is known of this one: it is set among the others, but is nobody's neighbour
        rows, space = _scaled(known, np.append(rows, row), exclude)
    k = min(k, len(rows) - 1)
    found = peers.most_alike(space, int(np.flatnonzero(rows == row)[0]), k)
    used = tuple(_BY_NAME[name] for name in found.names)
    neighbours = tuple(
        Neighbour(everywhere[known.codes[i]], float(distance), _shares(found.names, squares), _values(known, i, used))
        for i, distance, squares in zip(rows[found.indices], found.distances, found.contributions, strict=True)
    )
    own = _values(known, row, used)
    return Alike(
        area=place, features=used, own=own, neighbours=neighbours,
        drivers=dict(zip(found.names, found.drivers.tolist(), strict=True)),
        stability=dict(zip(found.names, found.stability.tolist(), strict=True)),
        missing=tuple(name for name, value in own.items() if value is None),
        unused=tuple(f.name for f in FEATURES if f not in used), n=len(rows), k=k,
    )  # fmt: skip


def _check(place: Area | None, code: str, k: int, exclude: tuple[str, ...], known: Table) -> None:
    if place is None:
        raise Refused(f"There is no practice with the code '{code}' in the loaded files. Search by name or postcode.")
    if place.level != "practice":
        raise Refused(f"{place.name} is not a practice. The most alike are found for practices; open one of its own.")
    if code not in known.index:
        raise Refused(f"{place.name} has no registered patients in the newest files, so nothing can be most alike.")
    if k < 1:
        raise Refused(f"Ask for at least 1 practice most alike, not {k}.")
    for name in exclude:
        if name not in _BY_NAME:
            raise Refused(f"There is no feature called '{name}'. There are: {', '.join(_BY_NAME)}.")
    if len(known.codes) < 2:
        raise Refused("Only one practice is loaded, so there is none to be alike. Load a file of all practices.")


def _shares(names: Sequence[str], squares: NDArray) -> dict[str, float]:
    total = squares.sum()
    return dict(zip(names, (squares / total if total else squares).tolist(), strict=True))


def _values(known: Table, row: int, used: Sequence[Feature]) -> dict[str, float | None]:
    values = {f.name: float(known.values[row, i]) for i, f in enumerate(FEATURES) if f in used}
    return {name: None if value != value else value for name, value in values.items()}


def _space(store: Store, exclude: tuple[str, ...]) -> tuple[NDArray[np.intp], peers.Space]:
    """The rows of the practices that can be neighbours, and the space they lie in, remembered."""

    def build() -> tuple[NDArray[np.intp], peers.Space]:
        known = features(store)
        present = ~np.isnan(known.values[:, _used(known, exclude)])
        return _scaled(known, np.flatnonzero(present.mean(axis=1) >= KNOWN_WELL), exclude)

    return remembered(store, ("space", exclude), build)


def _used(known: Table, exclude: tuple[str, ...]) -> list[int]:
    common = (~np.isnan(known.values)).mean(axis=0) >= COMMON
    used = [i for i, f in enumerate(FEATURES) if common[i] and f.name not in exclude]
    if not used:
        raise Refused("Every feature is left out. Leave at least one to compare by.")
    return used


def _scaled(known: Table, rows: NDArray[np.intp], exclude: tuple[str, ...]) -> tuple[NDArray[np.intp], peers.Space]:
    used = _used(known, exclude)
    names = [FEATURES[i].name for i in used]
    logged = [name for name in names if _BY_NAME[name].log]
    weights = {name: _BY_NAME[name].weight for name in names}
    return rows, peers.space(known.values[rows][:, used], names, log=logged, weights=weights)


def features(store: Store) -> Table:
    """What is known of every practice that has patients today, remembered."""
    return remembered(store, ("features",), lambda: _table(store))


def _table(store: Store) -> Table:
    current = _current(store)
    areas = [a for c, a in atlas(store).areas.items() if a.status == "active" and current.get(c, 0) > 0]
    index = {area.code: i for i, area in enumerate(areas)}
    values = np.full((len(areas), len(FEATURES)), np.nan)
    column = {feature.name: values[:, i] for i, feature in enumerate(FEATURES)}
    column["list_size"][:] = [current[area.code] for area in areas]
    for name, rows in (*_attributes(store).items(), *_ages(store).items()):
        for code, value in rows:
            if code in index and value is not None:
                column[name][index[code]] = value
    column["patients_near"][:] = _patients_near(areas, column["list_size"])
    return Table(tuple(index), values, index)


def _current(store: Store) -> dict[str, float]:
    """The last list of every practice that still has one."""
    rows = store.catalogue.execute(
        """
        SELECT r.area, r.value, max(r.month) FROM results r JOIN measures m ON m.id = r.measure
        WHERE m.name = 'list_size' AND r.level = 'practice' GROUP BY r.area
        """
    ).fetchall()
    newest = max((month for _, _, month in rows), default=0)
    return {code: patients for code, patients, month in rows if month >= newest - RECENT}


def _attributes(store: Store) -> dict[str, list[tuple[str, float]]]:
    """The latest of each attribute of a practice, from the source most trusted."""
    with connection.connect() as con:
        connection.see_parts(con, store.catalogue, store.home)
        connection.see_rows(con, store.home, "profile", "profile")
        rows = con.execute(
            """
            SELECT attribute, area_code, number FROM (
                SELECT DISTINCT ON (area_code, attribute) attribute, area_code, number FROM profile
                WHERE level = 'practice' AND number IS NOT NULL
                  AND attribute IN ('imd_score', 'non_white_share', 'rural', 'dispensing')
                ORDER BY area_code, attribute, month_no DESC, rank, published DESC, part_id DESC)
            """
        ).fetchall()
    found: dict[str, list[tuple[str, float]]] = {}
    for attribute, code, value in rows:
        found.setdefault(attribute, []).append((code, value))
    return found


def _ages(store: Store) -> dict[str, list[tuple[str, float]]]:
    """Age shares of each practice in its latest month, from one file; NULL where a band lies across the edge."""
    with connection.connect() as con:
        connection.see_parts(con, store.catalogue, store.home)
        connection.see_rows(con, store.home, "list_ages", "ages")
        con.execute(
            """
            CREATE TEMP TABLE shares AS
            WITH wanted(name, low, high) AS (
                VALUES ('under_5', 0, 4), ('aged_5_to_19', 5, 19), ('aged_15_to_24', 15, 24),
                       ('aged_65_and_over', 65, 120), ('aged_75_and_over', 75, 120)),
            latest AS (
                SELECT DISTINCT ON (area_code) area_code, month_no, part_id FROM ages
                WHERE level = 'practice' AND patients IS NOT NULL AND age_from IS NOT NULL AND age_to IS NOT NULL
                ORDER BY area_code, month_no DESC, rank, published DESC, part_id DESC),
            bands AS (
                SELECT area_code, age_from, age_to, sum(patients) AS patients
                FROM ages SEMI JOIN latest USING (area_code, month_no, part_id)
                WHERE patients IS NOT NULL AND age_from IS NOT NULL AND age_to IS NOT NULL GROUP BY ALL)
            SELECT name, area_code,
                   sum(patients) FILTER (age_from >= low AND age_to <= high) / nullif(sum(patients), 0) AS share,
                   bool_or((age_from < low AND age_to >= low) OR (age_from <= high AND age_to > high)) AS across
            FROM bands, wanted GROUP BY ALL
            """
        )
        rows = con.execute("SELECT name, area_code, coalesce(share, 0) FROM shares WHERE NOT across").fetchall()
    found: dict[str, list[tuple[str, float]]] = {}
    for name, code, share in rows:
        found.setdefault(name, []).append((code, share))
    return found


def _patients_near(areas: Sequence[Area], patients: NDArray) -> NDArray[np.float64]:
    """Patients registered at practices within NEAR_KM, the practice's own among them; NaN without a place."""
    degrees = np.array([[a.latitude, a.longitude] for a in areas], dtype=np.float64).reshape(-1, 2)
    found = np.full(len(areas), np.nan)
    placed = np.flatnonzero(~np.isnan(degrees).any(axis=1))
    latitude, longitude = np.radians(degrees[placed]).T
    points = np.stack([np.cos(latitude) * np.cos(longitude), np.cos(latitude) * np.sin(longitude), np.sin(latitude)], 1)
    chord = 2 * np.sin(NEAR_KM / EARTH_KM / 2)  # straight through the Earth: near points keep all their digits
    for first in range(0, len(placed), 256):
        block = points[first : first + 256]
        squared = sum((block[:, axis, None] - points[None, :, axis]) ** 2 for axis in range(3))
        found[placed[first : first + 256]] = (squared <= chord**2) @ patients[placed]
    return found
