"""How many appointments there are for a list of this size, and how many patients did not attend."""

import narwhals as nw

from openpractice.kinds import PATIENT_DAYS, PATIENTS, Example
from openpractice.measures.declare import measure, total, total_known, total_where
from openpractice.measures.gpad import CONTACTS_ONLY, GPAD, RAW_LIST, UNKNOWN, split

_ACTIVITY = {**GPAD, "topic": "Activity", "status": "official"}
_LISTS = {"A81001": 10000, "A81002": 5000}
_ROWS = (
    {"appt_status": "Attended", "n": 4600},
    {"appt_status": "DNA", "n": 200},
    {"appt_status": UNKNOWN, "n": 100},
    {"appt_status": None, "n": 100},
    {"area_code": "A81002", "appt_status": "Attended", "n": 2500},
    {"area_code": "A81003", "appt_status": "Attended", "n": 900},  # no list is known for A81003, so it stays out
)
_STATUS = split("appt_status", {"Attended": 900, "DNA": 45, UNKNOWN: 55, None: 30})
_IS_UNKNOWN = {
    "unknown": total_where(nw.col("appt_status") == UNKNOWN),
    "unknown_row": lambda row: row.n if row.appt_status == UNKNOWN else 0,
}


@measure(
    **_ACTIVITY,
    title="Appointments per 1,000 patients",
    question="How many appointments were there in the month, for a list of this size?",
    unit="per 1,000 patients",
    direction="neutral",
    needs=(),
    scale=1000.0,
    numerator=total("n"),
    denominator=PATIENTS,
    caveats=(CONTACTS_ONLY, RAW_LIST, "Months differ in working days; the figure for a working day allows for that."),
    example=Example(rows=_ROWS, patients=_LISTS, numerator=7500, denominator=15000, value=500.0),
)
def appointments_per_1000(row):
    """How much care the appointment book holds, in a form that practices of different sizes can compare."""
    return row.n, PATIENTS


@measure(
    **_ACTIVITY,
    title="Appointments per 1,000 patients per working day",
    question="How many appointments were there on a working day, for a list of this size?",
    unit="per 1,000 patients per working day",
    direction="neutral",
    needs=(),
    scale=1000.0,
    numerator=total("n"),
    denominator=PATIENT_DAYS,
    caveats=(
        CONTACTS_ONLY,
        RAW_LIST,
        "Weekend appointments are counted, but weekends are not counted as working days.",
    ),
    example=Example(rows=_ROWS, patients=_LISTS, numerator=7500, denominator=300000, value=25.0),
)
def appointments_per_1000_per_working_day(row):
    """A short month always looks quiet. Dividing by working days lets you compare one month with the next."""
    return row.n, PATIENT_DAYS


@measure(
    **_ACTIVITY,
    title="Attended appointments per 1,000 patients",
    question="How many appointments did patients actually attend, for a list of this size?",
    unit="per 1,000 patients",
    direction="neutral",
    needs=("appt_status",),
    scale=1000.0,
    numerator=total_where(nw.col("appt_status") == "Attended"),
    denominator=PATIENTS,
    caveats=(CONTACTS_ONLY, RAW_LIST, "An appointment whose status was never recorded does not count as attended."),
    example=Example(rows=_ROWS, patients=_LISTS, numerator=7100, denominator=15000, value=7100 / 15),
)
def attended_per_1000(row):
    """The care that patients received, rather than the care that was booked."""
    return (row.n if row.appt_status == "Attended" else 0), PATIENTS


@measure(
    **_ACTIVITY,
    **_IS_UNKNOWN,
    title="Appointments not attended",
    question="Of the appointments known to be kept or missed, how many were missed?",
    unit="proportion",
    direction="decrease",
    needs=("appt_status",),
    unknown_beside=True,
    family="did not attend",
    numerator=total_where(nw.col("appt_status") == "DNA"),
    denominator=total_where(nw.col("appt_status").is_in(("Attended", "DNA"))),
    caveats=("Appointments of unknown status are left out, and their share is shown beside.",),
    example=Example(rows=_STATUS, numerator=45, denominator=945, value=45 / 945, unknown=55),
)
def dna_rate(row):
    """A missed appointment is time that somebody else could have used. Reminders and easy cancelling are the usual
    places to start."""
    if row.appt_status not in ("Attended", "DNA"):
        return 0, 0
    return (row.n if row.appt_status == "DNA" else 0), row.n


@measure(
    **_ACTIVITY,
    **_IS_UNKNOWN,
    title="Appointments not attended, of all appointments",
    question="Of all appointments, unknown status included, how many were missed?",
    unit="proportion",
    direction="decrease",
    needs=("appt_status",),
    family="did not attend",
    numerator=total_where(nw.col("appt_status") == "DNA"),
    denominator=total_known("n", "appt_status"),
    caveats=("Where many statuses are unknown this comes out lower than the other definition.",),
    example=Example(rows=_STATUS, numerator=45, denominator=1000, value=0.045, unknown=55),
)
def dna_rate_including_unknown(row):
    """National headlines divide by all appointments. It helps to see both figures before comparing yourself with one."""
    if row.appt_status is None:
        return None, None
    return (row.n if row.appt_status == "DNA" else 0), row.n
