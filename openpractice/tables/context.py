"""What describes a practice: quality, inspection, deprivation, ethnicity, place, contract, prescribing, coverage."""

from openpractice.kinds import Column, Table

RATINGS = ("Outstanding", "Good", "Requires improvement", "Inadequate")

QOF_ACHIEVEMENT = Table(
    name="qof_achievement",
    title="Quality and Outcomes Framework: overall achievement",
    meaning="Points achieved and points that the practice could have achieved, for the year ending in March.",
    columns=(
        Column("points", "number", "Points achieved", unit="points"),
        Column("points_available", "number", "Points available to this practice", unit="points"),
    ),
)

QOF_PREVALENCE = Table(
    name="qof_prevalence",
    title="Quality and Outcomes Framework: disease registers",
    meaning="Patients on a disease register and the list it is drawn from. List types differ between conditions, so "
    "conditions are never added together.",
    series="condition",
    columns=(
        Column("condition", "category", "Register, by its QOF code", ()),
        Column("register", "number", "Patients on the register", unit="patients"),
        Column("eligible", "number", "Patients the register is drawn from", unit="patients"),
    ),
)

CQC_RATINGS = Table(
    name="cqc_ratings",
    title="Care Quality Commission overall rating",
    meaning="The latest overall rating known for a practice at the month of the file, and the year it was given.",
    columns=(
        Column("rating", "category", "Overall rating", RATINGS),
        Column("rated", "number", "Year in which the rating was given"),
    ),
)

PROFILE = Table(
    name="profile",
    title="What a practice is like",
    meaning="One attribute a row: a number (with its unit in the attribute's name) or a word.",
    series="attribute",
    columns=(
        Column(
            "attribute",
            "category",
            "imd_score · non_white_share · latitude · longitude · weighted_patients · rural · dispensing · "
            "contract_type · it_system · payment_per_weighted_patient",
        ),
        # a payment is below nought where more was taken back than paid
        Column("number", "number", "The attribute as a number", signed=("longitude", "payment_per_weighted_patient")),
        Column("word", "text", "The attribute as a word"),
        Column("patients", "number", "The patients that a payment or weighting is for, as its own file prints them"),
    ),
)

PRESCRIBING = Table(
    name="prescribing",
    title="Antibiotic prescribing",
    meaning="Items dispensed in a month.",
    columns=(
        Column("antibiotic_items", "count", "Antibiotic items", unit="items"),
        Column("all_items", "count", "All items", unit="items"),
    ),
)

COVERAGE = Table(
    name="coverage",
    title="How much of an area a publication covers",
    meaning="Practices and patients included, of those open, by service and month.",
    series="service",
    columns=(
        Column("service", "category", "The publication's service", ("appointments", "telephony", "online")),
        Column("practices_included", "count", "Practices included"),
        Column("practices_open", "count", "Practices open and active"),
        Column("patients_included", "count", "Patients registered at included practices", unit="patients"),
        Column("patients_open", "count", "Patients registered at open practices", unit="patients"),
    ),
)
