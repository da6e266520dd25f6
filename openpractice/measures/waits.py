"""How long callers waited, how long calls lasted, and how soon callers gave up."""

import narwhals as nw

from openpractice.kinds import Example
from openpractice.measures.cbt import SHARED_ACCOUNTS
from openpractice.measures.declare import known, measure, sum_where
from openpractice.tables.calls import ANSWERED_CALLS, MISSED_CALLS

_CBT = {
    "topic": "Telephony",
    "unit": "proportion",
    "needs": (),
    "source": "NHS England, Cloud Based Telephony Data in General Practice (official statistics in development)",
    "version": "1",
    "reviewed": "2026-11-21",
    "status": "official",
}
_WAITS = ("under_1", "from_1_to_2", "from_2_to_5", "over_5")
_LENGTHS = ("lasted_under_1", "lasted_1_to_2", "lasted_2_to_5", "lasted_over_5")
_TOTALS_DIFFER = "Waits and lengths are recorded apart, and their totals may differ a little."
_AFTER_MENU = "The wait begins after the recorded menu, so the patient's own wait is longer."


def _all(bins):
    """Every call in these bins, where all four bins are known."""
    return sum_where(known(*bins), nw.sum_horizontal(*(nw.col(bin) for bin in bins)))


def _one(bins, bin):
    return sum_where(known(*bins), nw.col(bin))


def _share(row, bins, bin):
    counts = [getattr(row, name) for name in bins]
    if None in counts:
        return None, None
    return getattr(row, bin), sum(counts)


_ANSWERED = (
    {"under_1": 1800, "from_1_to_2": 600, "from_2_to_5": 700, "over_5": 900}
    | {"lasted_under_1": 900, "lasted_1_to_2": 1000, "lasted_2_to_5": 1700, "lasted_over_5": 390},
    {"area_code": "A81002", "under_1": 200, "from_1_to_2": 50, "from_2_to_5": 50, "over_5": 100}
    | {"lasted_under_1": 60, "lasted_1_to_2": 100, "lasted_2_to_5": 200, "lasted_over_5": 40},
    {"area_code": "A81003", "under_1": 75, "from_1_to_2": None, "from_2_to_5": 10, "over_5": 5}
    | {"lasted_under_1": 20, "lasted_1_to_2": 30, "lasted_2_to_5": 40, "lasted_over_5": None},
)
_MISSED = (
    {"under_1": 200, "from_1_to_2": 80, "from_2_to_5": 70, "over_5": 50},
    {"area_code": "A81002", "under_1": 60, "from_1_to_2": 20, "from_2_to_5": 10, "over_5": 10},
    {"area_code": "A81003", "under_1": 9, "from_1_to_2": 3, "from_2_to_5": None, "over_5": 4},
)


@measure(
    **_CBT,
    title="Calls answered within 1 minute",
    question="Of the calls answered, how many were answered within a minute?",
    direction="increase",
    table=ANSWERED_CALLS,
    family="wait before the answer",
    numerator=_one(_WAITS, "under_1"),
    denominator=_all(_WAITS),
    caveats=(_AFTER_MENU, _TOTALS_DIFFER, SHARED_ACCOUNTS),
    example=Example(rows=_ANSWERED, numerator=2000, denominator=4400, value=2000 / 4400),
)
def answered_within_1_minute(row):
    """A quick answer is what patients remember. It depends above all on how many people answer at the busiest hour."""
    return _share(row, _WAITS, "under_1")


@measure(
    **_CBT,
    title="Calls answered after more than 5 minutes",
    question="Of the calls answered, how many callers had waited more than five minutes?",
    direction="decrease",
    table=ANSWERED_CALLS,
    family="wait before the answer",
    numerator=_one(_WAITS, "over_5"),
    denominator=_all(_WAITS),
    caveats=(_AFTER_MENU, _TOTALS_DIFFER, SHARED_ACCOUNTS),
    example=Example(rows=_ANSWERED, numerator=1000, denominator=4400, value=1000 / 4400),
)
def answered_after_5_minutes(row):
    """Long waits gather in a few hours of the week. Finding those hours is usually more use than one more line."""
    return _share(row, _WAITS, "over_5")


@measure(
    **_CBT,
    title="Calls lasting more than 5 minutes",
    question="Of the calls answered, how many lasted more than five minutes?",
    direction="neutral",
    table=ANSWERED_CALLS,
    numerator=_one(_LENGTHS, "lasted_over_5"),
    denominator=_all(_LENGTHS),
    caveats=("A long call may be a problem solved at once.", _TOTALS_DIFFER, SHARED_ACCOUNTS),
    example=Example(rows=_ANSWERED, numerator=430, denominator=4390, value=430 / 4390),
)
def calls_lasting_over_5_minutes(row):
    """Long calls keep lines busy, yet a good conversation can save two more. Use it to plan staffing, not to hurry
    people."""
    return _share(row, _LENGTHS, "lasted_over_5")


@measure(
    **_CBT,
    title="Missed calls ended within 1 minute",
    question="Of the calls missed, how many callers had waited less than a minute?",
    direction="neutral",
    table=MISSED_CALLS,
    family="wait before giving up",
    numerator=_one(_WAITS, "under_1"),
    denominator=_all(_WAITS),
    caveats=("A voicemail counts as a missed call.", _AFTER_MENU, SHARED_ACCOUNTS),
    example=Example(rows=_MISSED, numerator=260, denominator=500, value=0.52),
)
def missed_within_1_minute(row):
    """About half of missed calls end in the first minute, often before anybody could have answered. They say something
    else than callers who held on."""
    return _share(row, _WAITS, "under_1")


@measure(
    **_CBT,
    title="Missed calls ended after more than 5 minutes",
    question="Of the calls missed, how many callers had waited more than five minutes?",
    direction="decrease",
    table=MISSED_CALLS,
    family="wait before giving up",
    numerator=_one(_WAITS, "over_5"),
    denominator=_all(_WAITS),
    caveats=("A voicemail counts as a missed call.", _AFTER_MENU, SHARED_ACCOUNTS),
    example=Example(rows=_MISSED, numerator=60, denominator=500, value=0.12),
)
def missed_after_5_minutes(row):
    """Somebody who waited five minutes and then gave up still needed something, and will try again another way."""
    return _share(row, _WAITS, "over_5")
