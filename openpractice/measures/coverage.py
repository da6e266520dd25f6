"""How much of the country each publication speaks for. Coverage that grows looks like demand that grows."""

import narwhals as nw

from openpractice.kinds import Example
from openpractice.measures.declare import known, measure, sum_where
from openpractice.tables.context import COVERAGE

_ROWS = (
    {"service": "appointments", "practices_included": 6100, "practices_open": 6200}
    | {"patients_included": 62000000, "patients_open": 63000000},
    {"service": "telephony", "practices_included": 5112, "practices_open": 6208}
    | {"patients_included": 53000000, "patients_open": 63000000},
    {"service": "online", "practices_included": 5900, "practices_open": 6200}
    | {"patients_included": 60500000, "patients_open": 63000000},
    {"service": None, "practices_included": 10, "practices_open": 20, "patients_included": 30, "patients_open": 40},
)
_PRACTICES = ("practices_included", "practices_open")
_PATIENTS = ("patients_included", "patients_open")


def _covered(service, what, columns):
    included, there = columns
    usable = (nw.col("service") == service) & known(included, there)
    return {
        "topic": "Data quality",
        "table": COVERAGE,
        "unit": "proportion",
        "direction": "increase",
        "needs": ("service",),
        "series": service,
        "few": 1,
        "source": "NHS England, coverage tables of the publication",
        "version": "1",
        "reviewed": "2026-11-21",
        "status": "official",
        "family": f"{what} covered",
        "numerator": sum_where(usable, nw.col(included)),
        "denominator": sum_where(usable, nw.col(there)),
        "caveats": ("Practices that open or close in the month may be counted as open and not as included.",),
    }


def _share(row, service, columns):
    included, there = (getattr(row, column) for column in columns)
    if row.service != service or included is None or there is None:
        return None, None
    return included, there


@measure(
    **_covered("appointments", "practices", _PRACTICES),
    title="Practices in the appointment figures",
    question="How many of the open practices do the appointment figures include?",
    example=Example(rows=_ROWS, numerator=6100, denominator=6200, value=6100 / 6200),
)
def practices_covered_appointments(row):
    """A total over most practices is not a total over all. Look here before comparing one year's total with another's."""
    return _share(row, "appointments", _PRACTICES)


@measure(
    **_covered("telephony", "practices", _PRACTICES),
    title="Practices in the telephone figures",
    question="How many of the open practices do the telephone figures include?",
    example=Example(rows=_ROWS, numerator=5112, denominator=6208, value=5112 / 6208),
)
def practices_covered_telephony(row):
    """Practices join as they move to cloud telephones, so totals of calls grow by themselves. Shares are safer."""
    return _share(row, "telephony", _PRACTICES)


@measure(
    **_covered("online", "practices", _PRACTICES),
    title="Practices in the online request figures",
    question="How many of the open practices do the online request figures include?",
    example=Example(rows=_ROWS, numerator=5900, denominator=6200, value=5900 / 6200),
)
def practices_covered_online(row):
    """Suppliers join and sometimes miss part of a month. A jump in requests may be a jump in this."""
    return _share(row, "online", _PRACTICES)


@measure(
    **_covered("appointments", "patients", _PATIENTS),
    title="Patients in the appointment figures",
    question="How many registered patients are at practices that the appointment figures include?",
    example=Example(rows=_ROWS, numerator=62000000, denominator=63000000, value=62 / 63),
)
def patients_covered_appointments(row):
    """Large and small practices count alike when practices are counted; this counts the people they serve."""
    return _share(row, "appointments", _PATIENTS)


@measure(
    **_covered("telephony", "patients", _PATIENTS),
    title="Patients in the telephone figures",
    question="How many registered patients are at practices that the telephone figures include?",
    example=Example(rows=_ROWS, numerator=53000000, denominator=63000000, value=53 / 63),
)
def patients_covered_telephony(row):
    """Says for how many people the telephone figures speak, which is what a rate needs to know."""
    return _share(row, "telephony", _PATIENTS)


@measure(
    **_covered("online", "patients", _PATIENTS),
    title="Patients in the online request figures",
    question="How many registered patients are at practices that the online request figures include?",
    example=Example(rows=_ROWS, numerator=60500000, denominator=63000000, value=60.5 / 63),
)
def patients_covered_online(row):
    """Says for how many people the online figures speak, which is what a rate needs to know."""
    return _share(row, "online", _PATIENTS)
