"""A workbook that would fill the memory is refused before it is laid out."""

import io
import re
import time
import zipfile
from contextlib import suppress
from pathlib import Path

import openpyxl
import pytest

from openpractice.kinds import Refused
from openpractice.sources import extent, workbooks


def book(path: Path, change=lambda xml: xml, rows: int = 3) -> Path:
    """A small workbook whose first sheet is changed as XML."""
    made, packed = openpyxl.Workbook(), io.BytesIO()
    for n in range(rows):
        made.active.append([f"a{n}", n, "b"])
    made.save(packed)
    with zipfile.ZipFile(packed) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, change(content) if name.endswith("sheet1.xml") else content)
    return path


@pytest.mark.parametrize(
    "place", ['r="XFD1048576"', "r='XFD1048576'", 'r = "XFD1048576"', 'r\n="ZZ999999"', 'r="AAAAAAA1"', 'r="A9999999999"']
)  # fmt: skip
def test_a_cell_far_away_is_refused(place, tmp_path):
    path = book(tmp_path / "far.xlsx", lambda xml: xml.replace(b'r="A1"', place.encode()))
    with pytest.raises(Refused, match="far outside of any table"):
        workbooks.read(path)


def test_two_corners_of_different_cells_are_refused(tmp_path):
    path = book(
        tmp_path / "far.xlsx", lambda xml: xml.replace(b'r="A1"', b'r="XFD1"').replace(b'r="A2"', b'r="A99999"')
    )
    with pytest.raises(Refused, match="far outside of any table"):
        workbooks.read(path)


@pytest.mark.parametrize("place", ["AB1048576", "ZZ9999", "XFD1", "ALL30"])
def test_a_long_or_a_wide_table_is_read(place, tmp_path):
    path = book(tmp_path / "long.xlsx", lambda xml: re.sub(rb'r="A1"', b'r="%s"' % place.encode(), xml))
    extent.refuse_vast(path, "long.xlsx")


def test_a_long_text_in_every_cell_is_refused(tmp_path):
    cells = b"".join(b'<row r="%d"><c r="A%d" t="s"><v>0</v></c></row>' % (n, n) for n in range(1, 90_000))
    path = book(
        tmp_path / "text.xlsx",
        lambda xml: re.sub(rb"<sheetData>.*</sheetData>", b"<sheetData>" + cells + b"</sheetData>", xml),
    )
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/sharedStrings.xml", f"<sst><si><t>{'x' * 30_000}</t></si></sst>")
    with pytest.raises(Refused, match="again and again"):
        workbooks.read(path)


@pytest.mark.parametrize(
    "strings",
    [b"<si " * 250_000, b"<si>" * 250_000, b"<sst>" + b"<a:si><a:t>b</a:t>" * 60_000, b"<" + b"a" * 1_000_000],
)
@pytest.mark.parametrize(
    "cell", [b"<si ", b'<c t="e" ', b' t="s"', b' t="e" r="A1"', b'<c t="e">', b"</si>", b"<c r=\n "]
)
def test_a_megabyte_of_marks_without_an_end_is_soon_gone_through(strings, cell, tmp_path):
    path = book(
        tmp_path / "marks.xlsx",
        lambda xml: xml.replace(b"</sheetData>", cell * (1_000_000 // len(cell)) + b"</sheetData>"),
    )
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/sharedStrings.xml", b"<si>" + b"x" * 3000 + b"</si>" + strings)
    begun = time.process_time()
    with suppress(Refused):
        extent.refuse_vast(path, "marks.xlsx")
        workbooks.refuse_error_cells(path, "marks.xlsx")
    assert time.process_time() - begun < 10


def test_the_texts_are_as_long_as_they_stand():
    told = b'<sst><si><t>one</t></si><x:si y="1"><t/></x:si></si><si><si>a</si></sst>'
    assert list(extent._lengths(told)) == [
        len("<si><t>one</t>"),
        len('<x:si y="1"><t/>'),
        len("<si><si>a"),
    ]


@pytest.mark.parametrize(
    "cell", [b'<c r="A1" t="e"><f>1/0</f><v>#DIV/0!</v></c>', b"<x:c t='e' r='A1'><x:v>#DIV/0!</x:v></x:c>"]
)
def test_an_error_is_told_with_its_cell(cell, tmp_path):
    path = book(tmp_path / "error.xlsx", lambda xml: xml.replace(b"</sheetData>", cell + b"</sheetData>"))
    with pytest.raises(Refused, match=r"holds an error \(#DIV/0!\) in sheet 'Sheet', cell A1\."):
        workbooks.refuse_error_cells(path, "error.xlsx")
