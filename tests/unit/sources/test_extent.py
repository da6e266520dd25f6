"""A workbook that would fill the memory is refused before it is laid out."""

import io
import re
import zipfile
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
