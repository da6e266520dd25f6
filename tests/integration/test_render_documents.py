"""One report as PDF, HTML and Excel: the same words and numbers, accessible, and unmoved by hostile text."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import zlib

import openpyxl
import pytest

from openpractice.render import words
from openpractice.render.charts.bars import Bar, bars
from openpractice.render.charts.sparkline import sparkline
from openpractice.render.document import (
    Bullets,
    Callout,
    Document,
    Figure,
    Heading,
    KeyFigure,
    KeyFigures,
    PageBreak,
    Paragraph,
    Section,
)
from openpractice.render.html import html
from openpractice.render.icons import assurance_icon, variation_icon
from openpractice.render.pdf import pdf
from openpractice.render.svg import svg
from openpractice.render.tables import NO_DATA, SUPPRESSED, Column, Table
from openpractice.render.workbook import Cover, NativeChart, Sheet, from_document, workbook

HOSTILE = "<script>alert('x')</script> & #import \"x\" $y$ *bold* [z] @ref \\"
ALT = "Bars: face-to-face 65.3%, telephone 24.3%"
CALLS = Table(
    "Missed calls by month",
    (
        Column("Month"),
        Column("Calls", "calls", numeric=True),
        Column("Missed", "proportion", numeric=True),
        Column("Rate", "per 1,000 patients", numeric=True),
    ),
    (("2026-01", 9123, 0.10831, 545.6789), ("2026-02", 8000, 0.1, NO_DATA), (HOSTILE, SUPPRESSED, 0.5, None)),
    notes=("Queued calls only.",),
)


@pytest.fixture(scope="module")
def report():
    chart = svg(bars([Bar("Face-to-face", 0.653), Bar(HOSTILE, 0.243)], "proportion"), title="Modes", description=ALT)
    trend = sparkline([1, 2, 3], label="Trend")
    figures = KeyFigures(
        (
            KeyFigure(
                "10.8%", "of calls missed", "about 1 in 9", variation_icon("common_cause"), "No significant change"
            ),
            KeyFigure("545.7", HOSTILE),
        )
    )
    return Document(
        f"Access at {HOSTILE}",
        "What changed in February 2026",
        "OpenPractice",
        "21 November 2026",
        (
            Section("What stands out", (figures, Paragraph(HOSTILE), Bullets((HOSTILE, "Two")), Callout(HOSTILE, HOSTILE, "action"))),
            Section(
                HOSTILE,
                (
                    Heading("Missed calls"),
                    Figure(chart, ALT, HOSTILE),
                    CALLS,
                    PageBreak(),
                    Heading("More", 3),
                    Figure(trend, "A small line"),
                    Bullets(("One", "Two"), numbered=True),
                ),
            ),
        ),
        attribution="Contains public sector information licensed under the Open Government Licence v3.0.",
    )  # fmt: skip


@pytest.fixture(scope="module")
def printed(report):
    return pdf(report)


def test_the_pdf_is_tagged_in_british_english_and_claims_pdf_ua(printed):
    assert printed.startswith(b"%PDF-1.7")
    assert b"/StructTreeRoot" in _inflated(printed)
    assert re.search(rb"/Lang\s*\(en-GB\)", _inflated(printed))
    assert b"pdfuaid:part>1<" in _inflated(printed)


def test_every_figure_in_the_pdf_has_its_alternative_text(printed):
    everything = _inflated(printed)
    assert everything.count(b"/Alt") >= 3
    assert b"face-to-face 65.3%" in everything or ALT.encode("utf-16-be") in everything


def _inflated(data):
    """The file with its compressed object streams opened, so that the structure can be read as text."""
    out = [data]
    for stream in re.finditer(rb"stream\r?\n(.*?)\r?\nendstream", data, re.DOTALL):
        try:
            out.append(zlib.decompress(stream[1]))
        except zlib.error:
            continue
    return b"\n".join(out)


@pytest.mark.skipif(not shutil.which("pdftotext"), reason="poppler-utils is not installed")
def test_text_in_the_pdf_is_what_was_typed(printed, tmp_path):
    path = tmp_path / "report.pdf"
    path.write_bytes(printed)
    text = subprocess.run(["pdftotext", "-raw", path, "-"], check=True, capture_output=True, text=True).stdout
    assert "$y$ *bold* [z] @ref" in text
    assert "January 2026 9,123 10.8% 545.7" in text
    assert "Page 1 of" in text
    assert "Next step:" in text


def test_the_same_report_gives_the_same_bytes(report, printed):
    assert pdf(report) == printed


def test_a_figure_without_words_is_refused():
    with pytest.raises(ValueError, match="alternative text"):
        Figure("<svg/>", " ")


def test_the_html_is_one_file_with_headings_in_order_and_nothing_executed(report):
    page = html(report)
    assert "<script" not in page
    assert page.count("<h1>") == 1
    assert [int(level) for level in re.findall(r"<h(\d)>", page)] == [1, 2, 2, 3, 4]
    assert not re.search(r'(src|href)="https?:', page)
    assert 'lang="en-GB"' in page
    assert "10.8%" in page


def test_neither_blames_anyone(report):
    assert words.banned(re.sub(r"<style>.*?</style>", "", html(report), flags=re.DOTALL)) == []


@pytest.fixture(scope="module")
def book():
    cover = Cover(
        "Access", "Open Government Licence v3.0", "21 November 2026", (("Missed", "=Not answered"),), ("A note",)
    )
    sheets = [
        Sheet("Missed: calls/month [1]", CALLS, NativeChart("line", 0, (2,), "Missed calls")),
        Sheet("missed  calls month  1", CALLS, NativeChart("bar", 0, (1,))),
        CALLS,
    ]
    return openpyxl.load_workbook(io.BytesIO(workbook(cover, sheets)))


def test_the_workbook_holds_the_numbers_themselves(book):
    page = book.worksheets[1]
    assert [c.value for c in page[4]] == ["2026-01", 9123, 0.10831, 545.6789]
    assert [c.number_format for c in page[4]][1:] == ["#,##0", "0.0%", "#,##0.0"]
    assert [c.value for c in page[5]] == ["2026-02", 8000, 0.1, None]
    assert page[6][1].value == "*"


def test_text_in_the_workbook_is_never_a_formula(book):
    assert all(cell.data_type != "f" for page in book for row in page.iter_rows() for cell in row)
    assert book.worksheets[1]["A6"].value == HOSTILE


def test_sheets_are_named_as_excel_allows_and_the_head_stays(book):
    assert len({name.lower() for name in book.sheetnames}) == len(book.sheetnames) == 4
    assert all(len(n) <= 31 and not re.search(r"[\[\]:*?/\\]", n) for n in book.sheetnames)
    assert book.worksheets[1].freeze_panes == "B4"


def test_the_cover_says_what_and_whence(book):
    said = [cell.value for row in book["About"].iter_rows() for cell in row if cell.value]
    assert {"Access", "21 November 2026", "Open Government Licence v3.0", "=Not answered", "A note"} <= set(said)


def test_a_report_gives_its_tables_as_a_workbook(report):
    book = openpyxl.load_workbook(io.BytesIO(from_document(report)))
    assert book.sheetnames == ["About", "Table 1"]
    assert book["Table 1"]["C4"].value == 0.10831


def test_excel_draws_the_charts_itself():
    data = workbook(Cover("t", "a", "g"), [Sheet("x", CALLS, NativeChart("column", 0, (1, 2)))])
    assert data.startswith(b"PK")
    assert len(openpyxl.load_workbook(io.BytesIO(data)).worksheets[1]._charts) == 1


def test_methods_and_icons_speak_the_same_words():
    """Every variation and assurance that the process chart's mathematics can give has an icon."""
    from openpractice.methods.spc import xmr

    for direction in ("increase", "decrease", "neutral"):
        for series in ([10.0, 11, 10, 11, 10, 11, 30], [10.0, 11, 10, 11, 10, 11, -20], [10.0, 11, 10, 11, 10]):
            for target in (-100.0, 10.5, 100.0):
                chart = xmr(series, direction=direction, target=target)
                assert "<svg" in variation_icon(str(chart.variation))
                assurance = str(chart.assurance)
                assert ("<svg" in assurance_icon(assurance)) is (assurance != "none")
