"""An invented England of 26 practices, written in the publishers' own layouts, and a real sample of 201 practices.

Every figure follows from `Practice`, so a test can work out by hand what an answer must be.
"""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import openpyxl
import pytest

from openpractice.analysis.recompute import ingest
from openpractice.sources import document
from openpractice.store import Store

SAMPLE = Path(__file__).parents[2] / "data" / "analysis"
MONTHS = tuple(f"{n // 12}-{n % 12 + 1:02d}" for n in range(2025 * 12, 2025 * 12 + 14))  # 2025-01 to 2026-02
LAST = MONTHS[-1]


@dataclass(frozen=True)
class Practice:
    """One invented practice; `missed` are the missed calls of each month."""

    code: str
    pcn: str
    sub_icb: str
    patients: int
    inbound: int
    missed: tuple[int, ...]
    imd: float
    older: float  # share aged 65 and over
    telephony_until: str = LAST


def practices() -> list[Practice]:
    """Y99001 to Y99026: alike in everything but a little, and four with a story.

    Y99001 misses 20% in the last month after a year at 9% or 10%. Y99002 misses 3 of 20 calls: too few to say
    anything. Y99003 answers nearly everyone throughout. Y99004 sends no telephone figures after October 2025.
    """
    found = []
    for i in range(1, 27):
        share = 0.09 + 0.0005 * i
        missed = [round(5000 * (share + (0.005 if month % 2 else -0.005))) for month in range(14)]
        found.append(
            Practice(
                code=f"Y99{i:03d}",
                pcn=f"U9999{(i - 1) // 9 + 1}",
                sub_icb="99X" if i <= 18 else "98X",
                patients=10000 + 10 * i,
                inbound=5000,
                missed=tuple(missed),
                imd=20 + 0.1 * i,
                older=0.18 + 0.0002 * i,
            )
        )
    found[0] = Practice(**{**vars(found[0]), "missed": (*found[0].missed[:-1], 1000)})
    found[1] = Practice(**{**vars(found[1]), "inbound": 20, "missed": (2,) * 13 + (3,)})
    found[2] = Practice(**{**vars(found[2]), "missed": tuple(100 + m % 2 for m in range(14))})
    found[3] = Practice(**{**vars(found[3]), "telephony_until": "2025-10"})
    return found


def write_patients(path: Path, month: str, everyone: list[Practice]) -> Path:
    header = (
        "PUBLICATION,EXTRACT_DATE,TYPE,SUB_ICB_LOCATION_CODE,ONS_SUB_ICB_LOCATION_CODE,CODE,POSTCODE,SEX,AGE,"
        "NUMBER_OF_PATIENTS"
    )
    rows = [
        ("GP_PRAC_PAT_LIST", f"{month}-01", "GP", p.sub_icb, f"E99000{p.sub_icb[:2]}9", p.code, "ZZ99 9ZZ", "ALL", "ALL",
         p.patients)
        for p in everyone
    ]  # fmt: skip
    return _csv(path, header.split(","), rows)


def write_demographics(path: Path, everyone: list[Practice]) -> Path:
    """Shares are printed at half their size by this publisher, so half of each is written."""
    header = ("practice_code", "list_size", "imd_score", "imd_decile", "pct_over_65", "pct_under_5", "pct_5_19")
    rows = [(p.code, p.patients, p.imd, 5, 50 * p.older, 2.5, 9) for p in everyone]
    return _csv(path, header, rows)


def _csv(path: Path, header, rows) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows(rows)
    return path


def write_telephony(path: Path, month: str, everyone: list[Practice]) -> Path:
    """The telephony workbook of one month, with every day of the month in its table by day and time."""
    book = openpyxl.Workbook()
    first = dt.date.fromisoformat(f"{month}-01")
    calling = [p for p in everyone if month <= p.telephony_until]
    _england(book.active, first, calling, everyone, month)
    _days(book.create_sheet("Table 2"), first)
    _by_practice(book.create_sheet("Table 3"), first, calling, MONTHS.index(month))
    book.save(path)
    return path


def outcomes(p: Practice, month: int) -> tuple[int, int, int, int, int]:
    """Answered, ended in the menu, call back requested, missed, call back made."""
    answered = p.inbound * 6 // 10
    return answered, p.inbound - answered - p.missed[month], 0, p.missed[month], 0


