"""A practice's own appointment book: what became of appointments, when they were booked, and whom they were with.

No open data exist for these. They are worked out in the practice's own store, from its own export, and seen elsewhere
only where the practice agreed to it.
"""

import narwhals as nw

from openpractice.kinds import Example
from openpractice.measures.declare import measure, rows_where, sum_where
from openpractice.measures.gpad import UNKNOWN_LAG
from openpractice.tables.appointment_book import APPOINTMENT_BOOK

OWN = "No open data exist for this: it comes from a practice's own appointment book."
_HELD = ("Attended", "DNA", "Unknown")  # the time came, whatever is known of it
_TOLD = ("Attended", "DNA")
_BOOK = {
    "topic": "Appointment book",
    "table": APPOINTMENT_BOOK,
    "source": "The practice's own appointment book, as its clinical system exported it",
    "version": "1",
    "reviewed": "2026-11-22",
    "status": "ours",
    "disclosive": True,
}
_STATUS, _LAG, _ROLE = nw.col("appt_status"), nw.col("booking_lag"), nw.col("role_group")
_PLANNED = ~nw.col("planned_minutes").is_null()
_UNCLOSED = "Appointments that nobody closed have no known outcome and are left out; their share is shown beside."
_COMING = "Appointments that are yet to come are not counted."


def _rows(*appointments, column=""):
    """One row an appointment: its status, its planned minutes and, where there is a column, the value in that."""
    named = ("appt_status", "planned_minutes", column)
    return tuple(dict(zip(named, appointment, strict=False)) for appointment in appointments)


_OUTCOMES = _rows(
    ("Attended", 15), ("Attended", 15), ("Attended", 10), ("DNA", 10), ("Cancelled", 10), ("Unknown", 10), ("Booked", 20),
    (None, None),
)  # fmt: skip


@measure(
    **_BOOK,
    title="Missed appointments in the practice's own book",
    question="How many of the appointments with a known outcome were missed?",
    unit="proportion",
    direction="decrease",
    needs=("appt_status",),
    numerator=rows_where(_STATUS == "DNA"),
    denominator=rows_where(_STATUS.is_in(_TOLD)),
    unknown=rows_where(_STATUS == "Unknown"),
    unknown_row=lambda row: int(row.appt_status == "Unknown"),
    unknown_beside=True,
    caveats=(OWN, _UNCLOSED, _COMING),
    example=Example(rows=_OUTCOMES, numerator=1, denominator=4, value=0.25, unknown=1),
)
def book_dna_share(row):
    """A missed appointment is one that somebody else could have had. Reminders, and shorter waits, bring this down."""
    return int(row.appt_status == "DNA"), int(row.appt_status in _TOLD)


@measure(
    **_BOOK,
    title="Planned time lost to missed appointments",
    question="How much of the time planned for patients went by because they did not come?",
    unit="proportion",
    direction="decrease",
    needs=("appt_status",),
    numerator=sum_where(_STATUS == "DNA", nw.col("planned_minutes")),
    denominator=sum_where(_STATUS.is_in(_TOLD), nw.col("planned_minutes")),
    behind=(rows_where((_STATUS == "DNA") & _PLANNED), rows_where(_STATUS.is_in(_TOLD) & _PLANNED)),
    caveats=(OWN, "The time was rarely idle: a missed slot is often what lets a late clinic catch up.", _COMING),
    example=Example(rows=_OUTCOMES, numerator=10, denominator=50, value=0.2),
)
def book_time_missed_share(row):
    """Long appointments that are missed cost more than short ones, which a count of appointments does not show."""
    minutes = row.planned_minutes or 0
    return minutes if row.appt_status == "DNA" else 0, minutes if row.appt_status in _TOLD else 0


@measure(
    **_BOOK,
    title="Cancelled appointments",
    question="How many of the appointments that were booked were cancelled?",
    unit="proportion",
    direction="neutral",
    needs=("appt_status",),
    numerator=rows_where(_STATUS == "Cancelled"),
    denominator=rows_where(_STATUS.is_in((*_HELD, "Cancelled"))),
    caveats=(
        OWN,
        "More is not worse in itself: a patient who cancels gives the time to somebody else.",
        "Some systems leave cancelled appointments out of the export; then this is nought.",
        _COMING,
    ),
    example=Example(rows=_OUTCOMES, numerator=1, denominator=6, value=1 / 6),
)
def book_cancelled_share(row):
    """Beside missed appointments it shows whether patients find it easy to say that they cannot come."""
    return int(row.appt_status == "Cancelled"), int(row.appt_status in (*_HELD, "Cancelled"))


