"""What the measures of the appointment book share: their source, its blanks, and how an example is laid out."""

from collections.abc import Mapping

from openpractice.tables.appointments import APPOINTMENTS, LAG

GPAD = {
    "table": APPOINTMENTS,
    "source": "NHS England, Appointments in General Practice (official statistics)",
    "version": "1",
    "reviewed": "2026-11-21",
}
UNKNOWN = "Unknown"
UNKNOWN_LAG = "Unknown / Data Quality"
KNOWN_LAGS = tuple(lag for lag in LAG if lag != UNKNOWN_LAG)
WITHIN_7 = ("Same Day", "1 Day", "2 to 7 Days")
WITHIN_14 = (*WITHIN_7, "8 to 14 Days")

CONTACTS_ONLY = "Counts what is in the appointment book; work done outside it is not seen."
RAW_LIST = "The registered list is counted as it stands, not weighted for age or need."


def split(column: str, counts: Mapping[str | None, float], **same: str) -> tuple[dict, ...]:
    """Example rows: one for each word of a category, all alike in the other columns."""
    return tuple({**same, column: word, "n": n} for word, n in counts.items())