def _england(sheet, first: dt.date, calling, everyone, month: str) -> None:
    sheet.title = "Table 1"
    number = first.year * 12 + first.month - 1
    months = [dt.date((number - n) // 12, (number - n) % 12 + 1, 1) for n in range(6)]
    total = [sum(column) for column in zip(*(outcomes(p, MONTHS.index(month)) for p in calling), strict=True)]
    answered = total[0]
    sheet.append(["Table 1: Summary of Cloud Based Telephony calls by month, England"])
    sheet.append(["", "", *months])
    for section, label, value in (
        ("Coverage", "Open active practices", len(everyone)),
        ("", "Count of practices included", len(calling)),
        ("", "Registered patients at open active practices", sum(p.patients for p in everyone)),
        ("", "Registered patients at included practices [2]", sum(p.patients for p in calling)),
        ("Inbound calls", "Total Inbound Calls", sum(p.inbound for p in calling)),
        ("Calls dealt with", "Calls answered [3]", answered),
        ("", "Calls ended during the IVR (Interactive Voice Response) stage [3]", total[1]),
        ("", "Calls resulting in a call back request [3]", total[2]),
        ("", "Call backs made", total[4]),
        ("Calls not dealt with", "Missed calls [3, 5]", total[3]),
        ("Call wait times [4]", "Calls answered within 1 minute", answered),
        ("", "Calls answered within 1 to 2 minutes", 0),
        ("", "Calls answered within 2 to 5 minutes", 0),
        ("", "Calls answered after waiting over 5 minutes", 0),
        ("Call durations", "Duration of 1 minute or less", answered),
        ("", "Duration of 1 to 2 minutes", 0),
        ("", "Duration of 2 to 5 minutes", 0),
        ("", "Duration of over 5 minutes", 0),
    ):
        sheet.append([section, label, value, *[""] * 5])


def _days(sheet, first: dt.date) -> None:
    """Mondays bring 400 calls from 8 to 10 and 200 from 10 to 12; other weekdays 200 and 200; weekends 10 and 0."""
    sheet.append(["Table 2: Inbound Calls by day and time of day, England"])
    sheet.append([])
    sheet.append(["", "Date", "Total Count of Inbound Calls", "", "08:00 - 09:59", "10:00 - 11:59", "18:00 - 18:29"])
    day = first
    while day.month == first.month:
        early, late = ((400, 200) if day.weekday() == 0 else (200, 200)) if day.weekday() < 5 else (10, 0)
        evening = 60 if day.weekday() < 5 else 0
        sheet.append([f"{day:%A}", day, early + late + evening, "", early, late, evening])
        day += dt.timedelta(days=1)


def _by_practice(sheet, month: dt.date, calling, at: int) -> None:
    sheet.append(["Table 3: Summary of Cloud Based Telephony calls by GP practice"])
    sheet.append([*[""] * 13, "Count of Inbound Call Outcome"])
    names = ("Answered", "Ended during the IVR Stage [4]", "Call back requested", "Missed [5]", "Call back made")
    sheet.append(
        ["Month [1]", "GP Practice \n(ODS_CODE)", "GP Name", "PCN Code", "PCN Name [2,3]", "Sub ICB Code [2]",
         "Sub ICB Name", "ICB Code  [2]", "ICB Name", "Region Code  [2]", "Region Name", "Count of Inbound calls", "",
         *[name for name in names for name in (name, "")]]
    )  # fmt: skip
    sheet.append([*[""] * 11, "Total", "", *["Total", "%"] * len(names)])
    for p in calling:
        counts = [cell for n in outcomes(p, at) for cell in (n, n / p.inbound)]
        place = (p.pcn, f"{p.pcn} NETWORK", p.sub_icb, f"NHS FICTION ICB - {p.sub_icb}", "Q99")
        place = (*place, "NHS FICTION INTEGRATED CARE BOARD", "Y99", "FICTION")
        sheet.append([month, p.code, f"{p.code} SURGERY", *place, p.inbound, "", *counts])


@pytest.fixture(scope="session")
def england_of_26() -> list[Practice]:
    return practices()


@pytest.fixture(scope="session")
def patients_file():
    """`patients_file(path, month, practices)` writes one more registered list."""
    return write_patients


@pytest.fixture
def small_england() -> Iterator[None]:
    """Twenty practices are all of England: files that name so many speak for everyone."""
    with of_twenty():
        yield


@contextmanager
def of_twenty() -> Iterator[None]:
    """As `small_england`, for as long as a store is filled: other tests of this process know the real England."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(document, "ENOUGH_PRACTICES", 20)
        yield


@pytest.fixture(scope="session")
def home(tmp_path_factory, england_of_26) -> Path:
    """A store of the invented England: lists, ages, deprivation and fourteen months of telephony."""
    files = tmp_path_factory.mktemp("files")
    for month in ("2025-01", "2025-07", "2026-01"):
        write_patients(files / f"patients-{month}.csv", month, england_of_26)
    write_demographics(files / "demographics.csv", england_of_26)
    for month in MONTHS:
        write_telephony(files / f"telephony-{month}.xlsx", month, england_of_26)
    home = tmp_path_factory.mktemp("invented") / "home"
    with of_twenty():
        accounts = ingest(home, [files])
    refused = [account for account in accounts if account.status != "loaded"]
    assert not refused, refused
    return home


@pytest.fixture(scope="session")
def store(home) -> Iterator[Store]:
    yield from _open(home)


@pytest.fixture(scope="session")
def sample(tmp_path_factory) -> Iterator[Store]:
    """A store of 201 real practices: those for students, some rural dispensing ones, and one in forty of the rest."""
    home = tmp_path_factory.mktemp("sample") / "home"
    files = [path for path in sorted(SAMPLE.iterdir()) if path.suffix != ".md"]
    with of_twenty():
        accounts = ingest(home, files)
    refused = [account for account in accounts if account.status != "loaded"]
    assert not refused, refused
    yield from _open(home)


def _open(home: Path) -> Iterator[Store]:
    store = Store(home)
    yield store
    if store._facts is not None:
        store._facts[1].close()
