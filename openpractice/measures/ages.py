"""How old the registered patients are.

Files draw their age bands differently. A band that lies across the age asked about (60 to 69 for 65 and over) cannot be
placed, so it is left out of both counts and shown as unknown; nothing is guessed.
"""

import narwhals as nw

from openpractice.kinds import Example
from openpractice.measures.declare import known, measure, sum_where
from openpractice.tables.people import LIST_AGES

_ROWS = (
    {"sex": "Female", "age_from": 0, "age_to": 4, "patients": 250},
    {"sex": "Male", "age_from": 0, "age_to": 4, "patients": 250},
    {"sex": "All", "age_from": 5, "age_to": 59, "patients": 7000},
    {"sex": "All", "age_from": 60, "age_to": 69, "patients": 900},
    {"sex": "All", "age_from": 70, "age_to": 74, "patients": 600},
    {"sex": "All", "age_from": 75, "age_to": 84, "patients": 650},
    {"sex": "All", "age_from": 85, "age_to": 120, "patients": 250},
    {"sex": "All", "age_from": None, "age_to": None, "patients": 40},
)
_BANDS = known("age_from", "age_to")
_ACROSS = "Patients in a published age band that lies across this age are left out, and their share is shown beside."


def _older(age):
    """Everything about a share of patients of this age and over, but its words and example."""
    older, younger = nw.col("age_from") >= age, nw.col("age_to") < age
    return {
        **_split(age),
        "numerator": sum_where(_BANDS & older, nw.col("patients")),
        "denominator": sum_where(_BANDS & (older | younger), nw.col("patients")),
    }


def _split(age):
    across = (nw.col("age_from") < age) & (nw.col("age_to") >= age)
    return {
        "topic": "List",
        "table": LIST_AGES,
        "unit": "proportion",
        "direction": "neutral",
        "needs": (),
        "source": "NHS England, Patients Registered at a GP Practice (official statistics)",
        "version": "1",
        "reviewed": "2026-11-21",
        "status": "official",
        "family": "ages of patients",
        "caveats": (_ACROSS,),
        "unknown": sum_where(_BANDS & across, nw.col("patients")),
        "unknown_row": lambda row: row.patients if _side(row, age) == "across" else 0,
        "unknown_beside": True,
        "withhold_unknown": 0.02,  # an open band such as 65 and over says nothing of those aged 75
    }


def _side(row, age):
    if row.age_from is None or row.age_to is None:
        return "not stated"
    if row.age_from >= age:
        return "older"
    return "younger" if row.age_to < age else "across"


def _share(row, age, wanted):
    side = _side(row, age)
    if side not in ("older", "younger"):
        return 0, 0
    return (row.patients if side == wanted else 0), row.patients


@measure(
    **_split(5),
    title="Patients under 5",
    question="How many of the patients are under 5?",
    numerator=sum_where(_BANDS & (nw.col("age_to") < 5), nw.col("patients")),
    denominator=sum_where(_BANDS & ((nw.col("age_from") >= 5) | (nw.col("age_to") < 5)), nw.col("patients")),
    example=Example(rows=_ROWS, numerator=500, denominator=9900, value=500 / 9900, unknown=0),
)
def patients_under_5_share(row):
    """Small children are seen often and at short notice, so this share shapes the day's urgent demand."""
    return _share(row, 5, "younger")


@measure(
    **_older(65),
    title="Patients aged 65 and over",
    question="How many of the patients are 65 or older?",
    example=Example(rows=_ROWS, numerator=1500, denominator=9000, value=1500 / 9000, unknown=900),
)
def patients_65_and_over_share(row):
    """Need rises with age. Comparing practices without looking at this compares their patients, not their work."""
    return _share(row, 65, "older")


@measure(
    **_older(75),
    title="Patients aged 75 and over",
    question="How many of the patients are 75 or older?",
    example=Example(rows=_ROWS, numerator=900, denominator=9900, value=900 / 9900, unknown=0),
)
def patients_75_and_over_share(row):
    """Every patient of this age has a named GP, and many have several conditions at once."""
    return _share(row, 75, "older")


@measure(
    **_older(85),
    title="Patients aged 85 and over",
    question="How many of the patients are 85 or older?",
    example=Example(rows=_ROWS, numerator=250, denominator=9900, value=250 / 9900, unknown=0),
)
def patients_85_and_over_share(row):
    """Home visits, care homes and continuity matter most to this group, which is small and growing."""
    return _share(row, 85, "older")
