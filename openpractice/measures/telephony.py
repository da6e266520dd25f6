"""Calls to the practice: how many, what became of them, how long callers waited."""

from openpractice.kinds import PATIENTS, Example
from openpractice.measures.declare import measure, total, total_known
from openpractice.tables.calls import CALLS

_CBT = {
    "topic": "Telephony",
    "table": CALLS,
    "source": "NHS England, Cloud Based Telephony Data in General Practice (official statistics in development)",
    "version": "1",
    "reviewed": "2026-11-21",
    "status": "official",
}
_OUTCOMES_DIFFER = "The four outcomes need not add up to inbound calls for every practice."
_ROWS = (
    {
        "inbound": 6032,
        "answered": 3955,
        "ended_in_ivr": 1441,
        "callback_requested": 245,
        "missed": 391,
        "callback_made": 245,
    },
)


@measure(
    **_CBT,
    title="Calls missed",
    question="How many callers gave up or were cut off?",
    unit="proportion",
    direction="decrease",
    needs=(),
    numerator=total_known("missed", "inbound"),
    denominator=total_known("inbound", "missed"),
    caveats=("Voicemails count as missed.", _OUTCOMES_DIFFER),
    example=Example(rows=_ROWS, numerator=391, denominator=6032, value=391 / 6032),
)
def calls_missed(row):
    """A missed call is a patient who did not get through: many ring again, and some go elsewhere."""
    if row.missed is None or row.inbound is None:
        return None, None
    return row.missed, row.inbound


@measure(
    **_CBT,
    title="Inbound calls per 1,000 patients",
    question="How much does the phone ring, for a list of this size?",
    unit="per 1,000 patients",
    direction="neutral",
    needs=(),
    scale=1000.0,
    numerator=total("inbound"),
    denominator=PATIENTS,
    caveats=("Counts every call to the practice's numbers, not only requests for appointments.",),
    example=Example(rows=_ROWS, patients={"A81001": 12064}, numerator=6032, denominator=12064, value=500.0),
)
def inbound_calls_per_1000(row):
    """The size of telephone demand, comparable between practices of different sizes."""
    return row.inbound, PATIENTS
