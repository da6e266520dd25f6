"""Routine need met within one and two weeks, in the definitions that are in use."""

import narwhals as nw

from openpractice.kinds import Example
from openpractice.measures.declare import measure, total_where
from openpractice.measures.gpad import GPAD, KNOWN_LAGS, UNKNOWN_LAG, WITHIN_7, WITHIN_14, split

_ROUTINE = {
    **GPAD,
    "topic": "Access",
    "unit": "proportion",
    "direction": "increase",
    "needs": ("appt_status", "national_category", "booking_lag"),
    "unknown_beside": True,
    "status": "proposed",
    "caveats": (
        "What counts as routine is disputed: compare this with the other definitions beside it.",
        "Patients may choose a later day, and some care is rightly planned ahead.",
        "Only attended appointments count; those whose attendance or booking time is unknown are left out.",
    ),
}
_NARROW = ("General Consultation Routine",)
_WIDE = (*_NARROW, "Planned Clinics", "Planned Clinical Procedure", "Structured Medication Review")
_CARE_HOME = (*_NARROW, "Care Home Visit")

_ROWS = (
    *split(
        "booking_lag",
        {"Same Day": 50, "2 to 7 Days": 70, "8 to 14 Days": 40, "15 to 21 Days": 40, UNKNOWN_LAG: 6, None: 11},
        appt_status="Attended",
        national_category="General Consultation Routine",
    ),
    *split(
        "booking_lag",
        {"1 Day": 10, "8 to 14 Days": 30, "22 to 28 Days": 60, UNKNOWN_LAG: 2},
        appt_status="Attended",
        national_category="Planned Clinics",
    ),
    *split("booking_lag", {"Same Day": 20}, appt_status="Attended", national_category="Care Home Visit"),
    *split("booking_lag", {"1 Day": 15}, appt_status="DNA", national_category="General Consultation Routine"),
)


def _attended(categories, lags):
    return (
        (nw.col("appt_status") == "Attended")
        & nw.col("national_category").is_in(categories)
        & nw.col("booking_lag").is_in(lags)
    )


def _of(categories):
    """The denominator, and what could not be placed, of one definition of routine."""
    return {
        "denominator": total_where(_attended(categories, KNOWN_LAGS)),
        "unknown": total_where(_attended(categories, (UNKNOWN_LAG,))),
        "unknown_row": lambda row: row.n if _is_routine(row, categories) and row.booking_lag == UNKNOWN_LAG else 0,
    }


def _is_routine(row, categories):
    return row.appt_status == "Attended" and row.national_category in categories


def _within(row, categories, lags):
    if not _is_routine(row, categories) or row.booking_lag not in KNOWN_LAGS:
        return 0, 0
    return (row.n if row.booking_lag in lags else 0), row.n


@measure(
    **_ROUTINE,
    **_of(_NARROW),
    title="Routine appointments within 7 days",
    question="Were routine patients seen within a week of booking?",
    family="routine within 7 days",
    numerator=total_where(_attended(_NARROW, WITHIN_7)),
    example=Example(rows=_ROWS, numerator=120, denominator=200, value=0.6, unknown=6),
)
def routine_within_7_days(row):
    """A week is soon enough for most routine needs; beyond it, people begin to ring again."""
    return _within(row, _NARROW, WITHIN_7)


@measure(
    **_ROUTINE,
    **_of(_NARROW),
    title="Routine appointments within 14 days",
    question="Were routine patients seen within two weeks of booking?",
    family="routine within 14 days",
    numerator=total_where(_attended(_NARROW, WITHIN_14)),
    example=Example(rows=_ROWS, numerator=160, denominator=200, value=0.8, unknown=6),
)
def routine_within_14_days(row):
    """Two weeks is the wait that contracts and patients look at. It tells you whether routine care keeps pace with what
    is asked for."""
    return _within(row, _NARROW, WITHIN_14)


@measure(
    **_ROUTINE,
    **_of(_WIDE),
    title="Routine and planned appointments within 7 days",
    question="Were routine patients seen within a week, with planned clinics and reviews counted too?",
    family="routine within 7 days",
    numerator=total_where(_attended(_WIDE, WITHIN_7)),
    example=Example(rows=_ROWS, numerator=130, denominator=300, value=130 / 300, unknown=8),
)
def routine_within_7_days_wide(row):
    """Clinics and reviews are booked ahead on purpose, so this wider definition usually comes out lower. Know which one
    is being quoted at you."""
    return _within(row, _WIDE, WITHIN_7)


@measure(
    **_ROUTINE,
    **_of(_WIDE),
    title="Routine and planned appointments within 14 days",
    question="Were routine patients seen within two weeks, with planned clinics and reviews counted too?",
    family="routine within 14 days",
    numerator=total_where(_attended(_WIDE, WITHIN_14)),
    example=Example(rows=_ROWS, numerator=200, denominator=300, value=200 / 300, unknown=8),
)
def routine_within_14_days_wide(row):
    """Some analysts count planned clinics, procedures and medication reviews as routine. Seeing both figures keeps the
    conversation honest."""
    return _within(row, _WIDE, WITHIN_14)


@measure(
    **_ROUTINE,
    **_of(_CARE_HOME),
    title="Routine appointments and care home visits within 14 days",
    question="Were routine patients seen within two weeks, with care home visits counted too?",
    family="routine within 14 days",
    numerator=total_where(_attended(_CARE_HOME, WITHIN_14)),
    example=Example(rows=_ROWS, numerator=180, denominator=220, value=180 / 220, unknown=6),
)
def routine_within_14_days_care_home(row):
    """One proposed definition counts care home visits as routine. Practices that look after many care homes will see the
    difference."""
    return _within(row, _CARE_HOME, WITHIN_14)
