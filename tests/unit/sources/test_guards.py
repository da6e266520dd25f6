"""What is stopped at the door: NHS numbers, other countries, archives that unpack to too much.

NHS numbers here are made by the nhs-number package in the range that is reserved for tests (999).
"""

import csv
import re
import zipfile
from pathlib import Path

import duckdb
import nhs_number
import openpyxl
import pytest

from openpractice.kinds import Refused
from openpractice.sources import dialect, guards
from openpractice.sources.opening import documents

TEST_NUMBERS = [
    f"{first}{nhs_number.calculate_checksum(first)}"
    for first in (f"9990000{n:02d}" for n in range(1, 20))
    if nhs_number.calculate_checksum(first) < 10
]
NUMBER = TEST_NUMBERS[0]


def opened(path, workdir):
    with dialect.connect(str(workdir)) as con:
        return list(documents(Path(path), workdir, con))


def test_our_check_digit_agrees_with_the_package():
    assert len(TEST_NUMBERS) > 10
    for number in TEST_NUMBERS:
        assert guards.is_nhs_number(number)
        assert nhs_number.is_valid(number)
        wrong = number[:-1] + str((int(number[-1]) + 1) % 10)
        assert not guards.is_nhs_number(wrong)


def test_what_is_not_a_number():
    assert not guards.is_nhs_number("")
    assert not guards.is_nhs_number("999000001")
    assert not guards.is_nhs_number("4444444444")  # ten of the same digit pass the sum and are nobody's
    assert not guards.is_nhs_number("99900000a1")


def as_csv(folder, cell):
    path = folder / "export.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([["code", "patient"], ["A81001", cell]])
    return path


def as_workbook(folder, cell):
    book = openpyxl.Workbook()
    book.active.append(["code", "patient"])
    book.active.append(["A81001", cell])
    book.save(folder / "export.xlsx")
    return folder / "export.xlsx"


def as_parquet(folder, cell):
    path = folder / "export.parquet"
    duckdb.sql("SELECT 'A81001' AS code, $cell AS patient", params={"cell": cell}).write_parquet(str(path))
    return path


DOORS = [(as_csv, "line 2"), (as_workbook, "sheet 'Sheet', row 2"), (as_parquet, "column 'patient'")]
FIRST, MIDDLE, LAST = NUMBER[:3], NUMBER[3:6], NUMBER[6:]
WRONG = NUMBER[:-1] + str((int(NUMBER[-1]) + 1) % 10)
IDENTIFIERS = [
    NUMBER,
    int(NUMBER),
    float(NUMBER),
    f"{NUMBER}.0",
    f"{NUMBER}.",
    f" {NUMBER} ",
    f'"{NUMBER}"',
    f"{FIRST} {MIDDLE} {LAST}",
    f"{FIRST}-{MIDDLE}-{LAST}",
    f"{FIRST}-{MIDDLE} {LAST}",
    f"{FIRST} {MIDDLE}{LAST}",
    f"{FIRST}{MIDDLE}-{LAST}",
    f"seen {FIRST} {MIDDLE} {LAST} on Monday",
    f"NHS:{NUMBER};A81001",
    f"{WRONG}, then {NUMBER}",
    f"Müller {NUMBER}",
]
OTHERS = [
    "",
    "1234567890",
    WRONG,
    int(WRONG),
    f"{WRONG[:3]} {WRONG[3:6]} {WRONG[6:]}",
    "4444444444",
    "01642 672351",
    "0161 2345678",
    f"{NUMBER}123",
    f"{NUMBER}.25",
    "4.999000001",
    f"A{NUMBER}",
    f"{NUMBER}A",
    f"-{NUMBER}",
    f"{NUMBER}-1",
    f"{FIRST}  {MIDDLE}  {LAST}",
    f"{FIRST},{MIDDLE},{LAST}",
]


@pytest.mark.parametrize("cell", IDENTIFIERS)
@pytest.mark.parametrize(("written", "where"), DOORS)
def test_every_door_stops_a_number_and_says_where(tmp_path, written, where, cell):
    path = written(tmp_path, cell)
    with pytest.raises(Refused, match=re.escape(f"{path.name} holds what reads as an NHS number ({where})")):
        opened(path, tmp_path)


