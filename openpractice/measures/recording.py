"""How completely appointments are recorded and mapped: what every other figure of the appointment book rests on."""

import narwhals as nw

from openpractice.kinds import Example
from openpractice.measures.declare import measure, total_known, total_where
from openpractice.measures.gpad import GPAD, UNKNOWN, UNKNOWN_LAG, split

_QUALITY = {
    **GPAD,
    "topic": "Data quality",
    "unit": "proportion",
    "direction": "decrease",
    "status": "official",
    "family": "how appointments are recorded",
}
_KNOWN_FILES = "Counts only files that carry this category."


def _recorded_as(column, word):
    """The share of appointments recorded under this word, of all in files that know the category."""
    return {
        **_QUALITY,
        "needs": (column,),
        "numerator": total_where(nw.col(column) == word),
        "denominator": total_known("n", column),
    }


def _share(row, category, word):
    if category is None:
        return None, None
    return (row.n if category == word else 0), row.n


_CATEGORIES = split(
    "national_category",
    {"General Consultation Routine": 800, "Planned Clinics": 90, "Inconsistent Mapping": 70, "Unmapped": 40, None: 5},
)


@measure(
    **_recorded_as("appt_status", UNKNOWN),
    title="Appointments of unknown status",
    question="For how many appointments is it not known whether the patient attended?",
    caveats=("About 6% for England; missed appointments are hard to compare where it is far above that.", _KNOWN_FILES),
    example=Example(
        rows=split("appt_status", {"Attended": 890, "DNA": 50, UNKNOWN: 60, None: 20}),
        numerator=60,
        denominator=1000,
        value=0.06,
    ),
)
def unknown_status_share(row):
    """If nobody marks patients as arrived, the missed appointments cannot be told from the kept ones."""
    return _share(row, row.appt_status, UNKNOWN)


@measure(
    **_recorded_as("hcp_type", UNKNOWN),
    title="Appointments with an unknown professional",
    question="For how many appointments is it not known whom they were with?",
    caveats=("About 2% for England; often one new colleague whose role is not set.", _KNOWN_FILES),
    example=Example(
        rows=split("hcp_type", {"GP": 440, "Other Practice staff": 535, UNKNOWN: 25, None: 20}),
        numerator=25,
        denominator=1000,
        value=0.025,
    ),
)
def unknown_hcp_share(row):
    """Work that cannot be put down to a role is missing from every comparison of teams. Setting the role mends it."""
    return _share(row, row.hcp_type, UNKNOWN)


@measure(
    **_recorded_as("appt_mode", UNKNOWN),
    title="Appointments of unknown mode",
    question="For how many appointments is it not known how they were held?",
    caveats=("About 2% for England.", _KNOWN_FILES),
    example=Example(
        rows=split("appt_mode", {"Face-to-Face": 670, "Telephone": 300, UNKNOWN: 30, None: 20}),
        numerator=30,
        denominator=1000,
        value=0.03,
    ),
)
def unknown_mode_share(row):
    """Face-to-face shares are argued about in public. They are only as good as this figure is small."""
    return _share(row, row.appt_mode, UNKNOWN)


@measure(
    **_recorded_as("booking_lag", UNKNOWN_LAG),
    title="Appointments with no booking time",
    question="For how many appointments is it not known when they were booked?",
    caveats=("Includes appointments recorded as booked after they took place.", _KNOWN_FILES),
    example=Example(
        rows=split("booking_lag", {"Same Day": 440, "1 Day": 535, UNKNOWN_LAG: 25, None: 20}),
        numerator=25,
        denominator=1000,
        value=0.025,
    ),
)
def unknown_lag_share(row):
    """Waits and same-day shares are computed from the booking time, so they are blind to these appointments."""
    return _share(row, row.booking_lag, UNKNOWN_LAG)


@measure(
    **_recorded_as("national_category", "Unmapped"),
    title="Appointments with an unmapped slot type",
    question="How many appointments are of a slot type that was never mapped to a national category?",
    caveats=("New slot types start unmapped.", _KNOWN_FILES),
    example=Example(rows=_CATEGORIES, numerator=40, denominator=1000, value=0.04),
)
def unmapped_category_share(row):
    """Unmapped work counts for nothing where categories matter, contract measures included. Mapping a slot type takes
    minutes."""
    return _share(row, row.national_category, "Unmapped")


@measure(
    **_recorded_as("national_category", "Inconsistent Mapping"),
    title="Appointments with an inconsistent mapping",
    question="How many appointments have a category that contradicts what else is recorded?",
    caveats=(
        "About a tenth for England, so a share above 5% is common and still worth a review of the mapping.",
        _KNOWN_FILES,
    ),
    example=Example(rows=_CATEGORIES, numerator=70, denominator=1000, value=0.07),
)
def inconsistent_mapping_share(row):
    """A home visit mapped as a clinic helps nobody. These are usually a few slot types, found quickly."""
    return _share(row, row.national_category, "Inconsistent Mapping")
