"""Files as they come: packed, cut short, in another encoding, with another delimiter, with broken lines."""

import gzip
import shutil
import zipfile
from pathlib import Path

import duckdb
import openpyxl
import pytest

from openpractice.kinds import Refused
from openpractice.sources import dialect, guards
from openpractice.sources.opening import documents

SAMPLES = Path(__file__).parents[2] / "data" / "sources"
CSV = "Practice Code,Patients\nA81001,3749\nA81002,18649\n"


@pytest.fixture
def opened(tmp_path):
    """Open a file (bytes or text written under a name): per document its name, columns, rows and rejected lines."""
    workdir = tmp_path / "work"
    workdir.mkdir()

    def open_(name, content=None):
        path = tmp_path / name
        if content is not None:
            path.write_bytes(content.encode() if isinstance(content, str) else content)
        found = []
        with dialect.connect(str(workdir)) as con:
            for doc in documents(path, workdir, con):
                rows = []
                if doc.columns:
                    doc.load()
                    names = ", ".join(f'"{c}"' for c in doc.columns)
                    rows = con.execute(f"SELECT line, {names} FROM raw ORDER BY line").fetchall()
                found.append((doc.name, doc.columns, rows, doc.rejected_lines(), doc.sheets))
        return found

    return open_


ROWS = [(2, "A81001", "3749"), (3, "A81002", "18649")]


def test_plain(opened):
    assert opened("a.csv", CSV)[0][:4] == ("a.csv", ("practice_code", "patients"), ROWS, [])


def test_byte_order_mark_and_windows_line_ends(opened):
    assert opened("a.csv", "\ufeff" + CSV.replace("\n", "\r\n"))[0][1:3] == (("practice_code", "patients"), ROWS)


def test_mixed_line_ends(opened):
    mixed = "Practice Code,Patients\r\nA81001,3749\nA81002,18649\r\n"
    assert opened("a.csv", mixed)[0][2] == ROWS


@pytest.mark.parametrize("name", ["a*.csv", "a[bc].csv", "a?.csv", "{a,b}.csv", "**"])
def test_no_other_file_is_read_whose_name_fits(name, opened, tmp_path):
    for other in ("ab.csv", "ac.csv", "a.csv", "b.csv"):
        (tmp_path / other).write_text("Practice Code,Patients\nA89999,999 123 4567\n")
    assert opened(name, CSV)[0][2] == ROWS


def test_no_other_parquet_is_read_whose_name_fits(opened, tmp_path):
    for name, number in (("ab.parquet", 1), ("a*.parquet", 2)):
        duckdb.sql(f"SELECT {number} AS number, 0 AS other").write_parquet(str(tmp_path / name))
    assert opened("a*.parquet")[0][2] == [(1, "2", "0")]


def test_gzip(opened):
    assert opened("a.csv.gz", gzip.compress(CSV.encode()))[0][2] == ROWS


def test_gzip_cut_short(opened):
    with pytest.raises(Refused, match="damaged or incomplete"):
        opened("a.csv.gz", gzip.compress(CSV.encode() * 1000)[:-20])


def test_gzip_bomb(opened, monkeypatch):
    monkeypatch.setattr(guards, "SMALL_ENOUGH", 1000)
    with pytest.raises(
        Refused, match=r"far more than any NHS publication.*Download the file again from its official page"
    ):
        opened("a.csv.gz", gzip.compress(b"0" * 5_000_000))


