"""A bundle carries a store's facts to another: every result, every account, and no path of this machine."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from openpractice.analysis import loaded
from openpractice.analysis.recompute import ingest, ingest_bundle
from openpractice.kinds import Refused
from openpractice.store import Store
from openpractice.store.bundle import export_bundle

CALLS = {"Y99001": (6000, 3900, 1400, 240, 390), "Y99002": (8000, 4000, 2000, 800, 1200)}
RESULTS = """SELECT m.name, r.area, r.month, r.level, r.numerator, r.denominator, r.value, r.coverage, r.unknown, r.confidence
             FROM results r JOIN measures m ON m.id = r.measure ORDER BY m.name, r.area, r.month"""


def everything(store: Store) -> dict[str, list[tuple]]:
    """Results, areas and accounts: what a reader of the store can see."""
    questions = {
        "results": RESULTS,
        "areas": "SELECT * FROM areas ORDER BY code",
        "files": "SELECT sha256, name, source, rows_read, rows_kept, rows_refused, first_month, last_month FROM files ORDER BY sha256, name",
        "parts": "SELECT table_name, source, carries, complete, published, rows FROM parts ORDER BY 1, 2, 3, 5, 6",
    }
    return {name: [tuple(row) for row in store.catalogue.execute(sql)] for name, sql in questions.items()}


@pytest.fixture
def store(tmp_path, small) -> Store:
    """Lists, two editions that restate one another, and a row that was refused."""
    files = tmp_path / "files"
    files.mkdir()
    small.patients(files / "a.csv", "2026-01", {"Y99001": 9000, "Y99002": 12000, "not a code": 5})
    small.telephony(files / "b.xlsx", "2026-01", {"Y99001": (5000, 3000, 1400, 240, 390)})
    small.telephony(files / "c.xlsx", "2026-02", CALLS)
    (files / "d.csv").write_text("a,b\n1,2\n")
    ingest(tmp_path / "home", [files])
    return Store(tmp_path / "home")


def test_out_and_in_again_every_result_is_the_same(store, tmp_path):
    assert export_bundle(store, tmp_path / "bundle") == len(everything(store)["parts"])
    assert ingest_bundle(tmp_path / "other", tmp_path / "bundle") == 3
    before, after = everything(store), everything(Store(tmp_path / "other"))
    before["files"] = [row for row in before["files"] if row[1] != "d.csv"]  # what was refused stays behind
    assert after == before
    assert before["results"]


def test_the_same_bundle_twice_changes_nothing(store, tmp_path):
    export_bundle(store, tmp_path / "bundle")
    ingest_bundle(tmp_path / "other", tmp_path / "bundle")
    before = everything(Store(tmp_path / "other"))
    assert ingest_bundle(tmp_path / "other", tmp_path / "bundle") == 0
    assert ingest_bundle(store.home, tmp_path / "bundle") == 0
    assert everything(Store(tmp_path / "other")) == before


def test_a_bundle_of_a_bundle_is_the_same_bundle(store, tmp_path):
    export_bundle(store, tmp_path / "bundle")
    ingest_bundle(tmp_path / "other", tmp_path / "bundle")
    export_bundle(Store(tmp_path / "other"), tmp_path / "again")
    first, second = (json.loads((tmp_path / name / "manifest.json").read_text()) for name in ("bundle", "again"))
    assert first == second
    assert {p.name for p in (tmp_path / "bundle/parts").iterdir()} == {
        p.name for p in (tmp_path / "again/parts").iterdir()
    }


def test_files_that_follow_a_bundle_join_it(store, tmp_path, small):
    export_bundle(store, tmp_path / "bundle")
    ingest_bundle(tmp_path / "other", tmp_path / "bundle")
    march = small.telephony(tmp_path / "march.xlsx", "2026-03", CALLS)
    ingest(tmp_path / "other", [march])
    ingest(store.home, [march])
    assert everything(Store(tmp_path / "other"))["results"] == everything(store)["results"]


def test_some_files_may_be_left_out(store, tmp_path):
    export_bundle(store, tmp_path / "bundle", keep=lambda file: file["source"] == "registered_patients")
    assert ingest_bundle(tmp_path / "other", tmp_path / "bundle") == 1
    assert {row[1] for row in everything(Store(tmp_path / "other"))["parts"]} == {"registered_patients"}


def test_no_path_of_this_machine_leaves_it(store, tmp_path):
    export_bundle(store, tmp_path / "bundle")
    assert str(tmp_path) not in (tmp_path / "bundle" / "manifest.json").read_text()


def test_the_account_of_a_file_survives(store, tmp_path):
    export_bundle(store, tmp_path / "bundle")
    ingest_bundle(tmp_path / "other", tmp_path / "bundle")
    told = {f.name: (f.rows_read, f.rows_kept, f.refusals, f.headers) for f in loaded.files(Store(tmp_path / "other"))}
    assert told == {
        f.name: (f.rows_read, f.rows_kept, f.refusals, f.headers) for f in loaded.files(store) if f.status == "loaded"
    }
    assert told["a.csv"][0] == told["a.csv"][1] + 1


def test_an_existing_folder_is_not_written_over(store, tmp_path):
    (tmp_path / "bundle").mkdir()
    with pytest.raises(Refused, match="exists already"):
        export_bundle(store, tmp_path / "bundle")


def test_a_folder_that_is_no_bundle_is_refused_and_leaves_no_version(store, tmp_path):
    with pytest.raises(Refused, match="is not a bundle"):
        ingest_bundle(store.home, tmp_path)
    assert store.version == 1


@pytest.fixture(scope="module")
def bundle(tmp_path_factory, small) -> Path:
    """A bundle of one file, for tests that spoil a copy of it."""
    folder = tmp_path_factory.mktemp("bundle")
    ingest(folder / "home", [small.patients(folder / "a.csv", "2026-01", {"Y99001": 9000})])
    export_bundle(Store(folder / "home"), folder / "bundle")
    return folder / "bundle"


SPOILT = [
    (lambda m: m.pop("files"), r"its manifest lacks files\. Export it again"),
    (lambda m: m.update(format=3), r"format that this version does not know\. Update"),
    (lambda m: m["files"].append("a.csv"), r"its account of a file lacks id and lacks sha256"),
    (lambda m: m["files"][0].pop("sha256"), r"its account of a file lacks sha256\. Export it again"),
    (lambda m: m["files"][0].update({"id) SELECT 1 --": 1}), r"an unknown id\) SELECT 1 --\. Export it again"),
    (lambda m: m["parts"][0].pop("rows"), r"its account of a part lacks rows\. Export it again"),
    (lambda m: m["parts"][0].update(colour="blue"), r"its account of a part has an unknown colour\. Export it again"),
    (lambda m: m["parts"][0].update(id="../../elsewhere"), r"a part '\.\./\.\./elsewhere'; .*Export it again"),
    (lambda m: m["parts"][0].update(id=999), r"lacks 999\.parquet, which its manifest names\. Copy the whole folder"),
    (lambda m: m["parts"][-1].update(table_name="not_yet"), r"a table 'not_yet' .* Update"),
]


@pytest.mark.parametrize(("spoil", "told"), SPOILT)
def test_a_bundle_that_is_not_whole_is_refused_and_leaves_nothing(bundle, tmp_path, spoil, told):
    folder = Path(shutil.copytree(bundle, tmp_path / "bundle"))
    shutil.copy(folder / "parts" / "1.parquet", tmp_path / "elsewhere.parquet")
    manifest = json.loads((folder / "manifest.json").read_text())
    spoil(manifest)
    (folder / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(Refused, match=told) as refusal:
        ingest_bundle(tmp_path / "other", folder)
    assert str(folder) in str(refusal.value)
    assert Store(tmp_path / "other").version == 0
    assert list((tmp_path / "other").glob("facts/*/*")) == []
