"""Small appointment books of practices that do not exist, with counts that a test chooses."""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path

import pytest

from openpractice.analysis.recompute import ingest
from openpractice.web.demo.book import HEADER, nhs_numbers
from openpractice.web.organisations.models import Organisation
from openpractice.web.own.keys import owner_of
from openpractice.web.own.place import home_of

PATIENTS = nhs_numbers(400)
GP, NURSE, PHARMACIST = "GP Partner", "Practice Nurse", "Clinical Pharmacist"
# Role → attended, missed. The nurse's missed are too few to be shown.
USUAL = {GP: (60, 13), NURSE: (40, 3), PHARMACIST: (20, 9)}


def write(file: Path, months: dict[str, dict[str, tuple[int, int]]], code: str, patients: int = 400) -> Path:
    """Month → role → attended and missed; each appointment with another of so many patients, until they are used up."""
    with file.open("w", newline="", encoding="utf-8") as out:
        writer = csv.writer(out)
        writer.writerow(HEADER)
        for month, roles in months.items():
            place = 0
            for role, counts in roles.items():
                for status, count in zip(("Attended", "Did Not Attend"), counts, strict=True):
                    for _ in range(count):
                        writer.writerow(_row(month, role, status, PATIENTS[place % patients], code))
                        place += 1
    return file


def _row(month: str, role: str, status: str, number: str, code: str) -> tuple:
    day = f"{dt.date.fromisoformat(month + '-03'):%d/%m/%Y}"
    return (day, "09:10", day, status, "Dr Z Example", role, "On the day", "General Consultation Acute",
            "Face to Face (Surgery)", 12, 11, number, "TEST, Fictional", code)  # fmt: skip


def load(organisation: Organisation, folder: Path, months: dict, patients: int = 400, name: str = "book.csv") -> None:
    """Write a book and load it as the worker does."""
    file = write(folder / name, months, organisation.code, patients)
    (account,) = ingest(home_of(organisation), [file], owner=owner_of(organisation))
    assert account.status == "loaded", account
    file.unlink()


@pytest.fixture
def home(settings, tmp_path) -> Path:
    """A home of this test's own."""
    settings.HOME = tmp_path / "home"
    settings.HOME.mkdir()
    return settings.HOME
