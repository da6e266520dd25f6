"""Small files in the publishers' own layouts, written by the tests about practices that do not exist (Y99…)."""

from __future__ import annotations

import csv
import datetime as dt
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import openpyxl
import pytest

from openpractice.cli.program import run as run_program

PLACE = (
    "U99999",
    "FICTION PCN",
    "99X",
    "NHS FICTION ICB - 99X",
    "Q99",
    "NHS FICTION INTEGRATED CARE BOARD",
    "Y99",
    "FICTION",
)


def patients_csv(path: Path, month: str, lists: dict[str, float | str]) -> Path:
    """Patients Registered at a GP Practice: practice code → registered patients on the first of the month."""
    header = "PUBLICATION,EXTRACT_DATE,TYPE,SUB_ICB_LOCATION_CODE,ONS_SUB_ICB_LOCATION_CODE,CODE,POSTCODE,SEX,AGE,NUMBER_OF_PATIENTS"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(header.split(","))
        for code, patients in lists.items():
            row = (
                "GP_PRAC_PAT_LIST",
                f"{month}-01",
                "GP",
                "99X",
                "E99000999",
                code,
                "ZZ99 9ZZ",
                "ALL",
                "ALL",
                patients,
            )
            writer.writerow(row)
    return path


def telephony_book(path: Path, month: str, calls: dict[str, tuple[int, int, int, int, int]]) -> Path:
    """The telephony workbook: practice code → inbound, answered, ended in the menu, call back requested, missed."""
    book = openpyxl.Workbook()
    england = book.active
    england.title = "Table 1"
    first = dt.date.fromisoformat(f"{month}-01")
    months = [_months_before(first, n) for n in range(6)]
    england.append(["Table 1: Summary of Cloud Based Telephony calls by month, England"])
    england.append(["", "", *months])
    totals = [sum(row[i] for row in calls.values()) for i in range(5)]
    for section, label, value in (
        ("Coverage", "Open active practices", len(calls)),
        ("", "Count of practices included", len(calls)),
        ("", "Registered patients at open active practices", 50000),
        ("", "Registered patients at included practices [2]", 45000),
        ("Inbound calls", "Total Inbound Calls", totals[0]),
        ("Calls dealt with", "Calls answered [3]", totals[1]),
        ("", "Calls ended during the IVR (Interactive Voice Response) stage [3]", totals[2]),
        ("", "Calls resulting in a call back request [3]", totals[3]),
        ("", "Call backs made", totals[3]),
        ("Calls not dealt with", "Missed calls [3, 5]", totals[4]),
        ("Call wait times [4]", "Calls answered within 1 minute", totals[1] // 2),
        ("", "Calls answered within 1 to 2 minutes", totals[1] // 4),
        ("", "Calls answered within 2 to 5 minutes", totals[1] // 8),
        ("", "Calls answered after waiting over 5 minutes", totals[1] // 8),
        ("Call durations", "Duration of 1 minute or less", totals[1] // 4),
        ("", "Duration of 1 to 2 minutes", totals[1] // 4),
        ("", "Duration of 2 to 5 minutes", totals[1] // 4),
        ("", "Duration of over 5 minutes", totals[1] // 4),
    ):
        england.append([section, label, *[value] * len(months)])
    _days(book.create_sheet("Table 2"), first)
    _practices(book.create_sheet("Table 3"), first, calls)
    book.save(path)
    return path


def _months_before(month: dt.date, n: int) -> dt.date:
    number = month.year * 12 + month.month - 1 - n
    return dt.date(number // 12, number % 12 + 1, 1)


def _days(sheet, first: dt.date) -> None:
    sheet.append(["Table 2: Inbound Calls by day and time of day, England"])
    sheet.append([])
    sheet.append(["", "Date", "Total Count of Inbound Calls", "", "06:00 - 07:59", "08:00 - 09:59", "10:00 - 11:59"])
    for n in range(7):
        day = first + dt.timedelta(days=n)
        sheet.append([f"{day:%A}", day, 600, "", 100, 300, 200])


def _practices(sheet, month: dt.date, calls) -> None:
    sheet.append(["Table 3: Summary of Cloud Based Telephony calls by GP practice"])
    sheet.append([*[""] * 13, "Count of Inbound Call Outcome"])
    outcomes = ("Answered", "Ended during the IVR Stage [4]", "Call back requested", "Missed [5]", "Call back made")
    names = [name for outcome in outcomes for name in (outcome, "")]
    sheet.append(
        ["Month [1]", "GP Practice \n(ODS_CODE)", "GP Name", "PCN Code", "PCN Name [2,3]", "Sub ICB Code [2]",
         "Sub ICB Name", "ICB Code  [2]", "ICB Name", "Region Code  [2]", "Region Name", "Count of Inbound calls", "", *names]
    )  # fmt: skip
    sheet.append([*[""] * 11, "Total", "", *["Total", "%"] * len(outcomes)])
    for code, (inbound, answered, ended, requested, missed) in calls.items():
        counts = [cell for n in (answered, ended, requested, missed, requested) for cell in (n, n / max(inbound, 1))]
        sheet.append([month, code, f"{code} SURGERY", *PLACE, inbound, "", *counts])


@dataclass(frozen=True)
class Ran:
    """What a run of the program left: its exit code, standard output and standard error."""

    code: int
    out: str
    err: str


@pytest.fixture
def openpractice(capsys, monkeypatch, tmp_path):
    """Run the program in this process: `openpractice("measures", "--json")`. The home is a folder of this test."""
    monkeypatch.setenv("OPENPRACTICE_HOME", str(tmp_path / "home"))

    def run(*arguments: object) -> Ran:
        capsys.readouterr()
        code = run_program([str(argument) for argument in arguments])
        return Ran(code, *capsys.readouterr())

    return run


def start(home: Path, *arguments: object, **options) -> subprocess.Popen:
    """Start the program as a process of its own."""
    command = [sys.executable, "-W", "error", "-m", "openpractice", "--home", str(home), *map(str, arguments)]
    environment = {k: v for k, v in os.environ.items() if not k.lower().endswith("_proxy")}
    piped = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True, "env": environment}
    return subprocess.Popen(command, **(piped | options))


def finish(process: subprocess.Popen, timeout: float = 240) -> Ran:
    out, err = process.communicate(timeout=timeout)
    return Ran(process.returncode, out, err)


class SmallFiles:
    """The writers of small files, and of processes, as a fixture gives them."""

    patients = staticmethod(patients_csv)
    telephony = staticmethod(telephony_book)
    start = staticmethod(start)
    finish = staticmethod(finish)


@pytest.fixture(scope="session")
def small() -> type[SmallFiles]:
    return SmallFiles
