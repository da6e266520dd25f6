"""How far ahead appointments were booked: all appointments, whatever they were for."""

import narwhals as nw

from openpractice.kinds import Example
from openpractice.measures.declare import measure, total_known, total_where
from openpractice.measures.gpad import GPAD, UNKNOWN_LAG, WITHIN_14, split

_LAG = {
    **GPAD,
    "topic": "Access",
    "unit": "proportion",
    "needs": ("booking_lag",),
    "denominator": total_known("n", "booking_lag"),
    "unknown": total_where(nw.col("booking_lag") == UNKNOWN_LAG),
    "unknown_row": lambda row: row.n if row.booking_lag == UNKNOWN_LAG else 0,
    "status": "official",
    "family": "booked ahead",
}
_ROWS = split(
    "booking_lag",
    {
        "Same Day": 440,
        "1 Day": 80,
        "2 to 7 Days": 200,
        "8 to 14 Days": 130,
        "15 to 21 Days": 60,
        "22 to 28 Days": 40,
        "More than 28 Days": 40,
        UNKNOWN_LAG: 10,
        None: 25,
    },
)
_BY_CHOICE = "Some appointments are booked ahead on purpose: reviews, clinics, and patients who prefer a later day."
_UNKNOWN_KEPT = "Appointments with no known booking time stay in the total, so their share is shown beside."
_OVER_14 = ("15 to 21 Days", "22 to 28 Days", "More than 28 Days")


def _share(row, lags):
    """A row of a file that does not know when appointments were booked says nothing."""
    if row.booking_lag is None:
        return None, None
    return (row.n if row.booking_lag in lags else 0), row.n


@measure(
    **_LAG,
    title="Appointments on the day they were booked",
    question="How much of the appointment book is used on the day it is asked for?",
    direction="neutral",
    numerator=total_where(nw.col("booking_lag") == "Same Day"),
    caveats=("More is not better in itself: it depends on what patients needed.", _UNKNOWN_KEPT),
    example=Example(rows=_ROWS, numerator=440, denominator=1000, value=0.44, unknown=10),
)
def same_day_share(row):
    """Shows how a practice divides its book between today and later, which shapes both the morning rush and the wait."""
    return _share(row, ("Same Day",))


@measure(
    **_LAG,
    title="Appointments within 14 days of booking",
    question="How many appointments took place within two weeks of being booked?",
    direction="increase",
    numerator=total_where(nw.col("booking_lag").is_in(WITHIN_14)),
    caveats=(_BY_CHOICE, _UNKNOWN_KEPT),
    example=Example(rows=_ROWS, numerator=850, denominator=1000, value=0.85, unknown=10),
)
def within_14_days_share(row):
    """Two weeks is the wait that patients and the public most often hear about, so it helps to know your own figure."""
    return _share(row, WITHIN_14)


@measure(
    **_LAG,
    title="Appointments more than 14 days after booking",
    question="How many appointments were booked more than two weeks ahead?",
    direction="decrease",
    numerator=total_where(nw.col("booking_lag").is_in(_OVER_14)),
    caveats=(_BY_CHOICE, _UNKNOWN_KEPT),
    example=Example(rows=_ROWS, numerator=140, denominator=1000, value=0.14, unknown=10),
)
def over_14_days_share(row):
    """A growing share here can mean that routine capacity is falling behind, often before anybody complains."""
    return _share(row, _OVER_14)


@measure(
    **_LAG,
    title="Appointments more than 28 days after booking",
    question="How many appointments were booked more than four weeks ahead?",
    direction="decrease",
    numerator=total_where(nw.col("booking_lag") == "More than 28 Days"),
    caveats=(_BY_CHOICE, _UNKNOWN_KEPT),
    example=Example(rows=_ROWS, numerator=40, denominator=1000, value=0.04, unknown=10),
)
def over_28_days_share(row):
    """Appointments booked very far ahead are the ones most easily forgotten, and the hardest to move."""
    return _share(row, ("More than 28 Days",))
