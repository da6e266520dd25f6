"""The verbs that need England: the demo, those most alike, and a practice's report, on the bundled sample."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import re
import sqlite3
import zipfile
from contextlib import closing

import pytest

from openpractice.analysis.recompute import ingest
from openpractice.cli.demo import fill
from openpractice.kinds import Refused
from openpractice.present.overview import overview
from openpractice.present.report import build
from openpractice.render import words
from openpractice.render.document import Figure, KeyFigures
from openpractice.store import Store

PRACTICES = ("A81002", "P92042")
TODAY = dt.date(2026, 11, 21)


@pytest.fixture
def ask(openpractice, sample_home):
    def run(*arguments):
        return openpractice("--home", sample_home, *arguments)

    return run


def pages(pdf: bytes) -> int:
    """The pages that a PDF says it has, in the catalogue's own count."""
    return max(int(count) for count in re.findall(rb"/Type ?/Pages[^>]*?/Count (\d+)", pdf))


def test_the_demo_finds_its_data_at_the_second_start(ask):
    ran = ask("demo", "--no-serve")
    assert ran.code == 0
    assert "Using the data in" in ran.err


def test_the_demo_loads_nothing_over_what_is_there(sample_home):
    assert fill(sample_home) is None


def test_the_sample_is_sound(ask):
    ran = ask("check")
    assert ran.code == 0, ran.err
    assert "Everything is in order" in ran.out


def test_a_figure_that_covers_too_few_is_not_called_missing(ask):
    """One practice of this network's sends its calls: it has a figure, and the network none."""
    asked = ("measure", "calls_missed", "--period", "2026-02", "--json", "--area")
    assert json.loads(ask(*asked, "M89024").out)[0]["denominator"] == 3378
    ran = ask(*asked, "U00351")
    assert (ran.code, json.loads(ran.out)) == (1, [])
    assert "too few of the area's patients" in ran.err
    assert "No loaded file" not in ran.err


@pytest.mark.parametrize("code", PRACTICES)
def test_those_most_alike_come_with_reasons(ask, code):
    found = json.loads(ask("alike", code.lower(), "--k", "10", "--json").out)
    assert found["area"] == code
    assert [n["rank"] for n in found["neighbours"]] == list(range(1, 11))
    distances = [n["distance"] for n in found["neighbours"]]
    assert distances == sorted(distances)
    assert code not in {n["area"] for n in found["neighbours"]}
    for neighbour in found["neighbours"]:
        assert sum(neighbour["contributions"].values()) == pytest.approx(1)
        assert neighbour["values"]["dispensing"] in ("yes", "no", None)
    rows = list(csv.DictReader(io.StringIO(ask("alike", code, "--k", "10", "--csv").out)))
    assert [row["area"] for row in rows] == [n["area"] for n in found["neighbours"]]
    assert "What" in ask("alike", code).out


def test_a_feature_may_be_left_out_and_an_unknown_one_is_named(ask):
    found = json.loads(ask("alike", "A81002", "--without", "imd_score", "--json").out)
    assert "imd_score" in found["unused"]
    refused = ask("alike", "A81002", "--without", "colour")
    assert refused.code == 2
    assert "imd_score" in refused.err
    assert ask("alike", "ENG").code == 2


def test_compare_sets_a_practice_beside_four_groups(ask):
    [record] = json.loads(ask("compare", "A81002", "calls_answered", "--json").out)
    assert set(record["groups"]) == {"alike", "network", "local", "england"}
    for group in record["groups"].values():
        assert group["p10"] <= group["p25"] <= group["p50"] <= group["p75"] <= group["p90"]
        assert group["below"] + group["above"] <= group["n"]
    assert record["funnel"]
    assert ask("compare", "A81002", "calls_answered", "--period", "2026-13").code == 2


