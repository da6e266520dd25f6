"""How many patients stand behind each area's figure, looked up a column at a time."""

from __future__ import annotations

from dataclasses import dataclass, replace

import duckdb
import numpy as np

_MONTHS = 1_000_000  # more than any running month number

_COVERED = f"""
WITH areas AS (SELECT DISTINCT target, month_no, area_code, patients, behind FROM plan)
SELECT enum_code(a.target)::BIGINT * {_MONTHS} + a.month_no AS key,
       -- no list behind any of it, though the area has one: it speaks for none of the area
       CASE WHEN any_value(e.patients) > 0 THEN coalesce(sum(a.behind), 0) END AS behind,
       any_value(e.patients) AS everyone, sum(a.patients) AS listed
FROM areas a LEFT JOIN everyone e ON e.target = a.target AND e.month_no = a.month_no
GROUP BY a.target, a.month_no
"""


@dataclass(frozen=True)
class Covered:
    """For each target and month of a plan: the patients `behind` its figures, `everyone` in the area, and those `listed`.

    `listed` counts only lists from within a year, which rates divide by; `behind` any list, which coverage is told by.
    `keys` are sorted numbers made of the target's place and the month; the other arrays have the same length.
    """

    places: dict[str, int]
    keys: np.ndarray
    behind: np.ndarray
    everyone: np.ndarray
    listed: np.ndarray

    def of(self, target: np.ndarray, month: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """(behind, everyone, listed) for arrays of targets and months; NaN where not known."""
        if not len(self.keys):
            nothing = np.full(len(target), np.nan)
            return nothing, nothing, nothing
        places = np.fromiter(map(self.places.__getitem__, target.tolist()), np.int64, len(target))
        wanted = places * _MONTHS + month
        at = np.minimum(np.searchsorted(self.keys, wanted), len(self.keys) - 1)
        found = self.keys[at] == wanted
        behind, everyone, listed = (np.where(found, v[at], np.nan) for v in (self.behind, self.everyone, self.listed))
        return behind, everyone, listed

    def months(self, target: str) -> list[tuple[int, float, float, float]]:
        """(month, behind, everyone, listed) of each month of one target, the earliest first."""
        place = self.places.get(target, -1) * _MONTHS
        at = slice(*np.searchsorted(self.keys, [place, place + _MONTHS]))
        columns = (self.keys[at] - place, self.behind[at], self.everyone[at], self.listed[at])
        return list(zip(*(column.tolist() for column in columns), strict=True))

    def less(self, target: np.ndarray, month: np.ndarray, patients: np.ndarray) -> Covered:
        """The same with so many patients fewer behind the figures of these targets and months."""
        places = np.fromiter(map(self.places.__getitem__, target.tolist()), np.int64, len(target))
        behind = self.behind.copy()
        behind[np.searchsorted(self.keys, places * _MONTHS + month)] -= patients
        return replace(self, behind=behind)


def covered(con: duckdb.DuckDBPyConnection, places: dict[str, int]) -> Covered:
    """Read it from the connection's `plan` and `everyone`; `places` numbers the codes."""
    columns = con.execute(_COVERED).fetchnumpy()
    keys = np.asarray(columns["key"], dtype=np.int64)
    order = np.argsort(keys)  # a tenth of what the database takes
    numbers: dict[str, np.ndarray] = {
        name: np.ma.filled(np.ma.asarray(columns[name], dtype=float), np.nan)[order]
        for name in ("behind", "everyone", "listed")
    }
    return Covered(places=places, keys=keys[order], **numbers)
