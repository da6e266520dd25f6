"""Requests sent online: how many, what kind, when, and how many practices take part."""

import narwhals as nw

from openpractice.kinds import Example
from openpractice.measures.declare import known, measure, rows_where, sum_where, total_known, total_where
from openpractice.tables.calls import WEEKDAYS
from openpractice.tables.online import ONLINE_BY_TIME, ONLINE_REQUESTS

_OC = {
    "topic": "Online requests",
    "source": "NHS England, Submissions via Online Consultation Systems in General Practice "
    "(official statistics in development)",
    "version": "1",
    "reviewed": "2026-11-21",
    "status": "official",
}
_REQUESTS = {**_OC, "table": ONLINE_REQUESTS, "needs": ()}
_TIMES = {**_OC, "table": ONLINE_BY_TIME, "unit": "proportion", "direction": "neutral"}

_LATEST = "Forms that the patient did not finish are not counted."
_ENGLAND = "Published for England only, as the average for each day of the week."
_ENGLAND_APART = (
    "England's own figure of online requests is divided by the patients of practices that received any, and is restated "
    "later; other areas' are divided by the patients of all practices that take part, so England's stands higher."
)
_TAKING_PART = "Only practices that take part in the collection are counted."
_ROWS = (
    {"submissions": 1200, "clinical": 700, "administrative": 400, "other": 100, "registered": 8000, "participating": 1},
    {"area_code": "A81002", "submissions": 300, "clinical": 200, "administrative": 90, "other": 10}
    | {"registered": 4000, "participating": 1},
    {"area_code": "A81003", "participating": 0},
    {"area_code": "A81004"},
)
_BY_TIME = (
    {"weekday": "Monday", "time_band": "08:00-09:59", "n": 120.0},
    {"weekday": "Monday", "time_band": "10:00-11:59", "n": 180.0},
    {"weekday": "Friday", "time_band": "08:00-09:59", "n": 80.0},
    {"weekday": "Friday", "time_band": "18:00-23:59", "n": 620.0},
    {"weekday": "Sunday", "time_band": "10:00-11:59", "n": 50.0},
    {"weekday": None, "time_band": None, "n": 7.0},
)


def _counted():
    """England's own row says nothing about taking part: it is already the total of those that do."""
    return known("submissions", "registered") & (nw.col("participating").fill_null(1) != 0)


def _kind(row, kind):
    if row.clinical is None or row.administrative is None or row.other is None:
        return None, None
    return kind, row.clinical + row.administrative + row.other


_KINDS = ("clinical", "administrative", "other")
_BY_KIND = {
    **_REQUESTS,
    "unit": "proportion",
    "direction": "neutral",
    "speaks": known(*_KINDS),
    "denominator": sum_where(known(*_KINDS), nw.sum_horizontal(*(nw.col(kind) for kind in _KINDS))),
    "unknown": sum_where(known(*_KINDS), nw.col("other")),
    "unknown_row": lambda row: _kind(row, row.other)[0],
    "family": "what online requests are for",
    "caveats": (
        "What kind a request was depends on the form that the patient chose and on the supplier.",
        "Requests of another or unknown kind stay in the total, so their share is shown beside.",
    ),
}


@measure(
    **_REQUESTS,
    title="Online requests per 1,000 patients",
    question="How many requests come in online, for a list of this size?",
    unit="per 1,000 patients",
    direction="neutral",
    scale=1000.0,
    speaks=_counted(),
    numerator=sum_where(_counted(), nw.col("submissions")),
    denominator=sum_where(_counted(), nw.col("registered")),
    caveats=(_TAKING_PART, _LATEST, "Low figures may mean that the form is switched off for part of the day."),
    england_apart=_ENGLAND_APART,
    example=Example(rows=_ROWS, numerator=1500, denominator=12000, value=125.0),
)
def online_requests_per_1000(row):
    """Online requests are demand just as calls are. Seeing both keeps one door from being mistaken for the whole house."""
    if row.participating == 0 or row.submissions is None or row.registered is None:
        return None, None
    return row.submissions, row.registered


@measure(
    **_BY_KIND,
    title="Online requests that are clinical",
    question="How many online requests are about a health problem?",
    numerator=sum_where(known(*_KINDS), nw.col("clinical")),
    example=Example(rows=_ROWS, numerator=900, denominator=1500, value=0.6, unknown=110),
)
def online_clinical_share(row):
    """Clinical requests need a clinician's time, so this share says what an increase online will cost the team."""
    return _kind(row, row.clinical)


@measure(
    **_BY_KIND,
    title="Online requests that are administrative",
    question="How many online requests are administrative?",
    numerator=sum_where(known(*_KINDS), nw.col("administrative")),
    example=Example(rows=_ROWS, numerator=490, denominator=1500, value=490 / 1500, unknown=110),
)
def online_administrative_share(row):
    """Fit notes, letters and repeat requests can often be settled without an appointment, and off the telephone."""
    return _kind(row, row.administrative)


@measure(
    **_REQUESTS,
    title="Practices counted in the online figures",
    few=1,
    question="How many practices take part in the online consultation collection?",
    unit="proportion",
    direction="increase",
    speaks=known("participating"),
    numerator=rows_where(nw.col("participating") == 1),
    denominator=rows_where(~nw.col("participating").is_null()),
    caveats=("A practice may offer online requests through a supplier that does not send its figures.",),
    example=Example(rows=_ROWS, numerator=2, denominator=3, value=2 / 3),
)
def online_participation(row):
    """When more practices take part, the total grows although nobody asked for more. Look here before speaking of growth."""
    if row.participating is None:
        return None, None
    return (1 if row.participating == 1 else 0), 1


@measure(
    **_TIMES,
    title="Online requests between 8 and 10 in the morning",
    question="How many online requests come between 8 and 10 in the morning?",
    needs=("time_band",),
    numerator=total_where(nw.col("time_band") == "08:00-09:59"),
    denominator=total_known("n", "time_band"),
    caveats=(_ENGLAND, "Each day of the week counts once, however often it fell in the month."),
    example=Example(rows=_BY_TIME, numerator=200, denominator=1050, value=200 / 1050),
)
def online_08_to_10_share(row):
    """If the form opens at eight, the morning rush moves online with it. Longer opening hours spread it."""
    if row.time_band is None:
        return None, None
    return (row.n if row.time_band == "08:00-09:59" else 0), row.n


@measure(
    **_TIMES,
    title="Online requests on Mondays",
    question="How many of the working week's online requests come on a Monday?",
    needs=("weekday",),
    numerator=total_where(nw.col("weekday") == "Monday"),
    denominator=total_where(nw.col("weekday").is_in(WEEKDAYS[:5])),
    caveats=(_ENGLAND, "Compares an average Monday with an average working week."),
    example=Example(rows=_BY_TIME, numerator=300, denominator=1000, value=0.3),
)
def online_monday_share(row):
    """An even week would give Monday a fifth. Above that, Monday needs more hands on the inbox."""
    if row.weekday not in WEEKDAYS[:5]:
        return 0, 0
    return (row.n if row.weekday == "Monday" else 0), row.n
