"""Figures that cannot quite be right: outcomes that do not add up, and volumes that no practice has."""

from collections import defaultdict
from types import SimpleNamespace

import narwhals as nw

from openpractice.kinds import Example
from openpractice.measures.cbt import SHARED_ACCOUNTS
from openpractice.measures.declare import LISTED, known, measure, rows_where, sum_where
from openpractice.measures.gpad import GPAD
from openpractice.tables.calls import CALLS

_OUTCOMES = ("answered", "ended_in_ivr", "callback_requested", "missed")
_LOW, _HIGH = 100, 2000  # appointments per 1,000 patients in a month


@measure(
    topic="Data quality",
    table=CALLS,
    title="Calls whose outcomes do not add up",
    question="How far are the four outcomes of calls from the number of calls?",
    unit="proportion",
    direction="decrease",
    needs=(),
    source="NHS England, Cloud Based Telephony Data in General Practice (official statistics in development)",
    version="1",
    reviewed="2026-11-21",
    status="ours",
    speaks=known("inbound", *_OUTCOMES),
    numerator=sum_where(
        known("inbound", *_OUTCOMES), (nw.sum_horizontal(*(nw.col(o) for o in _OUTCOMES)) - nw.col("inbound")).abs()
    ),
    denominator=sum_where(known("inbound", *_OUTCOMES), nw.col("inbound")),
    caveats=("The publisher warns that outcomes may not add up; more than 1% is unusual.", SHARED_ACCOUNTS),
    example=Example(
        rows=(
            {"inbound": 1000, "answered": 600, "ended_in_ivr": 250, "callback_requested": 50, "missed": 100},
            {"area_code": "A81002", "inbound": 800, "answered": 500, "ended_in_ivr": 200, "callback_requested": 0}
            | {"missed": 88},
            {"area_code": "A81003", "inbound": 200, "answered": 150, "ended_in_ivr": 30, "callback_requested": 10}
            | {"missed": 18},
            {"area_code": "A81004", "inbound": 300, "answered": 300},
        ),
        numerator=20,
        denominator=2000,
        value=0.01,
    ),
)
def calls_outcomes_gap(row):
    """When outcomes and calls disagree, shares of calls lean one way or another. Ask the telephone supplier first."""
    outcomes = [row.answered, row.ended_in_ivr, row.callback_requested, row.missed]
    if row.inbound is None or None in outcomes:
        return None, None
    return abs(sum(outcomes) - row.inbound), row.inbound


def practice_volumes(frame: nw.LazyFrame) -> nw.LazyFrame:
    """One row a practice and month: its appointments and its list."""
    practices = frame.filter((nw.col("level") == "practice") & (nw.col(LISTED) > 0))
    return practices.group_by("target", "area_code", "month_no").agg(
        n=nw.col("n").fill_null(0).sum(), listed_patients=nw.col(LISTED).max()
    )


def practice_volume_rows(rows):
    volumes = defaultdict(float)
    lists = {}
    for row in rows:
        if row.level == "practice" and row.listed_patients is not None and row.listed_patients > 0:
            key = (row.target, row.area_code, row.month_no)
            volumes[key] += row.n or 0
            lists[key] = row.listed_patients
    return [
        SimpleNamespace(target=key[0], area_code=key[1], month_no=key[2], n=n, listed_patients=lists[key])
        for key, n in volumes.items()
    ]


@measure(
    **GPAD,
    topic="Data quality",
    title="Practices with an implausible number of appointments",
    few=1,
    question="How many practices have fewer than 100 or more than 2,000 appointments per 1,000 patients in the month?",
    unit="proportion",
    direction="decrease",
    needs=(),
    status="ours",
    numerator=rows_where((nw.col("n") * 1000 < _LOW * nw.col(LISTED)) | (nw.col("n") * 1000 > _HIGH * nw.col(LISTED))),
    denominator=rows_where(~nw.col("n").is_null()),
    prepare=practice_volumes,
    prepare_rows=practice_volume_rows,
    caveats=(
        "Special practices, and those that opened or closed in the month, may truly lie outside.",
        "Practices without a known list are left out.",
    ),
    example=Example(
        rows=(
            {"appt_status": "Attended", "n": 4000},
            {"appt_status": "DNA", "n": 1000},
            {"area_code": "A81002", "appt_status": "Attended", "n": 45},
            {"area_code": "A81002", "appt_status": "DNA", "n": 5},
            {"area_code": "A81003", "appt_status": None, "n": 7000},
            {"area_code": "A81004", "appt_status": "Attended", "n": 2000},
            {"area_code": "A81005", "appt_status": "Attended", "n": 900},  # no list is known for A81005
        ),
        patients={"A81001": 10000, "A81002": 5000, "A81003": 3000, "A81004": 4000},
        numerator=2,
        denominator=4,
        value=0.5,
    ),
)
def implausible_appointment_volume(row):
    """Such figures usually mean that a system sent half a month, or the same month twice. Check before comparing."""
    rate = row.n * 1000 / row.listed_patients
    return (1 if rate < _LOW or rate > _HIGH else 0), 1
