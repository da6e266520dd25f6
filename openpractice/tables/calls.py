"""Cloud-based telephony: inbound calls, what became of them, how long callers waited, and when they rang."""

from openpractice.kinds import Column, Table

BANDS = (
    "00:00-05:59",
    "06:00-07:59",
    "08:00-09:59",
    "10:00-11:59",
    "12:00-13:59",
    "14:00-15:59",
    "16:00-17:59",
    "18:00-18:29",
    "18:30-23:59",
)
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

CALLS = Table(
    name="calls",
    title="Inbound calls and their outcomes",
    meaning="One row an area and month: inbound calls and the four outcomes, which need not add up exactly to inbound.",
    columns=(
        Column("inbound", "count", "Inbound calls", unit="calls"),
        Column("answered", "count", "Answered", unit="calls"),
        Column("ended_in_ivr", "count", "Ended during the recorded menu (IVR)", unit="calls"),
        Column("callback_requested", "count", "Call back requested", unit="calls"),
        Column("missed", "count", "Missed, voicemails included", unit="calls"),
        Column("callback_made", "count", "Call back made", unit="calls"),
    ),
    service="telephony",
)

_WAITS = (
    Column("under_1", "count", "Waited less than 1 minute", unit="calls"),
    Column("from_1_to_2", "count", "Waited 1 to 2 minutes", unit="calls"),
    Column("from_2_to_5", "count", "Waited 2 to 5 minutes", unit="calls"),
    Column("over_5", "count", "Waited longer than 5 minutes", unit="calls"),
)

ANSWERED_CALLS = Table(
    name="answered_calls",
    title="Answered calls: wait and duration",
    meaning="One row an area and month: answered calls by the wait before the answer and by the length of the call.",
    columns=(
        *_WAITS,
        Column("lasted_under_1", "count", "Lasted less than 1 minute", unit="calls"),
        Column("lasted_1_to_2", "count", "Lasted 1 to 2 minutes", unit="calls"),
        Column("lasted_2_to_5", "count", "Lasted 2 to 5 minutes", unit="calls"),
        Column("lasted_over_5", "count", "Lasted longer than 5 minutes", unit="calls"),
    ),
    service="telephony",
)

MISSED_CALLS = Table(
    name="missed_calls",
    title="Missed calls: wait before the caller gave up",
    meaning="One row an area and month: missed calls by how long the caller had waited.",
    columns=_WAITS,
    service="telephony",
)

CALLS_BY_TIME = Table(
    name="calls_by_time",
    title="Inbound calls by day and time of day",
    meaning="Inbound calls on each day by time band, published for England only.",
    columns=(
        Column("day_no", "day", "Days since 1 January 1970"),
        Column("weekday", "category", "Day of the week", WEEKDAYS),
        Column("time_band", "category", "Time of day", BANDS),
        Column("n", "count", "Inbound calls", unit="calls"),
    ),
    service="telephony",
)
