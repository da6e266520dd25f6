"""Who works in practices, for lists of this size."""

import narwhals as nw

from openpractice.kinds import Example
from openpractice.measures.declare import known, measure, rows_where, sum_where
from openpractice.tables.people import WORKFORCE

_WORKFORCE = {
    "topic": "Workforce",
    "table": WORKFORCE,
    "needs": (),
    "source": "NHS England, General Practice Workforce (official statistics)",
    "version": "1",
    "reviewed": "2026-11-21",
    "status": "official",
}
_FTE = "Full-time equivalents of 37.5 hours a week, not heads."
_OWN_STAFF = "Staff employed by a primary care network are not included."
_NO_DATA = "A practice that gave no valid figure is left out with its patients: missing is not zero."
_ROWS = (
    {"patients": 9000, "gp_fte": 4.5, "gp_locum_trainee_fte": 0.5, "nurse_fte": 2.0, "dpc_fte": 2.5, "admin_fte": 9.0}
    | {"estimated": 0},
    {"area_code": "A81002", "patients": 6000, "gp_fte": 3.0, "gp_locum_trainee_fte": 2.0, "nurse_fte": 1.0}
    | {"dpc_fte": 2.0, "admin_fte": 6.0, "estimated": 1},
    {"area_code": "A81003", "patients": 4000, "gp_fte": 0.0, "gp_locum_trainee_fte": None, "nurse_fte": None}
    | {"dpc_fte": 1.0, "admin_fte": None, "estimated": 0},
    {"area_code": "A81004", "patients": 3000},
)


def _per_10_000(staff):
    """What the four rates of staff share: those who gave a figure, and the patients of the others as unknown."""
    both = known(staff, "patients")
    return {
        **_WORKFORCE,
        "unit": "per 10,000 patients",
        "scale": 10000.0,
        "family": "staff for the list",
        "numerator": sum_where(both, nw.col(staff)),
        "denominator": sum_where(both, nw.col("patients")),
        "unknown": sum_where(nw.col(staff).is_null(), nw.col("patients")),
        "unknown_row": lambda row: row.patients if getattr(row, staff) is None else 0,
        "unknown_beside": True,
        "caveats": (_FTE, _OWN_STAFF, _NO_DATA),
    }


def _rate(row, staff):
    if staff is None or row.patients is None:
        return None, None
    return staff, row.patients


@measure(
    **_per_10_000("gp_fte"),
    title="GPs per 10,000 patients",
    question="How many fully qualified permanent GPs are there, for a list of this size?",
    direction="increase",
    example=Example(rows=_ROWS, numerator=7.5, denominator=19000, value=75 / 19, unknown=3000),
)
def gp_fte_per_10000(row):
    """Nearly everything else depends on how many doctors there are. Trainees and locums are counted apart, because they
    come and go."""
    return _rate(row, row.gp_fte)


@measure(
    **_per_10_000("nurse_fte"),
    title="Nurses per 10,000 patients",
    question="How many nurses are there, for a list of this size?",
    direction="neutral",
    example=Example(rows=_ROWS, numerator=3.0, denominator=15000, value=2.0, unknown=7000),
)
def nurse_fte_per_10000(row):
    """Nurses carry much of long-term condition care, and practices divide that work very differently."""
    return _rate(row, row.nurse_fte)


@measure(
    **_per_10_000("dpc_fte"),
    title="Other direct patient care staff per 10,000 patients",
    question="How many other staff who see patients are there, for a list of this size?",
    direction="neutral",
    example=Example(rows=_ROWS, numerator=5.5, denominator=19000, value=55 / 19, unknown=3000),
)
def dpc_fte_per_10000(row):
    """Pharmacists, healthcare assistants, paramedics and others who see patients. Many more are employed by networks and
    are not seen here."""
    return _rate(row, row.dpc_fte)


@measure(
    **_per_10_000("admin_fte"),
    title="Administrative staff per 10,000 patients",
    question="How many administrative and reception staff are there, for a list of this size?",
    direction="neutral",
    example=Example(rows=_ROWS, numerator=15.0, denominator=15000, value=10.0, unknown=7000),
)
def admin_fte_per_10000(row):
    """The people who answer the telephone and read the inbox. Set this beside calls answered before judging either."""
    return _rate(row, row.admin_fte)


