"""What is stopped at the door: NHS numbers, other countries, archives that unpack to too much.

NHS numbers here are made by the nhs-number package in the range that is reserved for tests (999).
"""

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


@pytest.mark.parametrize("written", ["{}", "{:.3} {:.3} {:.4}", "{:.3}-{:.3}-{:.4}", '"{}"'])
def test_a_number_in_a_csv_is_refused_with_its_line(tmp_path, written):
    parts = (NUMBER,) if written.count("{") == 1 else (NUMBER[:3], NUMBER[3:6], NUMBER[6:])
    path = tmp_path / "export.csv"
    path.write_text("practice,patient\nA81001,none\nA81002," + written.format(*parts) + "\n")
    with pytest.raises(Refused, match=re.escape("export.csv holds what reads as an NHS number (line 3)")):
        opened(path, tmp_path)


def test_a_number_far_into_a_large_file_is_found(tmp_path):
    path = tmp_path / "large.csv"
    path.write_text("a,b\n" + "A81001,12345\n" * 2_000_000 + f"A81001,{NUMBER}\n")
    with pytest.raises(Refused, match="line 2000002"):
        opened(path, tmp_path)


@pytest.mark.parametrize("cell", ["1234567890", "01642 672351", "9990000010123", "4.999000001", f"A{NUMBER}"])
def test_other_long_numbers_are_let_through(tmp_path, cell):
    path = tmp_path / "counts.csv"
    path.write_text(f"a,b\nA81001,{cell}\n")
    assert len(opened(path, tmp_path)) == 1


@pytest.mark.parametrize("cell", [int(NUMBER), NUMBER, f"seen {NUMBER[:3]} {NUMBER[3:6]} {NUMBER[6:]} on Monday"])
def test_a_number_in_a_workbook_is_refused_with_its_sheet(tmp_path, cell):
    book = openpyxl.Workbook()
    book.active.title = "Follow-up"
    book.active.append(["Clinician", "Patient"])
    book.active.append(["Dr A", cell])
    book.save(tmp_path / "export.xlsx")
    with pytest.raises(Refused, match=r"sheet 'Follow-up', row 2"):
        opened(tmp_path / "export.xlsx", tmp_path)


def test_a_number_in_parquet_is_refused_with_its_column(tmp_path):
    path = tmp_path / "export.parquet"
    duckdb.sql(f"SELECT 'A81001' AS code, {NUMBER} AS patient").write_parquet(str(path))
    with pytest.raises(Refused, match="column 'patient'"):
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
