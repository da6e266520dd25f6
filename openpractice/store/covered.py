"""How many patients stand behind each area's figure, looked up a column at a time."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb
import numpy as np

_MONTHS = 1_000_000  # more than any running month number

_COVERED = """
WITH areas AS (SELECT DISTINCT target, month_no, area_code, patients, behind FROM plan),
summed AS (
  SELECT a.target, a.month_no,
         -- no list behind any of it, though the area has one: it speaks for none of the area
         CASE WHEN any_value(t.patients) > 0 THEN coalesce(sum(a.behind), 0) END AS behind,
         any_value(t.patients) AS everyone, sum(a.patients) AS listed
  FROM areas a LEFT JOIN totals t ON t.target = a.target AND t.month_no = a.month_no GROUP BY ALL)
SELECT target, dense_rank() OVER (ORDER BY target) - 1 AS place, month_no, behind, everyone, listed
FROM summed ORDER BY target, month_no
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
        places = self.places
        wanted = np.array([places.get(t, -1) for t in target.tolist()], dtype=np.int64) * _MONTHS + month
        at = np.minimum(np.searchsorted(self.keys, wanted), len(self.keys) - 1)
        found = self.keys[at] == wanted
        behind, everyone, listed = (np.where(found, v[at], np.nan) for v in (self.behind, self.everyone, self.listed))
        return behind, everyone, listed


def covered(con: duckdb.DuckDBPyConnection) -> Covered:
    """Read it from the connection's `plan` and `totals`."""
    columns = con.execute(_COVERED).fetchnumpy()
    place = np.asarray(columns["place"], dtype=np.int64)
    first = np.flatnonzero(np.diff(place, prepend=-1))
    numbers: dict[str, np.ndarray] = {
        name: np.ma.filled(np.ma.asarray(columns[name], dtype=float), np.nan)
        for name in ("behind", "everyone", "listed")
    }
    return Covered(
        places={str(t): i for i, t in enumerate(np.asarray(columns["target"], dtype=object)[first])},
        keys=place * _MONTHS + np.asarray(columns["month_no"], dtype=np.int64),
        **numbers,
    )
