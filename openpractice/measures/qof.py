"""The Quality and Outcomes Framework: points achieved, and how common some conditions are."""

import narwhals as nw

from openpractice.kinds import Example
from openpractice.measures.declare import known, measure, sum_where, total_known
from openpractice.tables.context import QOF_ACHIEVEMENT, QOF_PREVALENCE

_QOF = {
    "topic": "Quality and context",
    "unit": "proportion",
    "source": "NHS England, Quality and Outcomes Framework (official statistics)",
    "version": "1",
    "reviewed": "2026-11-21",
    "status": "official",
}
_ROWS = (
    {"condition": "DM", "register": 600, "eligible": 8000},
    {"condition": "HYP", "register": 1500, "eligible": 10000},
    {"condition": "COPD", "register": 190, "eligible": 10000},
    {"condition": "DEP", "register": 1000, "eligible": 7900},
    {"condition": "DEM", "register": 80, "eligible": 10000},
    {"condition": "CHD", "register": 310, "eligible": 10000},
    {"area_code": "A81002", "condition": "DM", "register": 400, "eligible": 4500},
    {"area_code": "A81003", "condition": "DM", "register": None, "eligible": 3000},
    {"area_code": "A81003", "condition": None, "register": 12, "eligible": 3000},
)


def _prevalence(condition):
    """What every register shares: patients on it, of the patients it is drawn from."""
    both = (nw.col("condition") == condition) & known("register", "eligible")
    return {
        **_QOF,
        "table": QOF_PREVALENCE,
        "direction": "neutral",
        "needs": ("condition",),
        "series": condition,
        "family": "how common conditions are",
        "numerator": sum_where(both, nw.col("register")),
        "denominator": sum_where(both, nw.col("eligible")),
        "caveats": (
            "A low share may mean fewer ill patients, younger ones, or diagnoses that were never coded.",
            "Registers are counted once a year, at the end of March.",
        ),
    }


def _on_register(row, condition):
    if row.condition != condition or row.register is None or row.eligible is None:
        return None, None
    return row.register, row.eligible


@measure(
    **_QOF,
    table=QOF_ACHIEVEMENT,
    title="Quality and Outcomes Framework points achieved",
    question="How many of the available points were achieved in the year?",
    direction="increase",
    needs=(),
    numerator=total_known("points", "points_available"),
    denominator=total_known("points_available", "points"),
    caveats=(
        "Available points change from year to year and were partly protected in 2020 to 2022.",
        "Points allow for patients who were left out of an indicator for a stated reason.",
    ),
    example=Example(
        rows=(
            {"points": 590.5, "points_available": 635},
            {"area_code": "A81002", "points": 615, "points_available": 635},
            {"area_code": "A81003", "points": None, "points_available": 635},
        ),
        numerator=1205.5,
        denominator=1270,
        value=1205.5 / 1270,
    ),
)
def qof_achievement(row):
    """The broadest published sign that care of long-term conditions is organised. Most practices achieve nearly all, so
    small differences mean little."""
    if row.points is None or row.points_available is None:
        return None, None
    return row.points, row.points_available


@measure(
    **_prevalence("DM"),
    title="Patients with diabetes",
    question="How many patients aged 17 and over are on the diabetes register?",
    example=Example(rows=_ROWS, numerator=1000, denominator=12500, value=0.08),
)
def diabetes_prevalence(row):
    """Diabetes needs regular reviews, eye and foot checks and blood tests, so this share is planned work."""
    return _on_register(row, "DM")


@measure(
    **_prevalence("HYP"),
    title="Patients with high blood pressure",
    question="How many patients are on the hypertension register?",
    example=Example(rows=_ROWS, numerator=1500, denominator=10000, value=0.15),
)
def hypertension_prevalence(row):
    """The largest register of all. Where it is small for the ages served, there may be people who have not been found."""
    return _on_register(row, "HYP")


@measure(
    **_prevalence("COPD"),
    title="Patients with chronic obstructive pulmonary disease",
    question="How many patients are on the COPD register?",
    example=Example(rows=_ROWS, numerator=190, denominator=10000, value=0.019),
)
def copd_prevalence(row):
    """Patients with COPD are among those most often admitted in winter, and a planned review helps to prevent it."""
    return _on_register(row, "COPD")


@measure(
    **_prevalence("DEP"),
    title="Patients with depression",
    question="How many patients aged 18 and over are on the depression register?",
    example=Example(rows=_ROWS, numerator=1000, denominator=7900, value=1000 / 7900),
)
def depression_prevalence(row):
    """Depression takes time in the consultation, and continuity matters more to it than to most conditions."""
    return _on_register(row, "DEP")


@measure(
    **_prevalence("DEM"),
    title="Patients with dementia",
    question="How many patients are on the dementia register?",
    example=Example(rows=_ROWS, numerator=80, denominator=10000, value=0.008),
)
def dementia_prevalence(row):
    """A diagnosis opens the door to support for patients and carers. The share follows age closely, and care homes too."""
    return _on_register(row, "DEM")


@measure(
    **_prevalence("CHD"),
    title="Patients with coronary heart disease",
    question="How many patients are on the coronary heart disease register?",
    example=Example(rows=_ROWS, numerator=310, denominator=10000, value=0.031),
)
def chd_prevalence(row):
    """These patients gain most from blood pressure and cholesterol care, so the size of the register is worth knowing."""
    return _on_register(row, "CHD")
