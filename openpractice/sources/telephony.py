"""NHS England's cloud-based telephony workbook: England by month, by day and hour, and practice by practice."""

from __future__ import annotations

from collections import Counter

from openpractice.kinds import Part, Source
from openpractice.sources.declare import NHS_ENGLAND, OGL
from openpractice.sources.document import Document
from openpractice.sources.headers import column_name, flatten_header
from openpractice.tables.areas import MEMBERSHIPS, ORGANISATIONS
from openpractice.tables.calls import ANSWERED_CALLS, CALLS, CALLS_BY_TIME, MISSED_CALLS
from openpractice.tables.context import COVERAGE


def recognises(doc: Document) -> bool:
    return (
        doc.kind == "book"
        and {"Table 1", "Table 2", "Table 3"} <= set(doc.sheets)
        and any("cloud based telephony" in cell.lower() for row in doc.sheets["Table 3"][:12] for cell in row)
    )


def read(doc: Document) -> list[Part]:
    load_practice_sheet(doc, "Table 3", "table_3")
    parts = [_outcomes(), *_organisations()]
    if "Table 4" in doc.sheets:
        load_practice_sheet(doc, "Table 4", "table_4")
        parts.append(_answered())
    if "Table 5" in doc.sheets:
        load_practice_sheet(doc, "Table 5", "table_5")
        parts.append(_missed())
    load_days(doc)
    load_england(doc)
    return [*parts, _by_time(), *_england()]


def load_practice_sheet(doc: Document, sheet: str, table: str) -> None:
    """Find the header (its row moves, its footnote marks too) and load one row a practice.

    A data row is one with an organisation code; titles, totals and footnotes are the sheet's furniture. The month
    is the sheet's own, because one edition has a copyright line pasted over the month of one practice.
    """
    rows = doc.sheets[sheet]
    top = next(i for i, row in enumerate(rows) if row and column_name(row[0]) == "month")
    columns = flatten_header(rows[top - 1 : top + 2])
    short = tuple(_short(c) for c in columns)
    body = [(i + 1, row) for i, row in enumerate(rows) if i > top and row[1] and len(row[1]) <= 12 and row[2]]
    month = Counter(row[0] for _, row in body).most_common(1)[0][0]
    doc.load_rows(("row_number", *short), [[str(i), month, *row[1:]] for i, row in body], table=table)
    doc.con.execute(f"UPDATE {table} SET line = row_number::BIGINT")


def _short(column: str) -> str:
    """`count_of_inbound_call_outcome_answered_total` → `answered_total`; group titles go, wait and duration stay."""
    for title in ("count_of_inbound_call_outcome_", "answered_calls_", "missed_calls_"):
        column = column.replace(title, "")
    return column


def _practice(table: str, counts: str, missing: str) -> str:
    """The columns that the three practice sheets share. An account that serves several practices is 'Unassigned'."""
    return f"""
        SELECT CASE WHEN is_practice(gp_practice_ods_code) THEN gp_practice_ods_code ELSE 'UNASSIGNED' END AS area_code,
               'practice' AS level, month_of(month) AS month_no, {counts}, line,
               CASE WHEN {missing} THEN 'no counts are published for this practice' END AS refusal
        FROM {table}
    """


def _outcomes() -> Part:
    counts = """
        number_of(count_of_inbound_calls_total) AS inbound, number_of(answered_total) AS answered,
        number_of(ended_during_the_ivr_stage_total) AS ended_in_ivr,
        number_of(call_back_requested_total) AS callback_requested, number_of(missed_total) AS missed,
        number_of(call_back_made_total) AS callback_made"""
    missing = "number_of(count_of_inbound_calls_total) IS NULL OR number_of(answered_total) IS NULL"
    return Part(CALLS, _practice("table_3", counts, missing), complete=True)


def _bins(prefix: str, names: tuple[str, ...]) -> str:
    ends = ("less_than_1_minute", "1_2_minutes", "2_5_minutes", "longer_than_5_minutes")
    return ", ".join(f"number_of({prefix}_{end}_count) AS {name}" for end, name in zip(ends, names, strict=True))