def test_a_few_months_have_no_icon_anywhere(ask, sample_store):
    """Of this practice three months of telephone figures are in the sample."""
    named, among_all = (json.loads(ask("compare", "A81002", *name, "--json").out) for name in (["calls_answered"], []))
    for record in (*named, *(r for r in among_all if r["measure"] == "calls_answered")):
        assert (record["variation"], record["variation_words"]) == (None, "Too few months to tell a change")
    [judged] = json.loads(ask("spc", "calls_answered", "--area", "A81002", "--json").out)
    assert (judged["n_points"], judged["variation"]) == (3, None)
    assert "Too few points to tell a change." in ask("spc", "calls_answered", "--area", "A81002").out
    page = overview(sample_store, "A81002")
    card = next(c for topic in page.topics for c in (*topic.cards, *topic.more) if c.measure.name == "calls_answered")
    assert (card.variation, card.variation_words) == ("", "Too few months to tell a change")
    figures = build(sample_store, "A81002").sections[0].blocks
    answered = next(f for b in figures if isinstance(b, KeyFigures) for f in b.figures if f.label == "Calls answered")
    assert (answered.icon, answered.note) == ("", "February 2026. Too few months to tell a change")


@pytest.mark.parametrize("code", PRACTICES)
def test_a_practice_s_report_has_six_to_ten_pages(ask, code, tmp_path):
    out = tmp_path / "new folder" / "report.pdf"
    ran = ask("report", code, "--out", out)
    assert ran.code == 0, ran.err
    pdf = out.read_bytes()
    assert 6 <= pages(pdf) <= 10
    assert b"/MarkInfo" in pdf or b"/StructTreeRoot" in pdf
    assert not list(tmp_path.rglob("*.part"))


@pytest.fixture(scope="module")
def document(sample_home):
    return build(Store(sample_home), "A81002", TODAY)


def test_a_report_speaks_of_all_that_matters(document):
    titles = [section.title for section in document.sections]
    assert titles == [
        "What stands out", "Access", "Demand and telephony", "Staff", "The list, and the quality of care",
        "The practices most alike", "The data behind it", "Definitions", "Sources",
    ]  # fmt: skip
    assert document.title == "Queens Park Medical Centre"
    assert document.date == "21 November 2026"
    assert "Open Government Licence" in document.attribution
    assert all(section.blocks for section in document.sections)


def test_every_figure_of_a_report_has_words_and_its_own_ids(document):
    figures = [block for section in document.sections for block in section.blocks if isinstance(block, Figure)]
    assert len(figures) >= 2
    assert all(len(figure.alt) > 40 and figure.caption for figure in figures)
    ids = [found for figure in figures for found in set(re.findall(r' id="([^"]+)"', figure.svg))]
    assert len(ids) == len(set(ids))


def test_a_report_blames_nobody(document, sample_home, openpractice, tmp_path):
    said = repr([section for section in document.sections if section.title not in ("Sources", "Definitions")])
    assert words.banned(re.sub(r"svg='.*?</svg>'", "", said)) == []


def test_the_same_report_as_a_page_and_as_a_workbook(ask, tmp_path):
    assert ask("report", "A81002", "--out", tmp_path / "r.html").code == 0
    page = (tmp_path / "r.html").read_text(encoding="utf-8")
    assert "Queens Park Medical Centre" in page
    assert "<script" not in page
    assert ask("report", "A81002", "--out", tmp_path / "r.xlsx").code == 0
    assert zipfile.is_zipfile(tmp_path / "r.xlsx")


@pytest.mark.parametrize("code", ["ENG", "Y62", "QOP"])
def test_areas_above_the_practice_have_reports_too(ask, code, tmp_path):
    assert ask("report", code, "--out", tmp_path / "r.pdf").code == 0
    assert pages((tmp_path / "r.pdf").read_bytes()) >= 6


def test_an_unknown_area_has_no_report(sample_home, ask, tmp_path):
    with pytest.raises(Refused):
        build(Store(sample_home), "NOPE")
    ran = ask("report", "NOPE", "--out", tmp_path / "r.pdf")
    assert ran.code == 2
    assert not (tmp_path / "r.pdf").exists()


def test_a_demo_of_another_version_is_filled_anew_and_no_other_store(small, tmp_path):
    """The demo's own folder holds nothing but the sample; in any other, the data are somebody's to load again."""
    small.patients(tmp_path / "patients.csv", "2026-02", {"Y99001": 9000})
    home = tmp_path / "home"
    ingest(home, [tmp_path / "patients.csv"])
    with closing(sqlite3.connect(home / "catalogue.sqlite")) as con, con:
        con.execute("UPDATE meta SET value = '1' WHERE key = 'format'")
    for read in (Store, fill):
        with pytest.raises(Refused, match="another version"):
            read(home)
    assert fill(home, own=True) > 60
    assert Store(home).version == 1
