"""What a practice's patients and place are like: the features by which practices are found alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from openpractice.analysis.everyone import atlas
from openpractice.analysis.remembered import remembered
from openpractice.kinds import Area
from openpractice.store import Store, connection

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


@dataclass(frozen=True, eq=False)
class Table:
    """Every practice open today with what is known of it: `values` [practice, feature], NaN where unknown."""

    codes: tuple[str, ...]
    values: NDArray[np.float64]
    index: dict[str, int]


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
