"""NHS England's workbook of submissions via online consultation systems: England, practices, and time of day."""

from __future__ import annotations

from collections import Counter

from openpractice.kinds import Part, Source
from openpractice.sources.declare import NHS_ENGLAND, OGL
from openpractice.sources.document import Document
from openpractice.sources.headers import column_name, column_names
from openpractice.tables.areas import MEMBERSHIPS, ORGANISATIONS
from openpractice.tables.calls import WEEKDAYS
from openpractice.tables.context import COVERAGE
from openpractice.tables.online import ONLINE_BANDS, ONLINE_BY_TIME, ONLINE_REQUESTS
from openpractice.tables.people import LIST_SIZE


def recognises(doc: Document) -> bool:
    return (
        doc.kind == "book"
        and {"Table 1", "Table 2"} <= set(doc.sheets)
        and any(
            "online consultation" in cell.lower() and "submissions" in cell.lower()
            for row in doc.sheets["Table 2"][:12]
            for cell in row
        )
    )


def read(doc: Document) -> list[Part]:
    month, everyone = load_practices(doc)
    load_england(doc)
    parts = [_requests(), *_organisations(), *_england()]
    if everyone:
        parts.append(_list_size())
    if "Table 3" in doc.sheets:  # the first editions had none
        load_times(doc, month)
        parts.append(_by_time())
    return parts


def load_practices(doc: Document) -> tuple[str, bool]:
    """Table 2, one row a practice. Returns its month, and whether it lists every practice.

    Up to May 2024 only practices that received submissions were listed; since then all are, with `Participation`.
    The month is the sheet's own, so that a note pasted over one practice's month does no harm.
    """
    rows = doc.sheets["Table 2"]
    top = next(i for i, row in enumerate(rows) if row and column_name(row[0]) == "month")
    columns = column_names(rows[top])
    body = [(i, row) for i, row in enumerate(rows[top + 1 :], top + 2) if row[1] and len(row[1]) <= 12 and row[2]]
    month = Counter(row[0] for _, row in body).most_common(1)[0][0]
    doc.load_rows(("row_number", *columns), [[str(i), month, *row[1:]] for i, row in body], table="table_2")
    everyone = "participation" in columns
    if not everyone:
        doc.con.execute("ALTER TABLE table_2 ADD COLUMN participation VARCHAR DEFAULT '1'")
    return month, everyone


def _requests() -> Part:
    """A printed star does not state taking part: submissions show that a practice sent figures, their absence nothing.

    Taking part stays unknown for those with submissions too. Of them alone, all take part, which says nothing of others.
    """
    sql = """
        SELECT gp_code AS area_code, 'practice' AS level, month_of(month) AS month_no,
               CASE WHEN counted THEN number_of(submissions) END AS submissions,
               CASE WHEN counted THEN number_of(clinical_submissions) END AS clinical,
               CASE WHEN counted THEN number_of(administrative_submissions) END AS administrative,
               CASE WHEN counted THEN number_of(other_unknown_type_submissions) END AS other,
               CASE WHEN counted THEN number_of(registered_patient_count) END AS registered,
               try_cast(participation AS INTEGER) AS participating, tidy(supplier) AS supplier,
               row_number::BIGINT AS line,
               CASE WHEN NOT is_practice(gp_code) THEN 'not a practice code'
                    WHEN participation NOT IN ('0', '1', '*') OR participation IS NULL
                    THEN 'whether the practice takes part is not stated'
                    WHEN counted IS NULL
                    THEN 'whether the practice takes part is not stated, and it has no submissions'
                    WHEN counted AND number_of(submissions) IS NULL
                    THEN 'no submissions are published for a practice that takes part' END AS refusal
        FROM (
            SELECT *, CASE WHEN participation IN ('0', '1') THEN participation = '1'
                           WHEN number_of(submissions) > 0 THEN true END AS counted
            FROM table_2)"""
    return Part(ONLINE_REQUESTS, sql, complete=True)


def _list_size() -> Part:
    sql = """
        SELECT gp_code AS area_code, 'practice' AS level, month_of(month) AS month_no,
               number_of(registered_patient_count) AS patients, row_number::BIGINT AS line,
               CASE WHEN NOT is_practice(gp_code) THEN 'not a practice code'
                    WHEN number_of(registered_patient_count) IS NULL THEN 'no number of patients' END AS refusal
        FROM table_2"""
    return Part(LIST_SIZE, sql, complete=True, counted=False)


def _organisations() -> list[Part]:
    organisations = """
        SELECT area_code, level, name, NULL AS postcode, NULL AS opened, NULL AS closed, 'active' AS status,
               max(month_of(month)) AS as_of, min(row_number::BIGINT) AS line, NULL AS refusal
        FROM (
            SELECT gp_code AS area_code, 'practice' AS level, gp_name AS name, month, row_number FROM table_2
            WHERE is_practice(gp_code)
            UNION ALL SELECT pcn_code, 'pcn', pcn_name, month, row_number FROM table_2 WHERE pcn_code LIKE 'U_____'
            UNION ALL SELECT sub_icb_code, 'sub_icb', sub_icb_name, month, row_number FROM table_2
            UNION ALL SELECT icb_code, 'icb', icb_name, month, row_number FROM table_2
            UNION ALL SELECT region_code, 'region', region_name, month, row_number FROM table_2)
        WHERE name IS NOT NULL AND length(area_code) BETWEEN 3 AND 6 AND upper(area_code) NOT LIKE 'UN%'
        GROUP BY area_code, level, name"""
    memberships = """
        SELECT child, child_level, parent, parent_level, as_of, min(line) AS line, NULL AS refusal FROM (
            SELECT gp_code AS child, 'practice' AS child_level, pcn_code AS parent, 'pcn' AS parent_level,
                   month_of(month) AS as_of, row_number::BIGINT AS line
            FROM table_2 WHERE is_practice(gp_code) AND pcn_code LIKE 'U_____'
            UNION ALL SELECT gp_code, 'practice', sub_icb_code, 'sub_icb', month_of(month), row_number::BIGINT
            FROM table_2 WHERE is_practice(gp_code)
            UNION ALL SELECT sub_icb_code, 'sub_icb', icb_code, 'icb', month_of(month), row_number::BIGINT FROM table_2
            UNION ALL SELECT icb_code, 'icb', region_code, 'region', month_of(month), row_number::BIGINT FROM table_2)
        WHERE length(child) BETWEEN 3 AND 6 AND length(parent) BETWEEN 3 AND 6
          AND upper(child) NOT LIKE 'UN%' AND upper(parent) NOT LIKE 'UN%'
        GROUP BY ALL"""
    return [Part(ORGANISATIONS, organisations, counted=False), Part(MEMBERSHIPS, memberships, counted=False)]


