"""Whom practices serve and who works there: registered lists, ages, workforce."""

from openpractice.kinds import Column, Table

LIST_SIZE = Table(
    name="list_size",
    title="Registered patients",
    meaning="Patients registered at an area's practices on the first of the month: the denominator of every rate.",
    columns=(Column("patients", "count", "Registered patients", unit="patients"),),
)

LIST_AGES = Table(
    name="list_ages",
    title="Registered patients by age",
    meaning="Registered patients by disjoint age bands (in whole years, both ends included; age_to 120 is open). The "
    "bands of one file cover all ages without overlap.",
    columns=(
        Column("sex", "category", "Sex", ("Female", "Male", "All")),
        Column("age_from", "number", "First age of the band", unit="years"),
        Column("age_to", "number", "Last age of the band", unit="years"),
        Column("patients", "number", "Registered patients", unit="patients"),
    ),
)

WORKFORCE = Table(
    name="workforce",
    title="General practice workforce",
    meaning="Full-time equivalents (37.5 hours) employed by the practice. NULL where the practice gave no valid data: "
    "missing is not zero. Staff employed by a primary care network are not included.",
    columns=(
        Column("patients", "number", "Registered patients in the workforce file", unit="patients"),
        Column("gp_fte", "number", "Fully qualified permanent GPs (no trainees, no locums)", unit="FTE"),
        Column("gp_locum_trainee_fte", "number", "GP locums and trainees", unit="FTE"),
        Column("nurse_fte", "number", "Nurses", unit="FTE"),
        Column("dpc_fte", "number", "Other direct patient care staff", unit="FTE"),
        Column("admin_fte", "number", "Administrative and reception staff", unit="FTE"),
        Column("estimated", "flag", "1 where any staff group is estimated by the publisher"),
    ),
)
