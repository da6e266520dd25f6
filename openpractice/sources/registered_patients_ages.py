"""Registered patients by age: the official five-year and single-year files, a county's extract, and April 2020's cuts."""

from __future__ import annotations

from openpractice.kinds import Part, Refused, Source
from openpractice.sources.declare import NHS_ENGLAND, OGL
from openpractice.sources.document import Document
from openpractice.tables.people import LIST_AGES, LIST_SIZE

PAGE = "https://digital.nhs.uk/data-and-information/publications/statistical/patients-registered-at-a-gp-practice"


def recognises(doc: Document) -> bool:
    return bool(_layout(doc))


def _layout(doc: Document) -> tuple[str, str, str, str] | None:
    """The columns of code, age, patients and (where there is one) organisation type."""
    if doc.has("extract_date", "org_type", "org_code", "sex", "age_group_5", "number_of_patients"):
        return ("org_code", "age_group_5", "number_of_patients", "org_type")
    if doc.has("extract_date", "org_code", "sex", "age", "number_of_patients"):
        return ("org_code", "age", "number_of_patients", "'GP'")
    if doc.has("extract_date", "ods_code", "sex", "age_group", "patients"):
        return ("ods_code", "age_group", "patients", "'GP'")
    return None


def read(doc: Document) -> list[Part]:
    layout = _layout(doc)
    assert layout
    doc.load()
    _tidy_rows(doc, *layout)
    _refuse_one_sex(doc)
    complete = doc.lists_england("ages", "code")
    return [_ages(complete=complete), _list_size(complete=complete)]


def _tidy_rows(doc: Document, code: str, age: str, patients: str, org_type: str) -> None:
    """One shape for the three layouts: "0_4", "95+", "0-4 years" and "7" become a first and a last age.

    The extract's "1st -Ju l-22" has stray spaces, so dates are read without any.
    """
    doc.con.execute(f"""
        CREATE OR REPLACE TEMP TABLE ages AS
        SELECT line, {code} AS code, {org_type} AS org_type, upper(trim(sex)) AS sex,
               upper(trim({age})) AS age, month_of(replace(extract_date, ' ', '')) AS month_no,
               number_of({patients}) AS patients,
               try_cast(regexp_extract({age}, '^(\\d+)', 1) AS DOUBLE) AS age_from,
               CASE WHEN {age} LIKE '%+%' THEN 120
                    ELSE try_cast(regexp_extract({age}, '(\\d+)(?: years)?$', 1) AS DOUBLE) END AS age_to
        FROM raw""")


def _refuse_one_sex(doc: Document) -> None:
    """The single-year files come one for each sex; the later one loaded would silence the other."""
    sexes = doc.con.execute("SELECT list(DISTINCT lower(sex)) FROM ages WHERE sex IN ('FEMALE', 'MALE')").fetchone()
    if sexes and sexes[0] and len(sexes[0]) == 1:
        raise Refused(
            f"{doc.name} counts {sexes[0][0]} patients only, and ages are kept for both sexes together. Load the "
            "five-year file (quin-age) of the same publication, or put the rows of both single-year files into one."
        )


def _ages(*, complete: bool) -> Part:
    sql = """
        SELECT code AS area_code, 'practice' AS level, month_no,
               CASE sex WHEN 'FEMALE' THEN 'Female' WHEN 'MALE' THEN 'Male' END AS sex,
               age_from, age_to, patients, line,
               CASE WHEN org_type <> 'GP' OR NOT is_practice(code) THEN 'not a practice code'
                    WHEN sex = 'ALL' OR age = 'ALL' THEN 'a printed total'
                    WHEN sex NOT IN ('FEMALE', 'MALE') THEN 'the sex is neither female nor male'
                    WHEN month_no IS NULL THEN 'the extract date is not readable'
                    WHEN age_from IS NULL OR age_to IS NULL THEN 'the age is not readable'
                    WHEN patients IS NULL THEN 'no number of patients' END AS refusal
        FROM ages WHERE NOT (sex = 'ALL' AND age = 'ALL')"""
    return Part(LIST_AGES, sql, complete=complete)


