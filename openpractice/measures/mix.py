"""Who appointments are with, how they are held, and what they are for."""

import narwhals as nw

from openpractice.kinds import Example
from openpractice.measures.declare import measure, total_known, total_where
from openpractice.measures.gpad import GPAD, UNKNOWN, split

_MIX = {**GPAD, "topic": "Activity", "unit": "proportion", "direction": "neutral", "status": "official"}
_HCP_ROWS = split("hcp_type", {"GP": 450, "Other Practice staff": 525, UNKNOWN: 25, None: 12})
_MODE_ROWS = split(
    "appt_mode",
    {"Face-to-Face": 640, "Home Visit": 15, "Telephone": 250, "Video Conference/Online": 70, UNKNOWN: 25, None: 40},
)
_CATEGORY_ROWS = split(
    "national_category",
    {
        "General Consultation Routine": 500,
        "Clinical Triage": 120,
        "Planned Clinics": 200,
        "Care Home Visit": 12,
        "Patient contact during Care Home Round": 15,
        "Care Home Needs Assessment & Personalised Care and Support Planning": 3,
        "Inconsistent Mapping": 60,
        "Unmapped": 90,
        None: 33,
    },
)
_MODE = {
    **_MIX,
    "needs": ("appt_mode",),
    "family": "how appointments are held",
    "denominator": total_known("n", "appt_mode"),
    "unknown": total_where(nw.col("appt_mode") == UNKNOWN),
    "unknown_row": lambda row: row.n if row.appt_mode == UNKNOWN else 0,
    "caveats": (
        "How an appointment was held is recorded when the slot is set up, and may change on the day.",
        "Appointments of unknown mode stay in the total, so their share is shown beside.",
    ),
}
_NOT_CLASSIFIED = ("Inconsistent Mapping", "Unmapped")
_CATEGORY = {
    **_MIX,
    "needs": ("national_category",),
    "family": "what appointments are for",
    "denominator": total_known("n", "national_category"),
    "unknown": total_where(nw.col("national_category").is_in(_NOT_CLASSIFIED)),
    "unknown_row": lambda row: row.n if row.national_category in _NOT_CLASSIFIED else 0,
    "caveats": (
        "Depends on how the practice maps its slot types to national categories.",
        "Appointments that could not be mapped stay in the total, so their share is shown beside.",
    ),
}
_CARE_HOME = (
    "Care Home Visit",
    "Patient contact during Care Home Round",
    "Care Home Needs Assessment & Personalised Care and Support Planning",
)


def _share(row, category, *words):
    if category is None:
        return None, None
    return (row.n if category in words else 0), row.n


@measure(
    **_MIX,
    title="Appointments with a GP",
    question="How many appointments were with a GP?",
    needs=("hcp_type",),
    numerator=total_where(nw.col("hcp_type") == "GP"),
    denominator=total_known("n", "hcp_type"),
    unknown=total_where(nw.col("hcp_type") == UNKNOWN),
    unknown_row=lambda row: row.n if row.hcp_type == UNKNOWN else 0,
    caveats=(
        "A larger or smaller share is not better in itself: it depends on the team and on the patients.",
        "Appointments with an unrecorded professional stay in the total, so their share is shown beside.",
    ),
    example=Example(rows=_HCP_ROWS, numerator=450, denominator=1000, value=0.45, unknown=25),
)
def gp_share(row):
    """Describes how work is shared across the team, which is the starting point for talking about who sees whom."""
    return _share(row, row.hcp_type, "GP")


@measure(
    **_MODE,
    title="Appointments face to face",
    question="How many appointments were face to face at the practice?",
    numerator=total_where(nw.col("appt_mode") == "Face-to-Face"),
    example=Example(rows=_MODE_ROWS, numerator=640, denominator=1000, value=0.64, unknown=25),
)
def face_to_face_share(row):
    """Patients often ask for this figure, and rooms are planned by it."""
    return _share(row, row.appt_mode, "Face-to-Face")


@measure(
    **_MODE,
    title="Appointments by telephone",
    question="How many appointments were held by telephone?",
    numerator=total_where(nw.col("appt_mode") == "Telephone"),
    example=Example(rows=_MODE_ROWS, numerator=250, denominator=1000, value=0.25, unknown=25),
)
def telephone_share(row):
    """Telephone appointments suit many needs, but some end in a second, face-to-face one. The share tells you how much
    of the day rests on them."""
    return _share(row, row.appt_mode, "Telephone")


@measure(
    **_MODE,
    title="Appointments by video or online",
    question="How many appointments were held by video or online?",
    numerator=total_where(nw.col("appt_mode") == "Video Conference/Online"),
    example=Example(rows=_MODE_ROWS, numerator=70, denominator=1000, value=0.07, unknown=25),
)
def video_online_share(row):
    """Shows how far online ways of being seen have become part of the ordinary week."""
    return _share(row, row.appt_mode, "Video Conference/Online")


@measure(
    **_MODE,
    title="Home visits",
    question="How many appointments were home visits?",
    numerator=total_where(nw.col("appt_mode") == "Home Visit"),
    example=Example(rows=_MODE_ROWS, numerator=15, denominator=1000, value=0.015, unknown=25),
)
def home_visit_share(row):
    """Home visits take far longer than their number suggests, so even a small share is felt in the rota."""
    return _share(row, row.appt_mode, "Home Visit")


@measure(
    **_CATEGORY,
    title="Planned clinic appointments",
    question="How many appointments were in planned clinics?",
    numerator=total_where(nw.col("national_category") == "Planned Clinics"),
    example=Example(rows=_CATEGORY_ROWS, numerator=200, denominator=1000, value=0.2, unknown=150),
)
def planned_clinics_share(row):
    """Long-term condition and screening clinics are steady, plannable work, and worth seeing apart from what arrives on
    the day."""
    return _share(row, row.national_category, "Planned Clinics")


@measure(
    **_CATEGORY,
    title="Clinical triage appointments",
    question="How many appointments were clinical triage?",
    numerator=total_where(nw.col("national_category") == "Clinical Triage"),
    example=Example(rows=_CATEGORY_ROWS, numerator=120, denominator=1000, value=0.12, unknown=150),
)
def clinical_triage_share(row):
    """Triage is a contact in its own right and takes clinical time. A practice that triages everything will count more
    appointments than one that does not."""
    return _share(row, row.national_category, "Clinical Triage")


@measure(
    **_CATEGORY,
    title="Care home appointments",
    question="How many appointments were for patients in care homes?",
    numerator=total_where(nw.col("national_category").is_in(_CARE_HOME)),
    example=Example(rows=_CATEGORY_ROWS, numerator=30, denominator=1000, value=0.03, unknown=150),
)
def care_home_share(row):
    """Care home rounds are concentrated in a few practices, and explain some of the differences between them."""
    return _share(row, row.national_category, *_CARE_HOME)
