"""The pandas twin gives the same figures, on a slice of the sample. Nothing is timed here."""

import json

import duckdb
import numpy as np
import pytest

from bench import evaluate as benchmark
from openpractice.analysis import evaluate
from openpractice.analysis.recompute import ingest_bundle
from openpractice.measures import catalogue
from openpractice.store import Store

TABLES = ("calls", "online_requests", "workforce", "qof_prevalence", "list_size")


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """A store of the tables that the twin reads, with the practices of two towns."""
    folder = tmp_path_factory.mktemp("slice")
    (folder / "parts").mkdir()
    manifest = json.loads((benchmark.SAMPLE / "manifest.json").read_text(encoding="utf-8"))
    manifest["parts"] = [part for part in manifest["parts"] if part["table_name"] in TABLES]
    with duckdb.connect() as con:
        for part in manifest["parts"]:
            name = f"parts/{part['id']}.parquet"
            some = f"FROM '{benchmark.SAMPLE / name}' WHERE area_code < 'A81020' OR area_code LIKE 'B8703%'"
            con.execute(f"COPY ({some}) TO '{folder / name}' (FORMAT parquet)")
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    ingest_bundle(folder / "home", folder)
    return folder / "home"


def columns(home):
    facts = Store(home).facts()
    try:
        return evaluate.columns(facts, catalogue().values(), levels=("practice",))
    finally:
        facts.close()


def test_pandas_and_ours_give_the_same_figures(home):
    twin = benchmark.Notebook(home).figures()
    assert min(map(len, twin.values())) > 20
    benchmark.check_agree(columns(home), twin)


def test_a_figure_that_differs_is_noticed(home):
    twin = benchmark.Notebook(home).figures()
    twin["calls_missed"].loc[0, "value"] += 1e-3
    with pytest.raises(AssertionError, match="calls_missed: value"):
        benchmark.check_agree(columns(home), twin)


def test_the_rows_scale_by_measures_and_by_figures(home):
    rows = benchmark.compare(home, times=1)
    assert [row["target"] for row in rows] == [10, None, None]
    assert np.isclose(rows[0]["peer_cpu"] / rows[1]["peer_cpu"] * len(columns(home)), len(catalogue()))