def _list_size(*, complete: bool) -> Part:
    sql = """
        SELECT code AS area_code, 'practice' AS level, month_no, patients, line,
               CASE WHEN org_type <> 'GP' OR NOT is_practice(code) THEN 'not a practice code'
                    WHEN month_no IS NULL THEN 'the extract date is not readable'
                    WHEN patients IS NULL THEN 'no number of patients' END AS refusal
        FROM ages WHERE sex = 'ALL' AND age = 'ALL'"""
    return Part(LIST_SIZE, sql, complete=complete)


def recognises_cuts(doc: Document) -> bool:
    return doc.has("practice_code", "total", "0_64") and (doc.has("16ov", "65ov") or doc.has("16_plus", "65_plus"))


def read_cuts(doc: Document) -> list[Part]:
    doc.load()
    over = "ov" if "65ov" in doc.columns else "_plus"
    complete = doc.lists_england(column="practice_code")
    total = """
        SELECT practice_code AS area_code, 'practice' AS level, month_of('2020-04') AS month_no,
               number_of(total) AS patients, line,
               CASE WHEN NOT is_practice(practice_code) THEN 'not a practice code'
                    WHEN number_of(total) IS NULL THEN 'no number of patients' END AS refusal
        FROM raw"""
    return [Part(LIST_SIZE, total, complete=complete), _bands_from_cuts(over, complete=complete)]


def _bands_from_cuts(over: str, *, complete: bool) -> Part:
    """Patients aged 16 and over, 17 and over, … become bands between one cut and the next.

    The author wrote 0.0001 or 0.0000001 for none, so every cut is taken to the nearest patient. Cuts that contradict
    each other (more aged 65 and over than 50 and over) are refused.
    """
    sql = f"""
        WITH cuts AS (
            SELECT practice_code, line, round(number_of(total)) AS everyone, round(number_of("16{over}")) AS over_16,
                   round(number_of("17{over}")) AS over_17, round(number_of("18{over}")) AS over_18,
                   round(number_of("50{over}")) AS over_50, round(number_of("65{over}")) AS over_65,
                   round(number_of("0_64")) AS under_65
            FROM raw),
        bands AS (
            SELECT *, unnest([
                {{'age_from': 0, 'age_to': 15, 'patients': everyone - over_16}},
                {{'age_from': 16, 'age_to': 16, 'patients': over_16 - over_17}},
                {{'age_from': 17, 'age_to': 17, 'patients': over_17 - over_18}},
                {{'age_from': 18, 'age_to': 49, 'patients': over_18 - over_50}},
                {{'age_from': 50, 'age_to': 64, 'patients': over_50 - over_65}},
                {{'age_from': 65, 'age_to': 120, 'patients': over_65}}]) AS band
            FROM cuts)
        SELECT practice_code AS area_code, 'practice' AS level, month_of('2020-04') AS month_no, 'All' AS sex,
               band.age_from::DOUBLE AS age_from, band.age_to::DOUBLE AS age_to, band.patients AS patients, line,
               CASE WHEN NOT is_practice(practice_code) THEN 'not a practice code'
                    WHEN everyone IS NULL OR under_65 + over_65 <> everyone OR over_65 > over_50 OR over_50 > over_18
                      OR over_18 > over_17 OR over_17 > over_16 OR over_16 > everyone
                    THEN 'its age groups contradict each other' END AS refusal
        FROM bands"""
    return Part(LIST_AGES, sql, complete=complete, carries=(), counted=False)


SOURCES = (
    Source(
        name="registered_patients_ages",
        title="Patients Registered at a GP Practice, by sex and age",
        publisher=NHS_ENGLAND,
        page=PAGE,
        licence=OGL,
        rank=5,
        recognises=recognises,
        read=read,
        tables=(LIST_AGES, LIST_SIZE),
        notes=(
            "Printed totals (ALL) are never added to the bands.",
            "A file with one sex alone is refused: half of a list would read as the whole.",
        ),
    ),
    Source(
        name="registered_patients_age_cuts",
        title="Registered patients by age group, April 2020",
        publisher="NHS Digital, collated by the House of Commons Library",
        page=PAGE,
        licence=OGL,
        rank=20,
        recognises=recognises_cuts,
        read=read_cuts,
        tables=(LIST_SIZE, LIST_AGES),
        notes=(
            "The file carries no date: its lists are those of 1 April 2020.",
            "Published as everyone over an age; turned into bands that do not overlap.",
        ),
    ),
)