def _answered() -> Part:
    counts = f"""{_bins("wait_time", ("under_1", "from_1_to_2", "from_2_to_5", "over_5"))},
        {_bins("duration", ("lasted_under_1", "lasted_1_to_2", "lasted_2_to_5", "lasted_over_5"))}"""
    missing = "number_of(wait_time_less_than_1_minute_count) IS NULL"
    return Part(ANSWERED_CALLS, _practice("table_4", counts, missing), complete=True)


def _missed() -> Part:
    counts = _bins("wait_time", ("under_1", "from_1_to_2", "from_2_to_5", "over_5"))
    missing = "number_of(wait_time_less_than_1_minute_count) IS NULL"
    return Part(MISSED_CALLS, _practice("table_5", counts, missing), complete=True)


def _organisations() -> list[Part]:
    named = """
        SELECT DISTINCT ON (area_code, level) * FROM (
            SELECT gp_practice_ods_code AS area_code, 'practice' AS level, gp_name AS name, month, line FROM table_3
            UNION ALL SELECT pcn_code, 'pcn', pcn_name, month, line FROM table_3
            UNION ALL SELECT sub_icb_code, 'sub_icb', sub_icb_name, month, line FROM table_3
            UNION ALL SELECT icb_code, 'icb', icb_name, month, line FROM table_3
            UNION ALL SELECT region_code, 'region', region_name, month, line FROM table_3)
        WHERE area_code IS NOT NULL AND name IS NOT NULL AND length(area_code) BETWEEN 3 AND 6
          AND lower(name) NOT IN ('unmapped', 'unallocated', 'unassigned', 'unknown')"""
    organisations = f"""
        SELECT area_code, level, name, NULL AS postcode, NULL AS opened, NULL AS closed, 'active' AS status,
               month_of(month) AS as_of, line, NULL AS refusal FROM ({named})"""
    memberships = """
        SELECT child, child_level, parent, parent_level, as_of, min(line) AS line, NULL AS refusal FROM (
            SELECT gp_practice_ods_code AS child, 'practice' AS child_level, pcn_code AS parent, 'pcn' AS parent_level,
                   month_of(month) AS as_of, line FROM table_3
            UNION ALL SELECT gp_practice_ods_code, 'practice', sub_icb_code, 'sub_icb', month_of(month), line FROM table_3
            UNION ALL SELECT sub_icb_code, 'sub_icb', icb_code, 'icb', month_of(month), line FROM table_3
            UNION ALL SELECT icb_code, 'icb', region_code, 'region', month_of(month), line FROM table_3)
        WHERE length(child) BETWEEN 3 AND 6 AND length(parent) BETWEEN 3 AND 6 AND (child_level <> 'practice' OR is_practice(child))
        GROUP BY ALL"""
    return [Part(ORGANISATIONS, organisations, counted=False), Part(MEMBERSHIPS, memberships, counted=False)]


def load_days(doc: Document) -> None:
    """Table 2 as one row a day and time band."""
    rows = doc.sheets["Table 2"]
    top = next(i for i, row in enumerate(rows) if len(row) > 4 and row[1] == "Date")
    bands = [(i, cell.replace(" ", "")) for i, cell in enumerate(rows[top]) if cell[2:3] == ":"]
    long = [
        [str(number), row[0], row[1], band, row[i]]
        for number, row in enumerate(rows, 1)
        if row[1][:2] == "20"
        for i, band in bands
    ]
    doc.load_rows(("row_number", "weekday", "day", "time_band", "n"), long, table="table_2")


def _by_time() -> Part:
    return Part(
        CALLS_BY_TIME,
        """
        SELECT 'ENG' AS area_code, 'nation' AS level, month_of(day) AS month_no,
               date_diff('day', DATE '1970-01-01', day::DATE) AS day_no, weekday, time_band, number_of(n) AS n,
               row_number::BIGINT AS line,
               CASE WHEN number_of(n) IS NULL THEN 'no count is published for this day and time' END AS refusal
        FROM table_2""",
        complete=True,
    )


