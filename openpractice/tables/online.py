"""Online consultation systems: submissions by practice, and by weekday and time of day for England."""

from openpractice.kinds import Column, Table
from openpractice.tables.calls import WEEKDAYS

ONLINE_BANDS = (
    "00:00-05:59",
    "06:00-07:59",
    "08:00-09:59",
    "10:00-11:59",
    "12:00-13:59",
    "14:00-15:59",
    "16:00-17:59",
    "18:00-23:59",
)

ONLINE_REQUESTS = Table(
    name="online_requests",
    title="Online consultation submissions",
    meaning="One row an area and month. Practices that do not take part are present with participating = 0.",
    columns=(
        Column("submissions", "count", "Submissions", unit="submissions"),
        Column("clinical", "count", "Clinical submissions", unit="submissions"),
        Column("administrative", "count", "Administrative submissions", unit="submissions"),
        Column("other", "count", "Other or unknown type", unit="submissions"),
        Column("registered", "count", "Patients registered at the practice, where it takes part", unit="patients"),
        Column("participating", "flag", "1 where the practice takes part in the collection"),
        Column("supplier", "text", "The supplier or suppliers, as published"),
    ),
    service="online",
)

ONLINE_BY_TIME = Table(
    name="online_by_time",
    title="Online submissions by weekday and time of day",
    meaning="The average number of submissions on that weekday in that band, published for England only.",
    columns=(
        Column("weekday", "category", "Day of the week", WEEKDAYS),
        Column("time_band", "category", "Time of day", ONLINE_BANDS),
        Column("n", "number", "Average submissions a day", unit="submissions"),
    ),
    service="online",
)
