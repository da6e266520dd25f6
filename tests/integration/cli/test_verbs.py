"""The verbs as a person uses them: exit codes, words on standard error, JSON and CSV that other programs can read."""

from __future__ import annotations

import csv
import io
import json
import shutil
import signal
import subprocess
import sys
import time
import urllib.request

import pytest

from openpractice.cli.program import VERBS, program
from openpractice.kinds import LEVELS
from openpractice.measures import catalogue
from openpractice.present.formula import formula

CALLS = {"Y99001": (6000, 3900, 1400, 240, 390), "Y99002": (8000, 4000, 2000, 800, 1200)}


@pytest.fixture(scope="module")
def store(small, tmp_path_factory):
    """A store with two practices, thirteen months of lists and one of calls."""
    files, home = tmp_path_factory.mktemp("files"), tmp_path_factory.mktemp("store") / "home"
    for n in range(13):
        month = f"{2025 + n // 12}-{n % 12 + 1:02d}"
        small.patients(files / f"{month}.csv", month, {"Y99001": 9000 + 10 * n, "Y99002": 12000 - 5 * n})
    small.telephony(files / "calls.xlsx", "2026-01", CALLS)
    done = small.finish(small.start(home, "ingest", files))
    assert done.code == 0, done.err
    return home


@pytest.fixture
def loaded(openpractice, store, tmp_path):
    """The program over a copy of that store."""
    shutil.copytree(store, tmp_path / "home")
    return openpractice


def table(text: str) -> list[dict]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_every_verb_explains_itself_as_the_list_does(openpractice):
    listed = openpractice("--help")
    assert listed.code == 0
    for name, line in VERBS.items():
        ran = openpractice(name, "--help")
        assert ran.code == 0
        assert line in " ".join(ran.out.split())
        assert name in listed.out
        assert program.get_command(None, name).name == name


def test_help_does_not_wait_for_the_engines():
    slow = ("duckdb", "numpy", "narwhals", "django", "rich", "openpractice.kinds")
    code = f"import sys; from openpractice.cli.program import run; run(['--help']); print([m for m in {slow} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_the_version_is_printed(openpractice):
    from openpractice import __version__

    assert openpractice("--version").out == f"openpractice {__version__}\n"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["ingset"], "Did you mean 'ingest'?"),
        (["ingest"], "Missing argument"),
        (["ingest", "nowhere.csv"], "There is no file or folder nowhere.csv"),
        (["check"], "There is no data in"),
        (["measure", "calls_answered"], "There is no data in"),
        (["measure", "calls_answerd"], "Did you mean calls_answered"),
        (["measure", "calls_answered", "--period", "2026-13"], "not a month"),
        (["measure", "calls_answered", "--period", "2026-01", "--from", "2025-01"], "not both"),
        (["sources", "nothing"], "no file format called 'nothing'"),
        (["report", "Y99001", "--out", "report.doc"], ".pdf, .html or .xlsx"),
        (["spc", "calls_answered"], "--area CODE"),
        (["spc", "--csv", "x.csv"], "--date and --value"),
        (["spc"], "Give a MEASURE"),
        (["spc", "list_size", "--area", "ENG", "--out", "chart.gif"], ".svg or .png"),
        (["--home", __file__, "check"], "is a file"),
    ],
)
def test_what_is_refused_is_said_in_words_and_leaves_with_2(openpractice, arguments, said):
    ran = openpractice(*arguments)
    assert ran.code == 2
    assert said in ran.err
    assert "Traceback" not in ran.err
    assert ran.out == ""


def test_ingest_accounts_for_every_row(openpractice, small, tmp_path):
    file = small.patients(tmp_path / "p.csv", "2026-01", {"Y99001": 9200, "Y99002": "n/a", "NOTONE": 4})
    ran = openpractice("ingest", file, "--json")
    assert ran.code == 0
    [account] = json.loads(ran.out)["files"]
    assert set(account) >= {"path", "source", "status", "rows_read", "rows_kept", "rows_refused", "refusals", "periods"}
    assert (account["source"], account["status"], account["periods"]) == ("registered_patients", "loaded", ["2026-01"])
    assert (account["rows_read"], account["rows_kept"], account["rows_refused"]) == (3, 1, 2)
    assert sum(refusal["count"] for refusal in account["refusals"]) == 2
    assert all("line" in refusal["example"] for refusal in account["refusals"])
    again = openpractice("ingest", file)
    assert (again.code, again.err) == (0, "")
    assert "unchanged" in again.out