@measure(
    **_WORKFORCE,
    title="Patients per GP",
    question="How many patients are there for each full-time GP?",
    unit="patients per GP",
    direction="decrease",
    speaks=known("patients", "gp_fte") & (nw.col("gp_fte") > 0),
    numerator=sum_where(known("patients", "gp_fte") & (nw.col("gp_fte") > 0), nw.col("patients")),
    denominator=sum_where(known("patients", "gp_fte") & (nw.col("gp_fte") > 0), nw.col("gp_fte")),
    family="staff for the list",
    caveats=(
        _FTE,
        "Fully qualified permanent GPs only; practices that report none are left out with their patients.",
        _NO_DATA,
    ),
    example=Example(rows=_ROWS, numerator=15000, denominator=7.5, value=2000.0),
)
def patients_per_gp(row):
    """GPs per 10,000 patients turned round, as people usually ask for it, among practices that report a permanent GP."""
    if row.patients is None or row.gp_fte is None or row.gp_fte <= 0:
        return None, None
    return row.patients, row.gp_fte


_CLINICAL = ("gp_fte", "nurse_fte", "dpc_fte")


@measure(
    **{**_WORKFORCE, "status": "ours"},
    title="Skill mix",
    question="What part of the clinical team are not GPs?",
    unit="index",
    direction="neutral",
    speaks=known(*_CLINICAL),
    numerator=sum_where(known(*_CLINICAL), nw.col("nurse_fte") + nw.col("dpc_fte")),
    denominator=sum_where(known(*_CLINICAL), nw.sum_horizontal(*(nw.col(staff) for staff in _CLINICAL))),
    caveats=(_FTE, _OWN_STAFF, "0 is a team of GPs alone and 1 a team without GPs; neither is the aim."),
    example=Example(rows=_ROWS, numerator=7.5, denominator=15.0, value=0.5),
)
def skill_mix_index(row):
    """Two practices with equal numbers of GPs can have very different teams around them. This says how different."""
    if row.gp_fte is None or row.nurse_fte is None or row.dpc_fte is None:
        return None, None
    return row.nurse_fte + row.dpc_fte, row.gp_fte + row.nurse_fte + row.dpc_fte


@measure(
    **_WORKFORCE,
    title="GP time from locums and trainees",
    few=1,  # full-time equivalents, of which a practice has a handful
    question="How much of the GP time comes from locums and trainees?",
    unit="proportion",
    direction="neutral",
    speaks=known("gp_fte", "gp_locum_trainee_fte"),
    numerator=sum_where(known("gp_fte", "gp_locum_trainee_fte"), nw.col("gp_locum_trainee_fte")),
    denominator=sum_where(known("gp_fte", "gp_locum_trainee_fte"), nw.col("gp_fte") + nw.col("gp_locum_trainee_fte")),
    caveats=(_FTE, "A training practice has a high share by design, and a practice short of doctors by need."),
    example=Example(rows=_ROWS, numerator=2.5, denominator=10.0, value=0.25),
)
def locum_trainee_share(row):
    """Colleagues who change often make continuity harder, and trainees need supervision. Both are worth planning for."""
    if row.gp_fte is None or row.gp_locum_trainee_fte is None:
        return None, None
    return row.gp_locum_trainee_fte, row.gp_fte + row.gp_locum_trainee_fte


@measure(
    **{**_WORKFORCE, "topic": "Data quality", "status": "ours"},
    title="Practices with estimated workforce figures",
    few=1,
    question="For how many practices did the publisher estimate part of the workforce?",
    unit="proportion",
    direction="decrease",
    numerator=rows_where(nw.col("estimated") == 1),
    denominator=rows_where(~nw.col("estimated").is_null()),
    caveats=("An estimate in any one staff group counts.",),
    example=Example(rows=_ROWS, numerator=1, denominator=3, value=1 / 3),
)
def workforce_estimated_share(row):
    """An estimate borrows from other practices, so it says little about this one. A complete return mends it."""
    if row.estimated is None:
        return None, None
    return (1 if row.estimated == 1 else 0), 1
