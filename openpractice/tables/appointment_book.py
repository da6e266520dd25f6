"""A practice's own appointment book: one row an appointment, with pseudonyms where people would be named."""

from openpractice.kinds import Column, Table
from openpractice.tables.appointments import CATEGORY, LAG, MODE
from openpractice.tables.calls import BANDS, WEEKDAYS

BOOK_STATUS = ("Attended", "DNA", "Cancelled", "Booked", "Unknown")
ROLE = ("GP", "Nurse", "Pharmacist", "Other clinician", "Administrative", "Unknown")
TIME_BAND = (*BANDS, "Unknown")

APPOINTMENT_BOOK = Table(
    name="appointment_book",
    title="The practice's own appointment book",
    meaning="One row an appointment that somebody booked, as the practice's own system exported it. Slots that nobody "
    "booked are not in it. Patients and clinicians go by pseudonyms made with the practice's own key.",
    columns=(
        Column("day_no", "day", "Days since 1 January 1970"),
        Column("weekday", "category", "Day of the week", WEEKDAYS),
        Column("time_band", "category", "When it was to begin", TIME_BAND),
        Column("appt_status", "category", "What became of it; Booked is yet to come", BOOK_STATUS),
        Column("role_group", "category", "Whom it was with", ROLE),
        Column("appt_mode", "category", "How it was held", MODE),
        Column("national_category", "category", "The national slot category", CATEGORY),
        Column("booking_lag", "category", "Time between booking and appointment", LAG),
        Column("start_minute", "number", "Minutes from midnight to its beginning", unit="minutes"),
        Column("lead_days", "number", "Days from booking to the appointment", unit="days"),
        Column("planned_minutes", "number", "Planned length", unit="minutes"),
        Column("actual_minutes", "number", "Recorded length", unit="minutes"),
        Column("patient", "text", "Pseudonym of the patient", pseudonym=True),
        Column("clinician", "text", "Pseudonym of the clinician", pseudonym=True),
    ),
    own=True,
    months_ahead=24,
)