def test_ingest_leaves_with_2_only_when_every_file_is_refused(openpractice, small, tmp_path):
    strange = tmp_path / "folder" / "strange.csv"
    strange.parent.mkdir()
    strange.write_text("a,b\n1,2\n", encoding="utf-8")
    alone = openpractice("ingest", strange.parent, "--json")
    assert alone.code == 2
    assert "not a file OpenPractice knows" in alone.err
    assert json.loads(alone.out)["files"][0]["status"] == "refused"
    small.patients(strange.parent / "p.csv", "2026-01", {"Y99001": 9200})
    both = openpractice("ingest", strange.parent)
    assert both.code == 0
    assert "strange.csv" in both.err
    assert "2 files: 1 loaded, 1 refused." in both.out


def test_an_empty_folder_is_nothing_to_show(openpractice, tmp_path):
    (tmp_path / "empty").mkdir()
    ran = openpractice("ingest", tmp_path / "empty")
    assert ran.code == 1
    assert "no files" in ran.err


def test_measure_prints_records_with_everything_needed_to_trust_them(loaded):
    ran = loaded("measure", "inbound_calls_per_1000", "--area", "y99001", "--json")
    assert (ran.code, ran.err) == (0, "")
    [record] = json.loads(ran.out)
    assert set(record) >= {
        "measure", "area", "area_name", "level", "period", "numerator", "denominator", "value", "unit", "coverage",
        "confidence", "definition", "unknown", "by",
    }  # fmt: skip
    assert record["area_name"] == "Y99001 Surgery"
    assert (record["level"], record["period"]) == ("practice", "2026-01")
    assert (record["numerator"], record["denominator"]) == (6000, 9120)
    assert record["value"] == pytest.approx(1000 * 6000 / 9120)


def test_csv_says_what_json_says(loaded):
    asked = ("measure", "list_size", "--within", "Q99")
    rows, records = table(loaded(*asked, "--csv").out), json.loads(loaded(*asked, "--json").out)
    assert len(rows) == len(records) == 26
    for row, record in zip(rows, records, strict=True):
        assert row["area"] == record["area"]
        assert float(row["value"]) == record["value"]
        assert row["coverage"] == ("" if record["coverage"] is None else str(record["coverage"]))


def test_csv_lines_end_as_the_standard_says(loaded):
    text = loaded("sources", "--csv").out
    assert text.count("\r\n") == len(table(text)) + 1


@pytest.mark.parametrize("engine", ["duckdb", "polars", "plain"])
@pytest.mark.parametrize("measure", ["list_size", "inbound_calls_per_1000", "calls_missed"])
def test_stored_results_are_what_the_records_say_on_every_engine(loaded, measure, engine):
    for level in LEVELS:
        asked = ("measure", measure, "--level", level, "--json")
        stored, computed = loaded(*asked), loaded(*asked, "--engine", engine)
        assert stored.code == computed.code
        for a, b in zip(json.loads(stored.out), json.loads(computed.out), strict=True):
            assert a["value"] == pytest.approx(b["value"], rel=1e-12)
            assert {**a, "value": 0} == {**b, "value": 0}


def test_months_are_chosen(loaded):
    def months(*options):
        return [
            r["period"] for r in json.loads(loaded("measure", "list_size", "--area", "Y99001", *options, "--json").out)
        ]

    assert months("--period", "2025-07") == ["2025-07"]
    assert months("--from", "2025-11", "--to", "2026-01") == ["2025-11", "2025-12", "2026-01"]
    assert loaded("measure", "list_size", "--from", "2026-02", "--to", "2026-01").code == 2


def test_a_split_follows_the_order_of_its_words(loaded):
    asked = ("measure", "calls_08_to_10_share", "--by", "weekday", "--period", "2026-01")
    records = json.loads(loaded(*asked, "--json").out)
    assert [r["by"]["weekday"] for r in records][:3] == ["Monday", "Tuesday", "Wednesday"]
    assert [row["weekday"] for row in table(loaded(*asked, "--csv").out)][:3] == ["Monday", "Tuesday", "Wednesday"]
    assert "by colour. It can by: day_no, weekday" in loaded("measure", "calls_08_to_10_share", "--by", "colour").err
    assert "by nothing. It has no categories." in loaded("measure", "calls_answered", "--by", "nothing").err


