"""How many patients are registered, and whether that is growing."""

from collections import defaultdict
from types import SimpleNamespace

import narwhals as nw

from openpractice.kinds import Example
from openpractice.measures.declare import measure, sum_where, total
from openpractice.tables.people import LIST_SIZE

_LIST = {
    "topic": "List",
    "table": LIST_SIZE,
    "direction": "neutral",
    "needs": (),
    "source": "NHS England, Patients Registered at a GP Practice (official statistics)",
    "version": "1",
    "reviewed": "2026-11-21",
    "status": "official",
}
_NOT_RESIDENTS = "Registered patients are more than residents: people who moved away may stay on a list for a time."


def whole_lists(frame: nw.LazyFrame) -> nw.LazyFrame:
    """One row a target and month with its patients, because a list is a size and not a rate."""
    lists = frame.filter(~nw.col("patients").is_null()).group_by("target", "month_no")
    return lists.agg(patients=nw.col("patients").sum()).with_columns(lists=nw.lit(1.0))


def whole_list_rows(rows):
    sizes = defaultdict(float)
    for row in rows:
        if row.patients is not None:
            sizes[row.target, row.month_no] += row.patients
    return [SimpleNamespace(target=t, month_no=m, patients=size, lists=1) for (t, m), size in sizes.items()]


def now_and_before(frame: nw.LazyFrame) -> nw.LazyFrame:
    """One row a target and month that has a list twelve months earlier too: the list now and the list then."""
    now = whole_lists(frame).select("target", "month_no", now=nw.col("patients"))
    before = whole_lists(frame).select("target", month_no=nw.col("month_no") + 12, before=nw.col("patients"))
    return now.join(before, on=["target", "month_no"], how="inner")


def now_and_before_rows(rows):
    sizes = {(row.target, row.month_no): row.patients for row in whole_list_rows(rows)}
    return [
        SimpleNamespace(target=target, month_no=month, now=size, before=sizes[target, month - 12])
        for (target, month), size in sizes.items()
        if (target, month - 12) in sizes
    ]


_SIZES = (
    {"patients": 12064},
    {"area_code": "A81002", "patients": 7936},
    {"area_code": "A81003", "patients": None},
)
_YEARS = (
    {"month": "2025-02", "patients": 12000},
    {"patients": 12300},
    {"month": "2025-02", "area_code": "A81002", "patients": 8000},
    {"area_code": "A81002", "patients": 7800},
    {"month": "2025-02", "area_code": "A81003", "patients": None},
)


@measure(
    **_LIST,
    title="Registered patients",
    question="How many patients are registered?",
    unit="patients",
    numerator=total("patients"),
    denominator=total("lists"),
    prepare=whole_lists,
    prepare_rows=whole_list_rows,
    caveats=("Counted on the first day of the month.", _NOT_RESIDENTS),
    example=Example(rows=_SIZES, numerator=20000, denominator=1, value=20000.0),
)
def list_size(row):
    """Every rate is divided by it, and funding follows it."""
    return row.patients, row.lists


@measure(
    **_LIST,
    title="Growth of the list in 12 months",
    question="How much has the registered list grown in a year?",
    unit="proportion",
    numerator=sum_where(nw.lit(True), nw.col("now") - nw.col("before")),
    denominator=total("before"),
    prepare=now_and_before,
    prepare_rows=now_and_before_rows,
    caveats=(
        "A practice that joins or leaves a network, or takes over another's patients, shows as growth or shrinkage.",
        "Needs a list from the same month of the year before.",
        _NOT_RESIDENTS,
    ),
    example=Example(rows=_YEARS, numerator=100, denominator=20000, value=0.005),
)
def list_growth_12_months(row):
    """A growing list needs more of everything, and it grows too slowly to be noticed from week to week."""
    return row.now - row.before, row.before
