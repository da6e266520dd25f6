"""When patients ring: the morning rush and Mondays. Published for England only."""

import narwhals as nw

from openpractice.kinds import Example
from openpractice.measures.declare import measure, total_known, total_where
from openpractice.tables.calls import CALLS_BY_TIME, WEEKDAYS

_TIMES = {
    "topic": "Telephony",
    "unit": "proportion",
    "direction": "neutral",
    "table": CALLS_BY_TIME,
    "source": "NHS England, Cloud Based Telephony Data in General Practice (official statistics in development)",
    "version": "1",
    "reviewed": "2026-11-21",
    "status": "official",
}
_ENGLAND = "Published for England only; a practice's own phone log can be set beside it."
_WORKING_WEEK = WEEKDAYS[:5]
_ROWS = (
    {"weekday": "Monday", "time_band": "08:00-09:59", "n": 320},
    {"weekday": "Monday", "time_band": "14:00-15:59", "n": 680},
    {"weekday": "Thursday", "time_band": "08:00-09:59", "n": 780},
    {"weekday": "Thursday", "time_band": "10:00-11:59", "n": 2120},
    {"weekday": "Saturday", "time_band": "10:00-11:59", "n": 100},
    {"weekday": None, "time_band": None, "n": 40},
)


@measure(
    **_TIMES,
    title="Calls between 8 and 10 in the morning",
    question="How many of the calls come between 8 and 10 in the morning?",
    needs=("time_band",),
    numerator=total_where(nw.col("time_band") == "08:00-09:59"),
    denominator=total_known("n", "time_band"),
    caveats=(_ENGLAND, "Weekends and evenings are part of the total."),
    example=Example(rows=_ROWS, numerator=1100, denominator=4000, value=0.275),
)
def calls_08_to_10_share(row):
    """The 8am rush in one figure. Spreading calls over the day shortens waits without another member of staff."""
    if row.time_band is None:
        return None, None
    return (row.n if row.time_band == "08:00-09:59" else 0), row.n


@measure(
    **_TIMES,
    title="Calls on Mondays",
    question="How many of the working week's calls come on a Monday?",
    needs=("weekday",),
    numerator=total_where(nw.col("weekday") == "Monday"),
    denominator=total_where(nw.col("weekday").is_in(_WORKING_WEEK)),
    caveats=(_ENGLAND, "A month with a Monday bank holiday, or with five Mondays, will differ for that reason alone."),
    example=Example(rows=_ROWS, numerator=1000, denominator=3900, value=1000 / 3900),
)
def monday_calls_share(row):
    """An even week would give Monday a fifth. What is above that is worth planning the rota around."""
    if row.weekday not in _WORKING_WEEK:
        return 0, 0
    return (row.n if row.weekday == "Monday" else 0), row.n