def test_nothing_to_show_leaves_with_1_and_an_empty_answer(loaded):
    ran = loaded("measure", "dna_rate", "--area", "Y99001", "--json")
    assert ran.code == 1
    assert json.loads(ran.out) == []
    assert "No loaded file" in ran.err
    assert loaded("measures", "zebra", "--json").code == 1


def test_a_figure_without_a_list_to_divide_by_says_so(openpractice, small, tmp_path):
    home = ("--home", str(tmp_path / "home"))
    lists = small.patients(tmp_path / "patients.csv", "2026-02", {"Y99001": 9000})
    calls = small.telephony(tmp_path / "then.xlsx", "2023-10", {"Y99001": (600, 390, 140, 24, 39)})
    assert openpractice(*home, "ingest", str(lists), str(calls)).code == 0
    ran = openpractice(*home, "measure", "inbound_calls_per_1000", "--area", "Y99001", "--period", "2023-10")
    assert ran.code == 1
    assert "The figures are loaded (of October 2023), but no list of registered patients" in ran.err
    assert "No loaded file" in openpractice(*home, "measure", "calls_missed", "--area", "Y99001", "--to", "2022-10").err


def test_a_level_that_does_not_fit_is_refused_with_the_way_out(loaded):
    assert "--within Q99 --level practice" in loaded("measure", "list_size", "--area", "Q99", "--level", "practice").err
    assert loaded("measure", "list_size", "--within", "Y99001").code == 2
    assert loaded("measure", "list_size", "--within", "Q99", "--area", "Y99001").code == 2
    assert loaded("measure", "list_size", "--area", "NOPE").code == 2


def test_a_measure_without_areas_is_its_definition_and_england(loaded):
    ran = loaded("measure", "calls_answered")
    assert ran.code == 0
    assert "Formula" in ran.out
    assert "England" in ran.out
    assert {r["area"] for r in json.loads(loaded("measure", "calls_answered", "--json").out)} == {"ENG"}


def test_measures_are_found_by_topic_and_by_word(openpractice):
    topic = json.loads(openpractice("measures", "telephony", "--json").out)
    assert {m["topic"] for m in topic} == {"Telephony"}
    assert "calls_missed" in {m["name"] for m in json.loads(openpractice("measures", "missed", "--json").out)}
    assert len(json.loads(openpractice("measures", "--json").out)) == len(catalogue())


@pytest.mark.parametrize("measure", catalogue().values(), ids=list(catalogue()))
def test_every_formula_can_be_said_in_words(measure):
    said = formula(measure)
    assert "__" not in said
    assert "Expr" not in said
    assert said.count("(") == said.count(")")


def test_sources_list_what_is_read_and_what_each_gives(openpractice):
    names = {s["name"] for s in json.loads(openpractice("sources", "--json").out)}
    assert {"registered_patients", "telephony", "gpad_practice"} <= names
    one = json.loads(openpractice("sources", "telephony", "--json").out)
    assert {c["column"] for c in one["columns"] if c["table"] == "calls"} >= {"inbound", "answered", "missed"}
    assert one["page"].startswith("https://")


def test_compare_and_alike_answer_or_say_why_not(loaded):
    compared = json.loads(loaded("compare", "Y99001", "calls_answered", "--json").out)
    assert compared[0]["groups"]["network"]["n"] == 2
    assert loaded("compare", "Y99001").code == 0
    assert len(table(loaded("compare", "Y99001", "--csv").out)) > 10
    assert loaded("compare", "Y99001", "nonsense").code == 2
    alone = loaded("alike", "Y99001")
    assert alone.code == 2
    assert "Traceback" not in alone.err


