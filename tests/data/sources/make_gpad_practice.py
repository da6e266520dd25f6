"""Writes gpad_practice_synthetic.csv: a practice-level crosstab of one month for six practices that do not exist.

SYNTHETIC. The layout is that of the publication; every name, code and count is made up. The categories follow
England's shares of May 2025, so that a figure drawn from the file looks like one. Run again, it writes the same bytes:

    python tests/data/sources/make_gpad_practice.py
"""

from __future__ import annotations

import csv
import io
import random
from collections import Counter
from pathlib import Path

OUTPUT = Path(__file__).with_name("gpad_practice_synthetic.csv")
HEADER = [
    "APPOINTMENT_MONTH_START_DATE",
    "GP_CODE",
    "GP_NAME",
    "SUPPLIER",
    "PCN_CODE",
    "PCN_NAME",
    "SUB_ICB_LOCATION_CODE",
    "SUB_ICB_LOCATION_NAME",
    "HCP_TYPE",
    "APPT_MODE",
    "NATIONAL_CATEGORY",
    "TIME_BETWEEN_BOOK_AND_APPT",
    "COUNT_OF_APPOINTMENTS",
    "APPT_STATUS",
]
MONTH = "01AUG2025"
SUB_ICB = ("99X", "SYNTHETIC ICB - 99X")
PCNS = {"A": ("U99901", "SYNTHETIC PCN A"), "B": ("U99902", "SYNTHETIC PCN B"), "": ("U", "UNALLOCATED")}
PRACTICES = (  # code, name, supplier, network, registered patients
    ("Y99001", "SYNTHETIC SURGERY ONE", "SYNTHETIC/EMIS", "A", 4_100),
    ("Y99002", "SYNTHETIC SURGERY TWO", "SYNTHETIC/TPP", "A", 6_800),
    ("Y99003", "SYNTHETIC SURGERY THREE", "SYNTHETIC/EMIS", "A", 9_500),
    ("Y99004", "SYNTHETIC SURGERY FOUR", "SYNTHETIC/TPP", "B", 12_300),
    ("Y99005", "SYNTHETIC SURGERY FIVE", "SYNTHETIC/EMIS", "B", 17_900),
    ("Y99006", "SYNTHETIC SURGERY SIX", "SYNTHETIC/TPP", "", 2_600),
)
PER_PATIENT = 0.486  # appointments a month
BLOCKS = 76  # draws a practice: each draw is a block of appointments of one kind
STATUS = {"Attended": 900, "DNA": 41, "Unknown": 59}
HCP = {"GP": 452, "Other Practice staff": 526, "Unknown": 22}
MODE = {"Face-to-Face": 633, "Telephone": 252, "Video Conference/Online": 79, "Home Visit": 12, "Unknown": 24}
LAG = {  # of what is not acute: with ACUTE it comes to England's 44% on the same day
    "Same Day": 246,
    "1 Day": 85,
    "2 to 7 Days": 240,
    "8  to 14 Days": 187,  # two spaces, as published
    "15  to 21 Days": 106,
    "22  to 28 Days": 72,
    "More than 28 Days": 82,
    "Unknown / Data Quality": 5,
}
CATEGORY = {
    "General Consultation Routine": 264,
    "General Consultation Acute": 186,
    "Planned Clinics": 156,
    "Clinical Triage": 111,
    "Inconsistent Mapping": 108,
    "Planned Clinical Procedure": 99,
    "Unmapped": 16,
    "Unplanned Clinical Activity": 10,
    "Structured Medication Review": 10,
    "Care Related Encounter but does not fit into any other category": 10,
    "Home Visit": 8,
    "Patient contact during Care Home Round": 7,
    "Service provided by organisation external to the practice": 4,
    "Social Prescribing Service": 4,
    "Care Home Visit": 4,
    "Care Home Needs Assessment & Personalised Care and Support Planning": 2,
    "Walk-in": 1,
}
ACUTE = {"Same Day": 900, "1 Day": 60, "2 to 7 Days": 40}


def counts_of(patients: int, draw: random.Random) -> Counter[tuple[str, ...]]:
    """A practice's month: (hcp, mode, category, lag, status) → appointments."""
    found: Counter[tuple[str, ...]] = Counter()
    block = patients * PER_PATIENT / BLOCKS
    for _ in range(BLOCKS):
        category = _one(CATEGORY, draw)
        acute = category in ("General Consultation Acute", "Clinical Triage", "Walk-in")
        lag = _one(ACUTE if acute else LAG, draw)
        mode = "Home Visit" if category == "Home Visit" else _one(MODE, draw)
        size = max(1, round(block * draw.uniform(0.4, 1.6)))
        missed = 0 if lag == "Same Day" else round(size * draw.uniform(0.03, 0.12))
        unknown = round(size * draw.uniform(0.0, 0.12))
        hcp = _one(HCP, draw)
        for status, n in (("DNA", missed), ("Unknown", unknown), ("Attended", size - missed - unknown)):
            if n > 0:
                found[hcp, mode, category, lag, status] += n
    return found


def _one(shares: dict[str, int], draw: random.Random) -> str:
    return draw.choices(list(shares), list(shares.values()))[0]


def text() -> str:
    """The whole file. The same text every time."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(HEADER)
    for code, name, supplier, network, patients in PRACTICES:
        counts = counts_of(patients, random.Random(code))
        for (hcp, mode, category, lag, status), n in sorted(counts.items()):
            writer.writerow(
                [MONTH, code, name, supplier, *PCNS[network], *SUB_ICB, hcp, mode, category, lag, n, status]
            )
    return out.getvalue()


if __name__ == "__main__":
    OUTPUT.write_text(text(), encoding="utf-8")
    print(f"{OUTPUT.name}: {len(text()):,} bytes")
