"""An appointment book of a practice that does not exist, as its clinical system would export it: for show and for tests.

Nobody in it lives. NHS numbers are of the range that is kept for tests (999…), made by arithmetic with a valid check
digit; patients are called Test and clinicians Example. The same questions give the same file.
"""

from __future__ import annotations

import csv
import datetime as dt
import random
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from openpractice.methods.calendar import is_working_day

HEADER = (
    "Appointment date", "Start time", "Booked date", "Appointment status", "Clinician", "Role", "Slot type",
    "National slot category", "Appointment mode", "Planned duration", "Actual duration", "NHS number", "Patient name",
    "ODS code",
)  # fmt: skip
# name, role, appointments a day, minutes of a slot, working weekdays
_STAFF = (
    ("Dr A Example", "GP Partner", 26, 12, "01245"),
    ("Dr B Example", "GP Partner", 26, 12, "0134"),
    ("Dr C Example", "Salaried GP", 24, 15, "0234"),
    ("Dr D Example", "GP Registrar", 14, 20, "0124"),
    ("Nurse E Example", "Practice Nurse", 24, 15, "01234"),
    ("Nurse F Example", "Advanced Nurse Practitioner", 22, 15, "0134"),
    ("Ms G Example", "Clinical Pharmacist", 16, 20, "0123"),
    ("Mr H Example", "Health Care Assistant", 26, 10, "01234"),
    ("Mr J Example", "First Contact Physiotherapist", 14, 20, "02"),
)
_LEADS = ((0, 46), (1, 8), (4, 15), (10, 14), (18, 8), (25, 5), (35, 4))  # days, weight
_LEAD_DAYS, _LEAD_WEIGHTS = tuple(days for days, _ in _LEADS), tuple(weight for _, weight in _LEADS)
_MONDAYS = 1.15  # Mondays are fuller, and every day empties towards evening


def nhs_numbers(count: int) -> list[str]:
    """The first so many numbers of the range kept for tests that have a check digit: 9990000018, 9990000026 …"""
    numbers = _nines()
    return [next(numbers) for _ in range(count)]


def _nines() -> Iterator[str]:
    for place in range(1, 1_000_000):
        nine = f"999{place:06d}"
        check = 11 - sum(int(digit) * weight for digit, weight in zip(nine, range(10, 1, -1), strict=True)) % 11
        if check != 10:  # which no single digit can say, so such numbers are never given out
            yield f"{nine}{0 if check == 11 else check}"


def write_book(
    file: Path, code: str, until: dt.date, *, days: int = 182, patients: int = 8000, reminders: dt.date | None = None
) -> Path:
    """Write the book of so many days before `until`, and of the two weeks after it that are booked already.

    From the day of `reminders` on, fewer patients forget their appointment, so that there is an effect to be seen.
    """
    chance = random.Random(f"{code} {days} {patients}")  # the same book each time, and no secret  # nosec B311
    numbers = nhs_numbers(patients)
    with file.open("w", newline="", encoding="utf-8") as out:
        writer = csv.writer(out)
        writer.writerow(HEADER)
        for n in range(-days, 15):
            day = until + dt.timedelta(days=n)
            if is_working_day(np.datetime64(day)):
                writer.writerows(_day(chance, day, until, numbers, code, bool(reminders and day >= reminders)))
    return file


def _day(
    chance: random.Random, day: dt.date, until: dt.date, numbers: list[str], code: str, reminded: bool
) -> Iterator:
    for name, role, slots, minutes, weekdays in _STAFF:
        if str(day.weekday()) not in weekdays or chance.random() < 0.06:  # away that day
            continue
        full = round(slots * (_MONDAYS if day.weekday() == 0 else 1) * chance.uniform(0.85, 1.0))
        for slot in range(full):
            lead = _lead(chance, role)
            booked = day - dt.timedelta(days=lead)
            if booked > until:
                continue
            at = 510 + slot * minutes + (90 if slot * 2 > full else 0)
            patient = int(len(numbers) * chance.random() ** 1.6)  # some come often, most seldom
            status = _status(chance, day, until, lead, reminded)
            yield (
                f"{day:%d/%m/%Y}", f"{at // 60:02d}:{at % 60:02d}", f"{booked:%d/%m/%Y}", status, name, role,
                *_slot(chance, role, lead), minutes,
                max(2, round(chance.gauss(minutes * 0.95, 4))) if status == "Attended" else "",
                numbers[patient], f"TEST, Patient {patient + 1}", code,
            )  # fmt: skip


def _lead(chance: random.Random, role: str) -> int:
    if "GP" not in role and chance.random() < 0.55:
        return chance.choice((5, 7, 9, 12, 14, 20, 28))
    return chance.choices(_LEAD_DAYS, _LEAD_WEIGHTS)[0]


def _status(chance: random.Random, day: dt.date, until: dt.date, lead: int, reminded: bool) -> str:
    if chance.random() < 0.035 + lead * 0.001:
        return "Cancelled"
    if day > until:
        return "Booked"
    forgotten = (0.012 + min(lead, 30) * 0.0035) * (0.6 if reminded else 1)
    drawn = chance.random()
    return "Did Not Attend" if drawn < forgotten else "Booked" if drawn > 0.985 else "Attended"


def _slot(chance: random.Random, role: str, lead: int) -> tuple[str, str, str]:
    """Slot type, national category and mode."""
    if "Nurse" in role or "Assistant" in role:
        return "Clinic", "Planned Clinics", "Face to Face (Surgery)"
    if "Pharmacist" in role:
        return "Medication review", "Structured Medication Review", "Telephone/Audio"
    mode = chance.choices(
        ("Face to Face (Surgery)", "Telephone/Audio", "Face to Face (Home Visit)", "Video with Audio"), (68, 27, 3, 2)
    )[0]
    if lead == 0:
        return "On the day", "General Consultation Acute", mode
    return "Routine", "General Consultation Routine", mode