def test_check_finds_what_is_wrong_and_says_the_remedy(loaded, tmp_path):
    sound = json.loads(loaded("check", "--json").out)
    assert sound["sound"]
    assert sound["files"] == 14
    [facts, *_] = sorted((tmp_path / "home" / "facts" / "calls").glob("*.parquet"))
    kept = facts.read_bytes()
    facts.write_bytes(kept[: len(kept) // 2])
    damaged = loaded("check")
    assert damaged.code == 2
    assert "damaged" in damaged.err
    assert "new folder" in damaged.err
    facts.unlink()
    assert "missing" in loaded("check").err
    facts.write_bytes(kept)
    (facts.parent / "99999.parquet").write_bytes(b"left behind")
    swept = loaded("check")
    assert swept.code == 0
    assert "1 files that an interrupted ingest left behind were removed" in swept.out
    assert not (facts.parent / "99999.parquet").exists()


def test_check_counts_rows_and_adds_up_accounts(loaded, tmp_path):
    import sqlite3

    with sqlite3.connect(tmp_path / "home" / "catalogue.sqlite") as con:
        con.execute("UPDATE parts SET rows = rows + 1 WHERE id = 1")
        con.execute("UPDATE files SET rows_kept = rows_kept + 1 WHERE id = 2")
        con.execute("UPDATE measures SET definition = 'list_size v0' WHERE name = 'list_size'")
    con.close()
    ran = loaded("check", "--json")
    assert ran.code == 2
    said = " ".join(problem["what"] for problem in json.loads(ran.out)["problems"])
    assert "the catalogue says" in said
    assert "are not" in said
    assert "list_size were computed by an earlier definition" in said


def test_a_damaged_catalogue_is_no_traceback(loaded, tmp_path):
    for file in (tmp_path / "home").glob("catalogue.sqlite-*"):
        file.unlink()
    (tmp_path / "home" / "catalogue.sqlite").write_bytes(b"this is not a database" * 1000)
    for verb in (("check",), ("measure", "list_size"), ("ingest", __file__)):
        ran = loaded(*verb)
        assert ran.code == 2
        assert "Traceback" not in ran.err


def test_docs_are_written_the_same_each_time_and_checked(openpractice, tmp_path):
    folder = tmp_path / "reference"
    assert openpractice("docs", "--to", folder, "--check").code == 2
    assert openpractice("docs", "--to", folder).code == 0
    written = {p.name: p.read_bytes() for p in folder.iterdir()}
    assert set(written) == {"index.md", "measures.md", "sources.md", "cli.md", "settings.md"}
    assert openpractice("docs", "--to", folder, "--check").code == 0
    text = written["measures.md"].decode()
    assert all(f"`{name}`" in text for name in catalogue())
    (folder / "cli.md").write_text("changed", encoding="utf-8")
    stale = openpractice("docs", "--to", folder, "--check")
    assert stale.code == 2
    assert "cli.md is stale" in stale.err
    openpractice("docs", "--to", folder)
    assert {p.name: p.read_bytes() for p in folder.iterdir()} == written


def test_serve_says_where_it_is_and_stops_when_asked(small, tmp_path, loaded):
    process = small.start(tmp_path / "home", "serve", "--port", "0")
    try:
        line = process.stdout.readline()
        assert line.startswith("OpenPractice is running at http://127.0.0.1:")
        with urllib.request.urlopen(line.split()[4], timeout=60) as page:
            assert page.status == 200
    finally:
        process.send_signal(signal.SIGINT)
        ended = small.finish(process, timeout=60)
    assert "Traceback" not in ended.err
    assert ended.code in (0, 130)


def test_a_port_in_use_is_said(small, tmp_path):
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        ran = small.finish(small.start(tmp_path / "home", "serve", "--port", taken.getsockname()[1]))
    assert ran.code == 2
    assert "already in use" in ran.err


def test_interrupting_an_ingest_is_clean(small, tmp_path):
    for n in range(12):
        small.telephony(tmp_path / f"{n}.xlsx", f"2025-{n + 1:02d}", CALLS)
    process = small.start(tmp_path / "home", "ingest", tmp_path)
    while process.poll() is None and not list((tmp_path / "home").glob("facts/*/*")):
        time.sleep(0.005)
    process.send_signal(signal.SIGINT)
    ended = small.finish(process)
    assert ended.code == 130
    assert "Traceback" not in ended.err
    assert small.finish(small.start(tmp_path / "home", "check")).code == 0


def test_the_levels_offered_are_the_levels_there_are():
    command = program.get_command(None, "measure")
    [option] = [p for p in command.params if p.name == "level"]
    assert tuple(option.type.choices) == LEVELS
