"""What explains differences between practices: inspection, deprivation, ethnicity, weighting, payment."""

import narwhals as nw

from openpractice.kinds import Example
from openpractice.measures.declare import LISTED, known, measure, rows_where, sum_where
from openpractice.tables.context import CQC_RATINGS, PROFILE

_CONTEXT = {"topic": "Quality and context", "version": "1", "reviewed": "2026-11-21"}
_PROFILE = {
    **_CONTEXT,
    "table": PROFILE,
    "direction": "neutral",
    "needs": ("attribute",),
    "status": "context",
}
_BY_PATIENTS = "For several practices together it is the mean over their patients."
_ROWS = (
    {"attribute": "imd_score", "number": 20.0},
    {"attribute": "non_white_share", "number": 0.1},
    {"attribute": "weighted_patients", "number": 10500.0, "patients": 10000.0},
    {"attribute": "payment_per_weighted_patient", "number": 110.0, "patients": 10000.0},
    {"attribute": "contract_type", "word": "GMS"},
    {"area_code": "A81002", "attribute": "imd_score", "number": 35.0},
    {"area_code": "A81002", "attribute": "non_white_share", "number": 0.4},
    {"area_code": "A81002", "attribute": "weighted_patients", "number": 5500.0, "patients": 5000.0},
    {"area_code": "A81002", "attribute": "payment_per_weighted_patient", "number": 125.0, "patients": 5000.0},
    {"area_code": "A81003", "attribute": "imd_score", "number": 50.0},  # no list is known for A81003
    {"area_code": "A81003", "attribute": "weighted_patients", "number": 4000.0},  # nor printed beside this
    {"area_code": "A81002", "attribute": None, "number": 7.0},
)
_LISTS = {"A81001": 10000, "A81002": 5000}


def _mean_over_patients(attribute, patients=LISTED):
    """An attribute of practices as the mean over their patients, because practices differ in size."""
    usable = (nw.col("attribute") == attribute) & known("number", patients)
    return {
        **_PROFILE,
        "series": attribute,
        "numerator": sum_where(usable, nw.col("number") * nw.col(patients)),
        "denominator": sum_where(usable, nw.col(patients)),
    }


def _weigh(row, attribute, patients):
    if row.attribute != attribute or row.number is None or patients is None:
        return None, None
    return row.number * patients, patients


@measure(
    **_CONTEXT,
    table=CQC_RATINGS,
    title="Practices rated good or outstanding",
    question="How many practices does the Care Quality Commission rate good or outstanding overall?",
    unit="proportion",
    direction="increase",
    needs=("rating",),
    few=1,
    source="Care Quality Commission, ratings of primary medical services",
    status="official",
    numerator=rows_where(nw.col("rating").is_in(("Good", "Outstanding"))),
    denominator=rows_where(~nw.col("rating").is_null()),
    caveats=("A rating may be several years old.", "Practices that were never rated are left out."),
    example=Example(
        rows=(
            {"rating": "Outstanding"},
            {"area_code": "A81002", "rating": "Good"},
            {"area_code": "A81003", "rating": "Requires improvement"},
            {"area_code": "A81004", "rating": "Good"},
            {"area_code": "A81005", "rating": None},
        ),
        numerator=3,
        denominator=4,
        value=0.75,
    ),
)
def cqc_good_or_outstanding(row):
    """Most practices are rated good, so a rating tells little between them. Its date tells more."""
    if row.rating is None:
        return None, None
    return (1 if row.rating in ("Good", "Outstanding") else 0), 1


@measure(
    **_mean_over_patients("imd_score"),
    title="Deprivation where patients live",
    question="How deprived are the neighbourhoods in which the patients live?",
    unit="score",
    source="Ministry of Housing, Communities and Local Government, English Indices of Deprivation",
    caveats=("Describes neighbourhoods and not persons; a higher score is more deprived.", _BY_PATIENTS),
    example=Example(rows=_ROWS, patients=_LISTS, numerator=375000, denominator=15000, value=25.0),
)
def imd_score(row):
    """Illness comes ten years earlier in the poorest places. Fair comparison means comparing with practices that serve
    places like yours."""
    return _weigh(row, "imd_score", row.listed_patients)


@measure(
    **_mean_over_patients("non_white_share"),
    title="Patients from ethnic groups other than white",
    question="How many of the patients belong to ethnic groups other than white?",
    unit="proportion",
    source="Office for National Statistics, Census 2021, by where patients live",
    caveats=("Estimated from the census of the neighbourhoods where patients live, not from records.", _BY_PATIENTS),
    example=Example(rows=_ROWS, patients=_LISTS, numerator=3000, denominator=15000, value=0.2),
)
def non_white_share(row):
    """Languages, conditions and experiences of care differ between communities. It helps to find practices that serve
    similar ones."""
    return _weigh(row, "non_white_share", row.listed_patients)


@measure(
    **_mean_over_patients("payment_per_weighted_patient", "patients") | {"version": "2"},
    title="Payment per weighted patient",
    question="How much is the practice paid for each weighted patient in a year?",
    unit="£ per patient",
    source="NHS England, NHS Payments to General Practice",
    caveats=(
        "Its patients are those that the payments file prints.",
        "Includes payments for premises, dispensing and other work that not every practice does.",
        _BY_PATIENTS,
    ),
    example=Example(rows=_ROWS, numerator=1725000, denominator=15000, value=115.0),
)
def payment_per_weighted_patient(row):
    """Money explains part of what a practice can offer. It is shown as context and is no measure of worth."""
    return _weigh(row, "payment_per_weighted_patient", row.patients)


@measure(
    **_PROFILE | {"version": "2"},
    series="weighted_patients",
    title="Weighted patients for each registered patient",
    question="How heavy is the work that the funding formula expects from this list?",
    unit="index",
    source="NHS England, NHS Payments to General Practice (Global Sum weighted patients)",
    numerator=sum_where((nw.col("attribute") == "weighted_patients") & known("number", "patients"), nw.col("number")),
    denominator=sum_where(
        (nw.col("attribute") == "weighted_patients") & known("number", "patients"), nw.col("patients")
    ),
    caveats=(
        "About 1 is the average of England. The formula allows only partly for deprivation.",
        "Both lists are the last known of the financial year that ends in the March shown.",
    ),
    example=Example(rows=_ROWS, numerator=16000, denominator=15000, value=16 / 15),
)
def weighted_list_ratio(row):
    """Above 1, the formula expects more work than the number of patients suggests: older patients, more illness, more
    moving house."""
    if row.attribute != "weighted_patients" or row.number is None or row.patients is None:
        return None, None
    return row.number, row.patients
