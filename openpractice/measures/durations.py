"""How long appointments last, as far as the recorded bands can say."""

import narwhals as nw

from openpractice.kinds import Example
from openpractice.measures.declare import measure, total_known, total_where
from openpractice.measures.gpad import GPAD, split
from openpractice.tables.appointments import APPOINTMENT_DURATIONS

_UNKNOWN = "Unknown / Data Quality"
# Lengths are in whole minutes. How they are rounded is not published; we take 5 minutes to stand for 4.5 to 5.5.
_MINUTES = {
    "1-5 Minutes": (0.5, 5.5),
    "6-10 Minutes": (5.5, 10.5),
    "11-15 Minutes": (10.5, 15.5),
    "16-20 Minutes": (15.5, 20.5),
    "21-30 Minutes": (20.5, 30.5),
    "31-60 Minutes": (30.5, 60.5),
}
_OVER_15 = ("16-20 Minutes", "21-30 Minutes", "31-60 Minutes")
_DURATION = {
    **GPAD,
    "table": APPOINTMENT_DURATIONS,
    "topic": "Activity",
    "needs": ("duration_band",),
    "status": "official",
}
_KNOWN = {
    **_DURATION,
    "direction": "neutral",
    "denominator": total_where(nw.col("duration_band").is_in(tuple(_MINUTES))),
    "unknown": total_where(nw.col("duration_band") == _UNKNOWN),
    "unknown_row": lambda row: row.n if row.duration_band == _UNKNOWN else 0,
    "unknown_beside": True,
}
_ROWS = split(
    "duration_band",
    {
        "1-5 Minutes": 160,
        "6-10 Minutes": 280,
        "11-15 Minutes": 170,
        "16-20 Minutes": 88,
        "21-30 Minutes": 70,
        "31-60 Minutes": 32,
        _UNKNOWN: 200,
        None: 17,
    },
)
_LEFT_LATE = "The clock stops when somebody marks the patient as left, which is often late."
_UNRECORDED = "About one appointment in five has no recorded duration; those are left out, and shown beside."


def _share(row, bands):
    if row.duration_band not in _MINUTES:
        return 0, 0
    return (row.n if row.duration_band in bands else 0), row.n


@measure(
    **_KNOWN,
    title="Mean appointment length",
    question="How long does an appointment last on average?",
    unit="minutes",
    numerator=total_where(nw.col("duration_band").is_in(tuple(_MINUTES))),
    bands=_MINUTES,
    band_column="duration_band",
    caveats=("The mean is fitted to bands, so it is an estimate and not a sum of minutes.", _LEFT_LATE, _UNRECORDED),
    example=Example(rows=_ROWS, numerator=800, denominator=800, value=11.9, unknown=200),
)
def mean_appointment_minutes(row):
    """Ten-minute slots are planned; the clock often says otherwise. Knowing the difference helps you to build a day that
    finishes on time."""
    return _share(row, _MINUTES)


@measure(
    **_KNOWN,
    title="Appointments longer than 15 minutes",
    question="How many appointments lasted more than 15 minutes?",
    unit="proportion",
    numerator=total_where(nw.col("duration_band").is_in(_OVER_15)),
    caveats=(_LEFT_LATE, _UNRECORDED),
    example=Example(rows=_ROWS, numerator=190, denominator=800, value=0.2375, unknown=200),
)
def appointments_over_15_minutes(row):
    """Long appointments often mean complex need, and they are what makes a surgery run late when slots are short."""
    return _share(row, _OVER_15)


@measure(
    **_KNOWN,
    title="Appointments of 5 minutes or less",
    question="How many appointments lasted less than 6 minutes?",
    unit="proportion",
    numerator=total_where(nw.col("duration_band") == "1-5 Minutes"),
    caveats=("Quick triage calls and vaccinations belong here as much as hurried consultations.", _UNRECORDED),
    example=Example(rows=_ROWS, numerator=160, denominator=800, value=0.2, unknown=200),
)
def appointments_under_6_minutes(row):
    """Very short contacts may be efficient, or may be half of something finished later. It is worth asking which."""
    return _share(row, ("1-5 Minutes",))


@measure(
    **{**_DURATION, "topic": "Data quality"},
    title="Appointments with no recorded length",
    question="For how many appointments is the length not known?",
    unit="proportion",
    direction="decrease",
    numerator=total_where(nw.col("duration_band") == _UNKNOWN),
    denominator=total_known("n", "duration_band"),
    caveats=("Lengths below a minute or above an hour are published as unknown.",),
    example=Example(rows=_ROWS, numerator=200, denominator=1000, value=0.2),
)
def duration_unknown_share(row):
    """If many lengths are missing, the ones that remain may not be typical. Marking patients in and out mends this."""
    if row.duration_band is None:
        return None, None
    return (row.n if row.duration_band == _UNKNOWN else 0), row.n