def load_england(doc: Document) -> None:
    """Table 1 as one row a month and label. Months are dates in some columns and "Feb-26 [10,11]" in others."""
    rows = doc.sheets["Table 1"]
    top = next(i for i, row in enumerate(rows) if sum(bool(cell) for cell in row) >= 6)
    long = [
        [str(number), month, column_name(row[1]), row[i]]
        for number, row in enumerate(rows[top + 1 :], top + 2)
        for i, month in enumerate(rows[top])
        if i >= 2 and month and row[i]
    ]
    doc.load_rows(("row_number", "month", "label", "value"), long, table="table_1")


def _england() -> list[Part]:
    """A month stands for one row of the account; its coverage comes from the same cells."""
    requests = """
        SELECT 'ENG' AS area_code, 'nation' AS level, month_no, submissions, clinical, administrative, other, registered,
               NULL AS participating, NULL AS supplier, line,
               CASE WHEN month_no IS NULL THEN 'the month is not readable'
                    WHEN submissions IS NULL THEN 'no submissions are published for this month' END AS refusal
        FROM (
            SELECT month_of(month) AS month_no, min(row_number::BIGINT) AS line,
                   max(number_of(value)) FILTER (label LIKE 'total_submissions_received%') AS submissions,
                   max(number_of(value)) FILTER (label = 'clinical_submissions') AS clinical,
                   max(number_of(value)) FILTER (label = 'administrative_submissions') AS administrative,
                   max(number_of(value)) FILTER (label = 'other_unknown_type_submissions') AS other,
                   max(number_of(value)) FILTER (label LIKE 'registered_patients_at_practices_that_received%')
                       AS registered
            FROM table_1 GROUP BY month)"""
    coverage = """
        SELECT 'ENG' AS area_code, 'nation' AS level, month_of(month) AS month_no, 'online' AS service,
               max(number_of(value)) FILTER (label LIKE 'count_of_practices_receiving%') AS practices_included,
               max(number_of(value)) FILTER (label = 'open_active_practices') AS practices_open,
               max(number_of(value)) FILTER (label LIKE 'registered_patients_at_practices_that_received%')
                   AS patients_included,
               max(number_of(value)) FILTER (label = 'registered_patients_at_open_active_practices') AS patients_open,
               min(row_number::BIGINT) AS line,
               CASE WHEN month_of(month) IS NULL THEN 'the month is not readable' END AS refusal
        FROM table_1 GROUP BY month"""
    return [Part(ONLINE_REQUESTS, requests, complete=True), Part(COVERAGE, coverage, complete=True, counted=False)]


def load_times(doc: Document, month: str) -> None:
    """Table 3 as one row a weekday and band. Some editions add a band of unknown time."""
    rows = doc.sheets["Table 3"]
    top = next(i for i, row in enumerate(rows) if row and row[0] == "Day")
    long = [
        [str(number), month, row[0], column.split("[")[0].replace(" ", ""), row[i]]
        for number, row in enumerate(rows[top + 1 :], top + 2)
        if row[0] in WEEKDAYS
        for i, column in enumerate(rows[top])
        if i and column
    ]
    doc.load_rows(("row_number", "month", "weekday", "time_band", "n"), long, table="table_3")


def _by_time() -> Part:
    known = ", ".join(f"'{band}'" for band in ONLINE_BANDS)
    sql = f"""
        SELECT 'ENG' AS area_code, 'nation' AS level, month_of(month) AS month_no, weekday, time_band,
               number_of(n) AS n, row_number::BIGINT AS line,
               CASE WHEN time_band = 'Unknown' THEN 'the time of day is not known'
                    WHEN time_band NOT IN ({known}) THEN 'a time band that is not published for England'
                    WHEN number_of(n) IS NULL THEN 'no number is published for this day and time' END AS refusal
        FROM table_3"""
    return Part(ONLINE_BY_TIME, sql, complete=True)


SOURCE = Source(
    name="online_consultations",
    title="Submissions via Online Consultation Systems in General Practice",
    publisher=NHS_ENGLAND,
    page="https://digital.nhs.uk/data-and-information/publications/statistical/submissions-via-online-consultation-systems-in-general-practice",
    licence=OGL,
    rank=10,
    recognises=recognises,
    read=read,
    tables=(ONLINE_REQUESTS, ONLINE_BY_TIME, COVERAGE, LIST_SIZE, ORGANISATIONS, MEMBERSHIPS),
    notes=(
        "Later editions restate England's earlier months, and not the practices' rows: practices may not sum to England.",
        "Up to May 2024 only practices that received submissions are listed.",
        "Counts of practices that do not take part are missing, not zero.",
        "January 2025 prints a star for every practice's participation: practices without submissions are refused, and how "
        "many take part is not known for that month.",
    ),
)
