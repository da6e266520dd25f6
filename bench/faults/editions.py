"""Files whose figures give away of which edition they are, so that a mixture of two would show."""

from __future__ import annotations

import csv
import io
import itertools
import threading

MONTH = "2026-01"
PRACTICES = {"Y99001": 10_000, "Y99002": 50_000}  # registered patients: so many, and the number of the edition
ATTENDED = 180  # of the appointment book; missed are as many more as its edition says
LIST = "PUBLICATION,EXTRACT_DATE,TYPE,SUB_ICB_LOCATION_CODE,ONS_SUB_ICB_LOCATION_CODE,CODE,POSTCODE,SEX,AGE,NUMBER_OF_PATIENTS"
_numbers, _lock = itertools.count(1), threading.Lock()


def number() -> int:
    """The number of the next edition."""
    with _lock:
        return next(_numbers)


def patients(edition: int) -> bytes:
    """Registered patients of two practices, as they are published."""
    rows = [
        f"GP_PRAC_PAT_LIST,{MONTH}-01,GP,99X,E99000999,{code},ZZ99 9ZZ,ALL,ALL,{base + edition}"
        for code, base in PRACTICES.items()
    ]
    return "\n".join([LIST, *rows, ""]).encode()


def book(edition: int, padding: int = 0) -> bytes:
    """An appointment book. Padding makes it large, in a column that nobody reads."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["Appointment date", "Start time", "Appointment status", "Role", "ODS code", "Notes"])
    for status, count in (("Attended", ATTENDED), ("Did Not Attend", edition)):
        writer.writerows(("05/01/2026", "09:10", status, "GP Partner", "Y99001", "x" * padding) for _ in range(count))
    return out.getvalue().encode()


def strange(edition: int) -> bytes:
    """Nothing that anybody publishes."""
    return f"a,b,c\n1,2,{edition}\n".encode()


def of_patients(results: list[dict]) -> set[int]:
    """The editions that figures of registered patients belong to: one, unless they are a mixture."""
    whole = sum(PRACTICES.values())
    return {
        round((r["value"] - whole) / len(PRACTICES)) if r["area"] == "ENG" else round(r["value"] - PRACTICES[r["area"]])
        for r in results if r["period"] == MONTH
    }  # fmt: skip


def of_book(results: list[dict]) -> set[int]:
    """The editions that figures of the appointment book belong to; what is no edition is below nought."""
    found = set()
    for r in results:
        if r["measure"] == "book_dna_share":
            missed, told = round(r["numerator"]), round(r["denominator"])
            found.add(missed if told == ATTENDED + missed else -1)
    return found
