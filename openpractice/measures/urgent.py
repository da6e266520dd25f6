"""Urgent need met on the same day, in the two definitions that are in use."""

import narwhals as nw

from openpractice.kinds import Example
from openpractice.measures.declare import measure, total_where
from openpractice.measures.gpad import GPAD, KNOWN_LAGS, UNKNOWN_LAG, split

_URGENT = {
    **GPAD,
    "topic": "Access",
    "unit": "proportion",
    "direction": "increase",
    "needs": ("appt_status", "national_category", "booking_lag"),
    "unknown_beside": True,
    "status": "proposed",
    "family": "urgent same day",
}
_ACUTE = ("General Consultation Acute",)
_BROAD = ("General Consultation Acute", "Clinical Triage", "Unplanned Clinical Activity", "Walk-in")

_DISPUTED = "What counts as urgent is disputed: compare this with the other definition beside it."
_TARGET = "The proposed contract target is 90% by March 2027."
_MAPPING = "Depends on how the practice maps its slot types to national categories."
_ATTENDED = "Only attended appointments count; those whose attendance or booking time is unknown are left out."
_CAVEATS = (_DISPUTED, _TARGET, _MAPPING, _ATTENDED)

_ROWS = (
    *split(
        "booking_lag",
        {"Same Day": 160, "1 Day": 24, "2 to 7 Days": 16, UNKNOWN_LAG: 5, None: 9},
        appt_status="Attended",
        national_category="General Consultation Acute",
    ),
    *split(
        "booking_lag",
        {"Same Day": 90, "1 Day": 10, UNKNOWN_LAG: 3},
        appt_status="Attended",
        national_category="Clinical Triage",
    ),
    *split("booking_lag", {"Same Day": 12}, appt_status="DNA", national_category="General Consultation Acute"),
    *split("booking_lag", {"Same Day": 70}, appt_status="Attended", national_category="General Consultation Routine"),
)


def _attended(categories, lags):
    return (
        (nw.col("appt_status") == "Attended")
        & nw.col("national_category").is_in(categories)
        & nw.col("booking_lag").is_in(lags)
    )


def _same_day(row, categories):
    if row.appt_status != "Attended" or row.national_category not in categories or row.booking_lag not in KNOWN_LAGS:
        return 0, 0
    return (row.n if row.booking_lag == "Same Day" else 0), row.n


def _unknown(row, categories):
    urgent = row.appt_status == "Attended" and row.national_category in categories
    return row.n if urgent and row.booking_lag == UNKNOWN_LAG else 0


@measure(
    **_URGENT,
    title="Urgent appointments on the same day",
    question="When the need was urgent, was the patient seen the same day?",
    numerator=total_where(_attended(_ACUTE, ("Same Day",))),
    denominator=total_where(_attended(_ACUTE, KNOWN_LAGS)),
    unknown=total_where(_attended(_ACUTE, (UNKNOWN_LAG,))),
    unknown_row=lambda row: _unknown(row, _ACUTE),
    caveats=_CAVEATS,
    example=Example(rows=_ROWS, numerator=160, denominator=200, value=0.8, unknown=5),
)
def urgent_same_day(row):
    """Seeing urgent need today is what patients worry about most, and it is the measure most likely to enter the
    contract. This is the narrow definition: general consultations recorded as acute."""
    return _same_day(row, _ACUTE)


@measure(
    **_URGENT,
    title="Urgent appointments on the same day, wide definition",
    question="Was urgent need met the same day, with triage, unplanned work and walk-ins counted too?",
    numerator=total_where(_attended(_BROAD, ("Same Day",))),
    denominator=total_where(_attended(_BROAD, KNOWN_LAGS)),
    unknown=total_where(_attended(_BROAD, (UNKNOWN_LAG,))),
    unknown_row=lambda row: _unknown(row, _BROAD),
    caveats=_CAVEATS,
    example=Example(rows=_ROWS, numerator=250, denominator=300, value=250 / 300, unknown=8),
)
def urgent_same_day_broad(row):
    """Much urgent work is booked as triage or as a walk-in. If the two definitions differ a lot for you, look first at
    how your slots are mapped."""
    return _same_day(row, _BROAD)
