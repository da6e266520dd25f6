"""Calls to the practice: how many, and what became of them."""

import narwhals as nw

from openpractice.kinds import PATIENTS, Example
from openpractice.measures.cbt import SHARED_ACCOUNTS
from openpractice.measures.declare import known, measure, sum_where, total, total_known
from openpractice.tables.calls import CALLS

_CBT = {
    "topic": "Telephony",
    "table": CALLS,
    "needs": (),
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
        "callback_made": 240,
    },
)


@measure(
    **_CBT,
    title="Inbound calls per 1,000 patients",
    question="How much does the phone ring, for a list of this size?",
    unit="per 1,000 patients",
    direction="neutral",
    scale=1000.0,
    numerator=total("inbound"),
    denominator=PATIENTS,
    caveats=("Counts every call to the practice's numbers, not only requests for appointments.", SHARED_ACCOUNTS),
    example=Example(rows=_ROWS, patients={"A81001": 12064}, numerator=6032, denominator=12064, value=500.0),
)
def inbound_calls_per_1000(row):
    """The size of telephone demand, comparable between practices of different sizes."""
    return row.inbound, PATIENTS


@measure(
    **_CBT,
    title="Calls answered",
    question="How many callers spoke to somebody?",
    unit="proportion",
    direction="increase",
    speaks=known("answered", "inbound"),
    numerator=total_known("answered", "inbound"),
    denominator=total_known("inbound", "answered"),
    caveats=(
        _OUTCOMES_DIFFER,
        "Callers served by a recorded message or a call back are not counted as answered.",
        SHARED_ACCOUNTS,
    ),
    example=Example(rows=_ROWS, numerator=3955, denominator=6032, value=3955 / 6032),
)
def calls_answered(row):
    """The plainest test of whether patients can get through. Read it beside call backs and calls that end in the menu."""
    if row.answered is None or row.inbound is None:
        return None, None
    return row.answered, row.inbound


@measure(
    **_CBT,
    title="Calls missed",
    question="How many callers gave up or were cut off?",
    unit="proportion",
    direction="decrease",
    speaks=known("missed", "inbound"),
    numerator=total_known("missed", "inbound"),
    denominator=total_known("inbound", "missed"),
    caveats=("Voicemails count as missed.", _OUTCOMES_DIFFER, SHARED_ACCOUNTS),
    example=Example(rows=_ROWS, numerator=391, denominator=6032, value=391 / 6032),
)
def calls_missed(row):
    """A missed call is a patient who did not get through: many ring again, and some go elsewhere."""
    if row.missed is None or row.inbound is None:
        return None, None
    return row.missed, row.inbound


@measure(
    **_CBT,
    title="Calls ended in the recorded menu",
    question="How many calls ended while the caller was still in the recorded menu?",
    unit="proportion",
    direction="neutral",
    speaks=known("ended_in_ivr", "inbound"),
    numerator=total_known("ended_in_ivr", "inbound"),
    denominator=total_known("inbound", "ended_in_ivr"),
    caveats=(
        "Some callers hear what they needed and some give up; the figures cannot tell them apart.",
        _OUTCOMES_DIFFER,
        SHARED_ACCOUNTS,
    ),
    example=Example(rows=_ROWS, numerator=1441, denominator=6032, value=1441 / 6032),
)
def calls_ended_in_ivr(row):
    """A recorded message can help or can lose people. If this is high, listen to your own menu as a patient would."""
    if row.ended_in_ivr is None or row.inbound is None:
        return None, None
    return row.ended_in_ivr, row.inbound


@measure(
    **_CBT,
    title="Call backs requested",
    question="How many callers asked to be called back instead of waiting?",
    unit="proportion",
    direction="neutral",
    speaks=known("callback_requested", "inbound"),
    numerator=total_known("callback_requested", "inbound"),
    denominator=total_known("inbound", "callback_requested"),
    caveats=("Not every practice offers call backs.", _OUTCOMES_DIFFER, SHARED_ACCOUNTS),
    example=Example(rows=_ROWS, numerator=245, denominator=6032, value=245 / 6032),
)
def callbacks_requested(row):
    """Call backs spare patients the queue, and show how many preferred that to holding on."""
    if row.callback_requested is None or row.inbound is None:
        return None, None
    return row.callback_requested, row.inbound


@measure(
    **_CBT,
    title="Call backs made",
    question="Of the call backs that patients asked for, how many were made?",
    unit="proportion",
    direction="increase",
    speaks=known("callback_made", "callback_requested"),
    numerator=total_known("callback_made", "callback_requested"),
    denominator=total_known("callback_requested", "callback_made"),
    caveats=("Several attempts may be counted, so the share can pass 100%.", SHARED_ACCOUNTS),
    example=Example(rows=_ROWS, numerator=240, denominator=245, value=240 / 245),
)
def callbacks_made(row):
    """A call back is a promise. This says how often it was kept."""
    if row.callback_made is None or row.callback_requested is None:
        return None, None
    return row.callback_made, row.callback_requested


@measure(
    **{**_CBT, "status": "ours"},
    title="Calls handled",
    question="How many callers spoke to somebody or asked for a call back?",
    unit="proportion",
    direction="increase",
    speaks=known("answered", "callback_requested", "inbound"),
    numerator=sum_where(
        known("answered", "callback_requested", "inbound"), nw.col("answered") + nw.col("callback_requested")
    ),
    denominator=sum_where(known("answered", "callback_requested", "inbound"), nw.col("inbound")),
    caveats=("Assumes that call backs are made; see call backs made.", _OUTCOMES_DIFFER, SHARED_ACCOUNTS),
    example=Example(rows=_ROWS, numerator=4200, denominator=6032, value=4200 / 6032),
)
def calls_handled(row):
    """Fairer than calls answered alone to practices that call patients back, because it counts both."""
    if row.answered is None or row.callback_requested is None or row.inbound is None:
        return None, None
    return row.answered + row.callback_requested, row.inbound
