"""Antibiotic prescribing, for lists of this size and beside all prescribing."""

from openpractice.kinds import PATIENTS, Example
from openpractice.measures.declare import measure, total, total_known
from openpractice.tables.context import PRESCRIBING

_PRESCRIBING = {
    "topic": "Quality and context",
    "table": PRESCRIBING,
    "direction": "decrease",
    "needs": (),
    "source": "NHS Business Services Authority, English prescribing data",
    "version": "1",
    "reviewed": "2026-11-21",
    "status": "official",
    "family": "antibiotics",
}
_ROWS = (
    {"antibiotic_items": 450, "all_items": 16000},
    {"area_code": "A81002", "antibiotic_items": 300, "all_items": 9000},
    {"area_code": "A81003", "antibiotic_items": 80, "all_items": None},  # no list is known for A81003
)
_WINTER = "Infections rise every winter, so compare a month with the same month of another year."


@measure(
    **_PRESCRIBING,
    title="Antibiotic items per 1,000 patients",
    question="How many antibiotic items were dispensed in the month, for a list of this size?",
    unit="per 1,000 patients",
    scale=1000.0,
    numerator=total("antibiotic_items"),
    denominator=PATIENTS,
    caveats=(_WINTER, "Ages and illnesses differ between lists, and the list is counted as it stands."),
    example=Example(
        rows=_ROWS, patients={"A81001": 10000, "A81002": 5000}, numerator=750, denominator=15000, value=50.0
    ),
)
def antibiotic_items_per_1000(row):
    """Antibiotics that are not needed lose their power for those who need them. Most practices have room to talk about
    it."""
    return row.antibiotic_items, PATIENTS


@measure(
    **_PRESCRIBING,
    title="Antibiotics among all items",
    question="Of all the items dispensed, how many were antibiotics?",
    unit="proportion",
    numerator=total_known("antibiotic_items", "all_items"),
    denominator=total_known("all_items", "antibiotic_items"),
    caveats=(_WINTER, "Practices that give longer prescriptions have fewer items, and so a larger share."),
    example=Example(rows=_ROWS, numerator=750, denominator=25000, value=0.03),
)
def antibiotic_share_of_items(row):
    """Needs no list, so it can be read for any practice. Read it beside the rate for patients, not instead of it."""
    if row.antibiotic_items is None or row.all_items is None:
        return None, None
    return row.antibiotic_items, row.all_items