def test_zip_skips_what_a_mac_adds(opened, tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("data/list.csv", CSV)
        archive.writestr("__MACOSX/data/._list.csv", b"\x00\x05\x16\x07")
        archive.writestr("data/.DS_Store", b"\x00")
        archive.writestr("data/notes.txt", "notes")
    assert [(name, rows) for name, _, rows, _, _ in opened("a.zip")] == [("a.zip", ROWS)]


def test_zip_of_several_names_each(opened, tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("one.csv", CSV)
        archive.writestr("two.csv", CSV)
    assert [name for name, *_ in opened("a.zip")] == ["a.zip/one.csv", "a.zip/two.csv"]


def test_zip_without_data(opened, tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("readme.txt", "hello")
    with pytest.raises(Refused, match=r"holds no \.csv, \.xlsx or \.parquet file"):
        opened("a.zip")


def test_zip_cut_short(opened, tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("one.csv", CSV)
    with pytest.raises(Refused, match="damaged or incomplete"):
        opened("a.zip", (tmp_path / "a.zip").read_bytes()[:-40])


def test_workbook_cut_short(opened):
    whole = (SAMPLES / "online_consultations_feb26.xlsx").read_bytes()
    with pytest.raises(Refused, match="damaged or incomplete"):
        opened("book.xlsx", whole[: len(whole) // 2])


def test_workbook_with_a_member_missing(opened, tmp_path):
    with (
        zipfile.ZipFile(SAMPLES / "online_consultations_feb26.xlsx") as whole,
        zipfile.ZipFile(tmp_path / "book.xlsx", "w") as part,
    ):
        for item in whole.infolist():
            if "workbook.xml" not in item.filename:
                part.writestr(item, whole.read(item))
    with pytest.raises(Refused, match="cannot be read as a workbook"):
        opened("book.xlsx")


def test_workbook_of_one_sheet_reads_as_a_table(opened, tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["Practice Code", "Patients [1]"])
    book.active.append(["A81001", 3749])
    book.save(tmp_path / "list.xlsx")
    assert opened("list.xlsx")[0][1:3] == (("practice_code", "patients"), [(2, "A81001", "3749")])


@pytest.mark.parametrize("error", ["#N/A", "#REF!", "#DIV/0!", "#VALUE!"])
def test_an_error_cell_is_named(opened, tmp_path, error):
    """Read as a value such a cell is empty, which would pass for a missing figure."""
    book = openpyxl.Workbook()
    book.active.title = "Table 1"
    sheet = book.create_sheet("Table 2")
    for _ in range(3):
        sheet.append([1] * 13)
    sheet["M4"] = error
    assert sheet["M4"].data_type == "e"
    book.save(tmp_path / "book.xlsx")
    with pytest.raises(Refused) as refusal:
        opened("book.xlsx")
    assert str(refusal.value) == (
        f"book.xlsx holds an error ({error}) in sheet 'Table 2', cell M4. Open it, mend the formula or download the "
        "file again."
    )


def test_words_that_look_like_errors_are_words(opened, tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["Note"])
    book.active.append(['the cell said t="e" and N/A'])
    book.save(tmp_path / "book.xlsx")
    assert opened("book.xlsx")[0][4]["Sheet"][1] == ['the cell said t="e" and N/A']


@pytest.mark.parametrize(("mark", "word"), [(";", "semicolons"), ("\t", "tabs"), ("|", "vertical bars")])
def test_another_delimiter(opened, mark, word):
    with pytest.raises(Refused, match=f"separates its columns with {word}"):
        opened("a.csv", f"a{mark}b{mark}c\n1{mark}2{mark}3\n")


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le"])
def test_utf_16(opened, encoding):
    content = CSV.encode(encoding)
    with pytest.raises(Refused, match=r"UTF-16|not a text file"):
        opened("a.csv", content)


def test_windows_1252_names_the_line(opened):
    with pytest.raises(Refused, match=r"not written in UTF-8 \(line 3\)"):
        opened("a.csv", "name,n\nplain,1\ncafé,2\n".encode("cp1252"))


def test_windows_1252_far_into_a_file_is_a_refused_line(opened):
    content = b"name,n\n" + b"plain,1\n" * 60_000 + "café,2\n".encode("cp1252")
    ((_, _, rows, rejected, _),) = opened("a.csv", content)
    assert len(rows) == 60_000
    assert [(reason, count) for reason, count, _ in rejected] == [("the line has letters that are not UTF-8", 1)]


def test_a_letter_cut_at_the_end_of_the_sample_is_no_damage(opened):
    head, line = b"name,n\n", b"aaa,1\n"
    lines = ((1 << 18) - len(head)) // len(line)
    left = (1 << 18) - len(head) - lines * len(line)
    content = head + line * lines + b"x" * (left + len(line) - 1) + "éé,1\n".encode()
    content = content.replace(line, b"", 1)  # the sample now ends inside the first é
    assert len(content[: 1 << 18].decode(errors="ignore").encode()) == (1 << 18) - 1
    ((_, _, rows, rejected, _),) = opened("a.csv", content)
    assert rows[-1][1].endswith("éé")
    assert rejected == []


def test_a_cell_longer_than_any_table_has(opened):
    with pytest.raises(Refused, match="is not a table"):
        opened("a.csv", "a,b\n" + "x" * 200_000 + ",1\n")


def test_lines_with_too_few_and_too_many_fields(opened):
    ((_, _, rows, rejected, _),) = opened("a.csv", "a,b,c\n1,2,3\n1,2\n1,2,3,4\n5,6,7\n")
    assert [row[1:] for row in rows] == [("1", "2", "3"), ("5", "6", "7")]
    assert rejected == [("the line has more or fewer fields than the header", 2, "line 3: 1,2")]


def test_a_quotation_mark_that_never_closes(opened):
    with pytest.raises(Refused, match="opens a quotation mark in line 3 that is never closed"):
        opened("a.csv", 'a,b\n1,2\n"3,4\n5,6\n')


def test_line_breaks_inside_header_and_cells(opened):
    ((_, columns, rows, rejected, _),) = opened("a.csv", '"Practice\ncode",n\n"A81001\n(closed)",5\nA81002,6\n')
    assert columns == ("practice_code", "n")
    assert [row[1:] for row in rows] == [("A81001\n(closed)", "5"), ("A81002", "6")]
    assert rejected == []


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("a.csv", b"", "is empty"),
        ("a.csv", b"Practice Code,Patients\n", "has a header and no rows"),
        ("a.csv", b"\x89PNG\x00\x01\x02,\x00", "not a text file|not written in UTF-8"),
        ("a.csv", b"\x00\x01\x02\x03,\x00\n", "not a text file"),
        ("licence.txt", b"Open Government Licence\nYou may use\n", "is not a table"),
        ("a.xlsx", b"Practice Code,Patients\nA81001,1\n", "damaged or incomplete"),
        ("a.parquet", b"PAR1 not really", "cannot be read as Parquet"),
        ("a.json", b"{}", "files of this kind are not read"),
        ("a.xls", b"\xd0\xcf\x11\xe0", "files of this kind are not read"),
        ("a.pdf", b"%PDF", "files of this kind are not read"),
    ],
)
def test_what_cannot_be_read_says_why(opened, name, content, sentence):
    with pytest.raises(Refused, match=sentence) as refusal:
        opened(name, content)
    assert str(refusal.value).startswith(name)


def test_parquet(opened, tmp_path):
    duckdb.sql("SELECT 'A81001' AS \"Practice Code\", 3749 AS patients").write_parquet(str(tmp_path / "a.parquet"))
    assert opened("a.parquet")[0][1:3] == (("practice_code", "patients"), [(1, "A81001", "3749")])


def test_the_original_is_never_written_to(opened, tmp_path):
    path = tmp_path / "folder" / "a.csv"
    path.parent.mkdir()
    shutil.copy(SAMPLES / "cqc.csv", path)
    before = path.read_bytes()
    opened("folder/a.csv")
    assert path.read_bytes() == before
    assert [p.name for p in path.parent.iterdir()] == ["a.csv"]


def test_a_name_that_tells_another_kind(opened, tmp_path):
    """The first bytes say what a file is; a name may be wrong or have no ending."""
    duckdb.sql("SELECT 'A81001' AS \"Practice Code\", '3749' AS patients").write_parquet(str(tmp_path / "a.parquet"))
    table = (tmp_path / "a.parquet").read_bytes()
    for name in ("coords.csv", "coords", "coords.csv.gz"):
        assert opened(name, table)[0][1:3] == (("practice_code", "patients"), [(1, "A81001", "3749")])
    for name in ("misnamed.csv", "misnamed", "misnamed.parquet"):
        assert opened(name, gzip.compress(CSV.encode()))[0][2] == ROWS
    assert opened("a.parquet.gz", gzip.compress(table))[0][2] == [(1, "A81001", "3749")]


def test_members_whose_names_tell_another_kind(opened, tmp_path):
    duckdb.sql("SELECT 'A81001' AS \"Practice Code\", '3749' AS patients").write_parquet(str(tmp_path / "a.parquet"))
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("packed.csv", gzip.compress(CSV.encode()))
        archive.writestr("packed.csv.gz", gzip.compress(CSV.encode()))
        archive.writestr("coords", (tmp_path / "a.parquet").read_bytes())
        archive.writestr("notes", "notes")
    assert [(name, len(rows)) for name, _, rows, _, _ in opened("a.zip")] == [
        ("a.zip/packed.csv", 2), ("a.zip/packed.csv.gz", 2), ("a.zip/coords", 1),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "content",
    [b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 an old workbook", b"%PDF-1.7", gzip.compress(b"X\n\x00\x00\x00\x03"),
     gzip.compress(gzip.compress(CSV.encode()))],
    ids=["old workbook", "PDF", "R", "packed twice"],
)  # fmt: skip
def test_what_is_not_read_is_known_by_its_content(opened, content):
    with pytest.raises(Refused, match=r"a\.csv: files of this kind are not read"):
        opened("a.csv", content)


def test_other_documents_that_are_archives(opened, tmp_path):
    for member in ("word/document.xml", "xl/workbook.bin", "content.xml"):
        with zipfile.ZipFile(tmp_path / "a.xlsx", "w") as archive:
            archive.writestr("[Content_Types].xml", "<Types/>")
            archive.writestr(member, "")
        with pytest.raises(Refused, match="files of this kind are not read"):
            opened("a.xlsx")


def test_a_workbook_by_any_name(opened, tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["Practice Code", "Patients [1]"])
    book.active.append(["A81001", 3749])
    book.save(tmp_path / "list.xlsx")
    for name in ("list.csv", "list", "list.xls"):
        assert opened(name, (tmp_path / "list.xlsx").read_bytes())[0][2] == [(2, "A81001", "3749")]


def test_a_member_that_is_stopped_speaks_of_itself_only(tmp_path):
    """The member beside it is loaded, so "nothing was stored" would not be true."""
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("one.csv", CSV)
        archive.writestr("two.csv", CSV + "9990000018,1\n")
    with dialect.connect(str(tmp_path)) as con:
        first, stopped = documents(tmp_path / "a.zip", tmp_path, con)
    assert first.name == "a.zip/one.csv"
    assert stopped.reason.startswith(
        "a.zip/two.csv holds what reads as an NHS number (line 4). Nothing of this file was"
    )
