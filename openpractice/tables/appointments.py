"""Appointments in general practice: counts by status, professional, mode, category and booking lag."""

from openpractice.kinds import Column, Table

STATUS = ("Attended", "DNA", "Unknown")
HCP = ("GP", "Other Practice staff", "Unknown")
MODE = ("Face-to-Face", "Home Visit", "Telephone", "Video Conference/Online", "Unknown")
LAG = (
    "Same Day",
    "1 Day",
    "2 to 7 Days",
    "8 to 14 Days",
    "15 to 21 Days",
    "22 to 28 Days",
    "More than 28 Days",
    "Unknown / Data Quality",
)
CATEGORY = (
    "General Consultation Routine",
    "General Consultation Acute",
    "Clinical Triage",
    "Unplanned Clinical Activity",
    "Walk-in",
    "Planned Clinics",
    "Planned Clinical Procedure",
    "Structured Medication Review",
    "Home Visit",
    "Care Home Visit",
    "Patient contact during Care Home Round",
    "Care Home Needs Assessment & Personalised Care and Support Planning",
    "Social Prescribing Service",
    "Group Consultation and Group Education",
    "Service provided by organisation external to the practice",
    "Non-contractual chargeable work",
    "Care Related Encounter but does not fit into any other category",
    "Inconsistent Mapping",
    "Unmapped",
)
DURATION = (
    "1-5 Minutes",
    "6-10 Minutes",
    "11-15 Minutes",
    "16-20 Minutes",
    "21-30 Minutes",
    "31-60 Minutes",
    "Unknown / Data Quality",
)

APPOINTMENTS = Table(
    name="appointments",
    title="Appointments in general practice",
    meaning="How many appointments an area's practices held in a month (or on a day), by the joint categories that "
    "the file knows. A category that a file does not know is NULL; one that it knows to be unrecorded is 'Unknown'.",
    columns=(
        Column("day_no", "day", "Days since 1 January 1970, where the file is daily"),
        Column("appt_status", "category", "Whether the patient attended", STATUS),
        Column("hcp_type", "category", "Who the appointment was with", HCP),
        Column("appt_mode", "category", "How it was held", MODE),
        Column("national_category", "category", "The national slot category", CATEGORY),
        Column("booking_lag", "category", "Time between booking and appointment", LAG),
        Column("n", "count", "Appointments", unit="appointments"),
    ),
    service="appointments",
)

APPOINTMENT_DURATIONS = Table(
    name="appointment_durations",
    title="How long appointments lasted",
    meaning="Appointments by the actual duration recorded in the clinical system, in bands.",
    columns=(
        Column("day_no", "day", "Days since 1 January 1970, where the file is daily"),
        Column("duration_band", "category", "Recorded length", DURATION),
        Column("n", "count", "Appointments", unit="appointments"),
    ),
    service="appointments",
)
