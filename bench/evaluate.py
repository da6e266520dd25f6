"""How fast every measure is computed for every practice and month of the sample, against ordinary pandas.

The peer computes five measures as one would write them in a notebook: load the files, keep the latest edition and the
most trusted source, join the lists, group, sum, divide, grade. Its time is scaled to all measures. Some of them have no
figure for single practices in the sample and are cheap for ours, so a second row scales by those that have one, and a
third by the number of figures. Both start from an opened store, with its settled lists in memory, and plan and read
everything else anew. Both load Parquet with DuckDB, which favours the peer.
"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd

from openpractice.analysis import evaluate, recompute
from openpractice.measures import catalogue
from openpractice.sources import catalogue as sources
from openpractice.store import Store

SAMPLE = Path(recompute.__file__).parents[1] / "sample"
TARGET = 10
TIMES = 3


def run() -> list[dict]:
    with tempfile.TemporaryDirectory() as folder:
        recompute.ingest_bundle(Path(folder), SAMPLE)
        return compare(Path(folder))


def compare(home: Path, times: int = TIMES) -> list[dict]:
    """Ours and the peer take turns, and each is given its best time, so that a busy machine favours neither."""
    measures = catalogue().values()
    notebook = Notebook(home)
    ours, peer = [], []
    for _ in range(times):
        facts = Store(home).facts()
        ours.append(Timed(lambda facts=facts: evaluate.columns(facts, measures, levels=("practice",))))
        facts.close()
        peer.append(Timed(notebook.figures))
    columns, twin = ours[0].answer, peer[0].answer
    check_agree(columns, twin)
    figures = sum(len(column.target) for column in columns)
    share = figures / sum(len(frame) for frame in twin.values())
    size = f"{len(measures)} measures, {figures:,} figures of practices; pandas timed on {len(twin)} measures"
    return [
        _row(f"evaluate: {size} and scaled by measures", ours, peer, len(measures) / len(twin), TARGET),
        _row(
            f"evaluate: the same, scaled by the {len(columns)} with figures", ours, peer, len(columns) / len(twin), None
        ),
        _row("evaluate: the same, scaled by figures", ours, peer, share, None),
    ]


class Timed:
    def __init__(self, work):
        wall, cpu = time.perf_counter(), time.process_time()
        self.answer = work()
        self.wall, self.cpu = time.perf_counter() - wall, time.process_time() - cpu


def _row(name, ours, peer, scale, target):
    wall, cpu = min(t.wall for t in ours), min(t.cpu for t in ours)
    peer_wall, peer_cpu = scale * min(t.wall for t in peer), scale * min(t.cpu for t in peer)
    return {
        "name": name,
        "ours_seconds": wall,
        "peer_seconds": peer_wall,
        "ours_cpu": cpu,
        "peer_cpu": peer_cpu,
        "ratio": peer_wall / wall,
        "target": target,
        "unit": "times faster than pandas",
    }


def check_agree(columns: list[evaluate.Column], twin: dict[str, pd.DataFrame]) -> None:
    """Raises AssertionError where the two give a different figure, or where only one gives any."""
    ours = {column.measure.name: column for column in columns}
    for name, theirs in twin.items():
        column = ours[name]
        theirs = theirs.set_index(["area_code", "month_no"])
        index = pd.MultiIndex.from_arrays([column.target, column.month])
        assert set(index) == set(theirs.index), f"{name}: not the same practices and months"
        theirs = theirs.loc[index]
        for of in ("value", "coverage", "unknown"):
            np.testing.assert_allclose(getattr(column, of), theirs[of].to_numpy(), rtol=1e-9, err_msg=f"{name}: {of}")
        assert (column.confidence == theirs["confidence"].to_numpy()).all(), f"{name}: confidence"


KEYS = ["area_code", "month_no"]


class Notebook:
    """Five measures in pandas. The lists are loaded beforehand, as they are in an opened store."""

    def __init__(self, home: Path):
        self.home = home
        self.lists = _read([home / "derived" / str(Store(home).version) / "lists.parquet"])

    def figures(self) -> dict[str, pd.DataFrame]:
        five = (
            self.calls_missed,
            self.inbound_calls_per_1000,
            self.online_requests_per_1000,
            self.gp_fte_per_10000,
            self.diabetes_prevalence,
        )
        return {find.__name__: find() for find in five}

    def calls_missed(self) -> pd.DataFrame:
        rows = self.believed("calls")
        rows = rows[rows["missed"].notna() & rows["inbound"].notna()]
        return self.ratio(rows, "missed", "inbound", proportion=True)

    def inbound_calls_per_1000(self) -> pd.DataFrame:
        rows = self.believed("calls").merge(self.lists[self.lists["near"]], on=KEYS)
        sums = rows.groupby(KEYS, as_index=False).agg(inbound=("inbound", "sum"), patients=("patients", "first"))
        return self.ratio(sums, "inbound", "patients", 1_000)

    def online_requests_per_1000(self) -> pd.DataFrame:
        rows = self.believed("online_requests")
        rows = rows[rows["participating"].ne(0).fillna(True) & rows["submissions"].notna() & rows["registered"].notna()]
        return self.ratio(rows, "submissions", "registered", 1_000)

    def gp_fte_per_10000(self) -> pd.DataFrame:
        rows = self.believed("workforce")
        known = rows["gp_fte"].notna() & rows["patients"].notna()
        rows = rows.assign(
            fte=rows["gp_fte"].where(known, 0),
            theirs=rows["patients"].where(known, 0),
            left_out=rows["patients"].where(rows["gp_fte"].isna(), 0),
        )
        return self.ratio(rows, "fte", "theirs", 10_000, beside="left_out")

    def diabetes_prevalence(self) -> pd.DataFrame:
        rows = self.believed("qof_prevalence")
        rows = rows[(rows["condition"] == "DM") & rows["register"].notna() & rows["eligible"].notna()]
        return self.ratio(rows, "register", "eligible", proportion=True)

    def believed(self, table: str) -> pd.DataFrame:
        """The rows of practices that stand: each source's latest edition, and of several sources the most trusted."""
        parts = self.parts(table)
        rows = _read([self.home / "facts" / table / f"{part}.parquet" for part in parts["part_id"]])
        rows = rows[(rows["level"] == "practice") & (rows["area_code"] != "UNASSIGNED")].merge(parts, on="part_id")
        said = ["source", "carries", "month_no"] + (["condition"] if "condition" in rows else [])
        whole = rows[rows["complete"] == 1].groupby(said, as_index=False).agg(whole=("edition", "max"))
        rows = rows.merge(whole, on=said, how="left")
        latest = rows.groupby([*said, "area_code"])["edition"].transform("max")
        rows = rows[(rows["edition"] == latest) & ~(rows["edition"] < rows["whole"])]
        kind = said[3:]
        order = rows.sort_values(["rank", "detail", "source"], ascending=[True, False, True])
        best = order.drop_duplicates([*KEYS, *kind])[[*KEYS, *kind, "source", "carries"]]
        return rows.merge(best, on=[*KEYS, *kind, "source", "carries"])

    def parts(self, table: str) -> pd.DataFrame:
        found = Store(self.home).catalogue.execute("SELECT * FROM parts WHERE table_name = ?", [table]).fetchall()
        parts = pd.DataFrame([dict(row) for row in found]).rename(columns={"id": "part_id"})
        parts["edition"] = parts["published"] * 1_000_000 + parts["file_id"]
        parts["rank"] = parts["source"].map({name: source.rank for name, source in sources().items()})
        parts["detail"] = parts["carries"].str.count(",")
        return parts[["part_id", "source", "carries", "complete", "edition", "rank", "detail"]]

    def ratio(self, rows, over, under, scale=1, proportion=False, beside=None) -> pd.DataFrame:
        """One figure a practice and month, with the share of its list behind it, what is unknown and its grade."""
        named = {"numerator": (over, "sum"), "denominator": (under, "sum")} | (
            {"beside": (beside, "sum")} if beside else {}
        )
        sums = rows.groupby(KEYS, as_index=False).agg(**named)
        sums = sums[sums["denominator"] > 0].merge(self.lists[[*KEYS, "current"]], on=KEYS, how="left")
        sums["value"] = scale * sums["numerator"] / sums["denominator"]
        sums["coverage"] = np.where(sums["current"].eq(True), 1.0, np.nan)
        sums["unknown"] = sums["beside"] / (sums["beside"] + sums["denominator"]) if beside else 0.0
        little = sums["denominator"] < 10 if proportion else False
        some = sums["denominator"] < 30 if proportion else False
        low = (sums["unknown"] > 0.2) | little
        medium = sums["coverage"].isna() | (sums["unknown"] > 0.05) | some
        return sums.assign(confidence=np.select([low, medium], ["Low", "Medium"], "High"))


def _read(files: list[Path]) -> pd.DataFrame:
    with duckdb.connect() as con:
        con.execute("SET threads = 2")
        return con.read_parquet([str(file) for file in files], union_by_name=True).df()