def load_england(doc: Document) -> None:
    """Table 1 as one row a month. Only its counts are read: one edition printed the duration shares in rotated rows."""
    rows = doc.sheets["Table 1"]
    top = next(i for i, row in enumerate(rows) if sum(cell[:2] == "20" and cell[4:5] == "-" for cell in row) >= 6)
    long = []
    group = ""
    for number, row in enumerate(rows[top + 1 :], top + 2):
        group = row[0] or group
        label = row[1] or row[0]
        for i, month in enumerate(rows[top]):
            if month[:2] == "20" and i < len(row) and row[i]:
                long.append([str(number), month, column_name(group), column_name(label), row[i]])
    doc.load_rows(("row_number", "month", "section", "label", "value"), long, table="table_1")


def _england() -> list[Part]:
    coverage = """
        SELECT 'ENG' AS area_code, 'nation' AS level, month_of(month) AS month_no, 'telephony' AS service,
               max(number_of(value)) FILTER (label = 'count_of_practices_included') AS practices_included,
               max(number_of(value)) FILTER (label = 'open_active_practices') AS practices_open,
               max(number_of(value)) FILTER (label LIKE 'registered_patients_at_included%') AS patients_included,
               max(number_of(value)) FILTER (label LIKE 'registered_patients_at_open%') AS patients_open,
               min(row_number::BIGINT) AS line, NULL AS refusal
        FROM table_1 WHERE section = 'coverage' GROUP BY month"""
    calls = f"""{
        _england_counts(
            inbound="total_inbound_calls",
            answered="calls_answered",
            ended_in_ivr="calls_ended_during_the_ivr%",
            callback_requested="calls_resulting_in_a_call_back_request",
            missed="missed_calls",
            callback_made="call_backs_made",
        )
    }"""
    answered = _england_counts(
        under_1="calls_answered_within_1_minute",
        from_1_to_2="calls_answered_within_1_to_2_minutes",
        from_2_to_5="calls_answered_within_2_to_5_minutes",
        over_5="calls_answered_after_waiting_over_5_minutes",
        lasted_under_1="duration_of_1_minute_or_less",
        lasted_1_to_2="duration_of_1_to_2_minutes",
        lasted_2_to_5="duration_of_2_to_5_minutes",
        lasted_over_5="duration_of_over_5_minutes",
    )
    return [
        Part(COVERAGE, coverage, complete=True),
        Part(CALLS, calls, complete=True),
        Part(ANSWERED_CALLS, answered, complete=True),
    ]


def _england_counts(**labels: str) -> str:
    """England's months as rows: each column is the largest value under its label, so that a share is never taken."""
    counts = ", ".join(f"max(number_of(value)) FILTER (label LIKE '{label}') AS {c}" for c, label in labels.items())
    required = " OR ".join(f"{c} IS NULL" for c in labels)
    return f"""
        SELECT *, CASE WHEN {required} THEN 'a count is missing for this month' END AS refusal FROM (
            SELECT 'ENG' AS area_code, 'nation' AS level, month_of(month) AS month_no, {counts},
                   min(row_number::BIGINT) AS line
            FROM table_1 GROUP BY month)"""


SOURCE = Source(
    name="telephony",
    title="Cloud Based Telephony in General Practice",
    publisher=NHS_ENGLAND,
    page="https://digital.nhs.uk/data-and-information/publications/statistical/cloud-based-telephony-data-in-general-practice",
    licence=OGL,
    rank=10,
    recognises=recognises,
    read=read,
    tables=(CALLS, ANSWERED_CALLS, MISSED_CALLS, CALLS_BY_TIME, COVERAGE, ORGANISATIONS, MEMBERSHIPS),
    notes=(
        "Percentages are recomputed from counts.",
        "Supplier accounts shared between practices are kept for England and left out of practice views.",
    ),
)