@measure(
    **_BOOK,
    title="Appointments booked for the same day in the practice's own book",
    question="How much of the book is used on the day it is asked for?",
    unit="proportion",
    direction="neutral",
    needs=("appt_status", "booking_lag"),
    numerator=rows_where(_STATUS.is_in(_HELD) & (_LAG == "Same Day")),
    denominator=rows_where(_STATUS.is_in(_HELD) & (_LAG != UNKNOWN_LAG)),
    unknown=rows_where(_STATUS.is_in(_HELD) & (_LAG == UNKNOWN_LAG)),
    unknown_row=lambda row: int(row.appt_status in _HELD and row.booking_lag == UNKNOWN_LAG),
    unknown_beside=True,
    caveats=(OWN, "More is not better in itself: it depends on what patients needed.", _COMING),
    example=Example(
        rows=_rows(
            ("Attended", 10, "Same Day"),
            ("Attended", 10, "Same Day"),
            ("DNA", 10, "2 to 7 Days"),
            ("Attended", 15, "8 to 14 Days"),
            ("Attended", 15, "8 to 14 Days"),
            ("Attended", 15, UNKNOWN_LAG),
            ("Cancelled", 15, "Same Day"),
            (None, None, None),
            column="booking_lag",
        ),
        numerator=2,
        denominator=5,
        value=0.4,
        unknown=1,
    ),
)
def book_same_day_share(row):
    """Shows how the book is divided between today and later, which shapes both the morning rush and the wait."""
    held, lag = row.appt_status in _HELD, row.booking_lag
    return int(held and lag == "Same Day"), int(held and lag not in (None, UNKNOWN_LAG))


@measure(
    **_BOOK,
    title="Appointments with a GP in the practice's own book",
    question="How many appointments are with a GP?",
    unit="proportion",
    direction="neutral",
    needs=("appt_status", "role_group"),
    numerator=rows_where(_STATUS.is_in(_HELD) & (_ROLE == "GP")),
    denominator=rows_where(_STATUS.is_in(_HELD) & (_ROLE != "Unknown")),
    unknown=rows_where(_STATUS.is_in(_HELD) & (_ROLE == "Unknown")),
    unknown_row=lambda row: int(row.appt_status in _HELD and row.role_group == "Unknown"),
    unknown_beside=True,
    caveats=(
        OWN,
        "Other professionals often are the better choice; the mix is a decision, not a score.",
        "Roles are found by the words that the practice's system uses for them.",
        _COMING,
    ),
    example=Example(
        rows=_rows(
            ("Attended", 12, "GP"),
            ("Attended", 12, "GP"),
            ("DNA", 12, "GP"),
            ("Attended", 15, "Nurse"),
            ("Attended", 15, "Nurse"),
            ("Attended", 20, "Pharmacist"),
            ("Attended", 10, "Unknown"),
            ("Cancelled", 12, "GP"),
            (None, None, None),
            column="role_group",
        ),
        numerator=3,
        denominator=6,
        value=0.5,
        unknown=1,
    ),
)
def book_gp_share(row):
    """Says how much of the practice's work reaches its scarcest people, and how it changes as the team grows."""
    held, role = row.appt_status in _HELD, row.role_group
    return int(held and role == "GP"), int(held and role not in (None, "Unknown"))


@measure(
    **_BOOK,
    title="Planned length of an appointment",
    question="How long is the average appointment planned to be?",
    unit="minutes",
    direction="neutral",
    needs=("appt_status",),
    numerator=sum_where(_STATUS.is_in(_HELD), nw.col("planned_minutes")),
    denominator=rows_where(_STATUS.is_in(_HELD) & _PLANNED),
    behind=(rows_where(_STATUS.is_in(_HELD) & _PLANNED),) * 2,
    caveats=(OWN, "How long appointments really last is often longer, and is recorded less well.", _COMING),
    example=Example(rows=_OUTCOMES, numerator=60, denominator=5, value=12),
)
def book_planned_minutes(row):
    """Longer appointments are more work in one visit, and fewer in a day: neither is better without the other figures."""
    known = row.appt_status in _HELD and row.planned_minutes is not None
    return row.planned_minutes if known else 0, int(known)