@pytest.mark.parametrize("cell", OTHERS)
@pytest.mark.parametrize("written", [written for written, _ in DOORS])
def test_every_door_lets_other_long_numbers_through(tmp_path, written, cell):
    assert len(opened(written(tmp_path, cell), tmp_path)) == 1


def test_a_number_far_into_a_large_file_is_found(tmp_path):
    path = tmp_path / "large.csv"
    path.write_text("a,b\n" + "A81001,12345\n" * 2_000_000 + f"A81001,{NUMBER}\n")
    with pytest.raises(Refused, match="line 2000002"):
        opened(path, tmp_path)


def test_a_zip_bomb_is_not_unpacked(tmp_path):
    path = tmp_path / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("a.csv", "w") as member:
        for _ in range(80):
            member.write(b"0" * (1 << 20))
    with pytest.raises(Refused, match="which no NHS publication does"):
        opened(path, tmp_path)


SCOTLAND = (
    "PracticeCode,HB,HBName,GPPracticeListSize\n10002,S08000030,NHS Tayside,8000\n10017,S08000030,NHS Tayside,9000"
)
WALES = "PracticeCode,LHB,LHBName,Patients\nW91001,W11000023,Betsi Cadwaladr,8000\nW91003,W11000023,Betsi,9000"
NORTHERN_IRELAND = "PracNo,LCG,Registered Patients\n1,Belfast LCG,5000\n2,Belfast LCG,6000"
ENGLAND = "CODE,SUB_ICB_LOCATION_CODE,ONS\nA81001,16C,E38000247\nA81002,16C,E38000247"


@pytest.mark.parametrize(
    ("sample", "country"),
    [(SCOTLAND, "Scotland"), (WALES, "Wales"), (NORTHERN_IRELAND, "Northern Ireland"), (ENGLAND, None), ("", None)],
)
def test_which_country_a_file_speaks_of(sample, country):
    assert guards.country_of(sample) == country


def test_an_english_file_that_mentions_wales_is_english():
    assert guards.country_of(ENGLAND + "\nN81001,NHS Wales border,E38000247") is None


def test_another_country_s_file_is_refused_in_words():
    guards.refuse_other_country(ENGLAND, "england.csv")
    with pytest.raises(Refused, match=r"tayside\.csv looks like data for Scotland"):
        guards.refuse_other_country(SCOTLAND, "tayside.csv")


def lines_of(path, *lines):
    path.write_bytes(b"\n".join(lines))
    return path


def test_lines_with_far_too_many_fields_are_refused_before_anything_is_laid_out(tmp_path):
    path = lines_of(tmp_path / "f.csv", b"a,b", *[b"x," * 10_000] * 2)
    with pytest.raises(Refused, match=r"f\.csv has lines with far more or far fewer fields"):
        guards.refuse_uneven(path, 2, path.name)


def test_a_header_with_far_more_columns_than_its_lines_is_refused(tmp_path):
    path = lines_of(tmp_path / "f.csv", b"a" + b"," * 1007, *[b"x,1,2,3,4,5,6,7"] * 3000)
    with pytest.raises(Refused, match="far fewer fields"):
        guards.refuse_uneven(path, 1008, path.name)


def test_empty_lines_are_no_lines_with_too_few_fields(tmp_path):
    path = lines_of(tmp_path / "f.csv", b"a,b,c", *[b"x,1,2", b""] * 10, *[b""] * 2_000_000)
    guards.refuse_uneven(path, 3, path.name)


@pytest.mark.parametrize(
    "line", [b'"SURGERY, ' + b"THE" * 1000 + b'",b', b'and so on",' + b"b" * 10_000, b"a,b,c", b"," + b"b" * 10_000]
)
@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
def test_commas_in_quotation_marks_and_a_few_fields_too_many_are_not(tmp_path, line, end):
    path = tmp_path / "f.csv"
    path.write_bytes(b"a,b" + end + (line + end) * 2000)
    guards.refuse_uneven(path, 2, path.name)
