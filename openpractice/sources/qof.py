"""Quality and Outcomes Framework: points achieved, and disease registers, for the year ending in March."""

from __future__ import annotations

from openpractice.kinds import Part, Refused, Source
from openpractice.sources.declare import NHS_ENGLAND, OGL
from openpractice.sources.deprivation import indicators, is_fingertips
from openpractice.sources.document import Document
from openpractice.tables.context import QOF_ACHIEVEMENT, QOF_PREVALENCE

PAGE = "https://digital.nhs.uk/data-and-information/publications/statistical/quality-and-outcomes-framework-achievement-prevalence-and-exceptions-data"

DEMENTIA = "247"  # Fingertips: Dementia, QOF prevalence (all ages)
CVD_CONDITIONS = ("AF", "CHD", "HF", "HYP", "PAD", "STIA")


def _column(doc: Document, words: str) -> str | None:
    return next((c for c in doc.columns if words in c), None)


def recognises_achievement(doc: Document) -> bool:
    return (
        doc.has("practice_code")
        and any(c.startswith("achievement_score") for c in doc.columns)
        and bool(_column(doc, "where_register_exists"))
    )


def year_of_achievement(doc: Document) -> int:
    """The year whose March ends the QOF year, told by the maximum score and the words that its header uses.

    559 points were available until 2019/20: "All ages" is 2017/18, local offices 2018/19, parent CCGs 2019/20.
    567 is 2020/21. 635 has been the maximum since 2021/22 under the same header, so there the name must say.
    """
    score = next(c for c in doc.columns if c.startswith("achievement_score"))
    if "567" in score:
        return 2021
    if "559" in score:
        for column, year in (("all_ages", 2018), ("regional_local_office_code", 2019), ("pcn_ods_code", 2020)):
            if column in doc.columns:
                return year
    if named := doc.year_named():
        return named
    raise Refused(
        f"{doc.name} does not say which year's Quality and Outcomes Framework it is. Put the year in the file's name, "
        "for example 'QOF 2021-22.csv', and load it again."
    )


def read_achievement(doc: Document) -> list[Part]:
    """Points are from the counts; the printed percentages are left alone. A colon stands for no data."""
    doc.load()
    score = next(c for c in doc.columns if c.startswith("achievement_score"))
    available = _column(doc, "where_register_exists")
    sql = f"""
        SELECT practice_code AS area_code, 'practice' AS level, month_of('{year_of_achievement(doc)}-03') AS month_no,
               number_of({score}) AS points, number_of({available}) AS points_available, line,
               CASE WHEN NOT is_practice(practice_code) THEN 'not a practice code'
                    WHEN number_of({score}) IS NULL THEN 'no points are given'
                    WHEN coalesce(number_of({available}), 0) <= 0 THEN 'no points were available' END AS refusal
        FROM raw"""
    return [Part(QOF_ACHIEVEMENT, sql, complete=doc.lists_england(column="practice_code"))]


def recognises_prevalence(doc: Document) -> bool:
    return doc.has("practice_code", "group_code", "register", "patient_list_type", "practice_list_size")


def read_prevalence(doc: Document) -> list[Part]:
    """Each condition's register and the list it is drawn from (all ages, 6 and over, 18 and over …)."""
    year = doc.year_named()
    if year is None:
        raise Refused(
            f"{doc.name} does not say which year's registers it holds. Keep the publication's own file name, for "
            "example 'PREVALENCE_2021.csv' for 2020/21, and load it again."
        )
    doc.load()
    sql = f"""
        SELECT practice_code AS area_code, 'practice' AS level, month_of('{year}-03') AS month_no,
               group_code AS condition, number_of(register) AS register, number_of(practice_list_size) AS eligible,
               line,
               CASE WHEN NOT is_practice(practice_code) THEN 'not a practice code'
                    WHEN is_missing(group_code) THEN 'no condition is named'
                    WHEN number_of(register) IS NULL OR number_of(practice_list_size) IS NULL
                    THEN 'no register or list is given'
                    WHEN number_of(register) > number_of(practice_list_size)
                    THEN 'the register is larger than the list it is drawn from' END AS refusal
        FROM raw"""
    return [Part(QOF_PREVALENCE, sql, complete=doc.lists_england(column="practice_code"))]


def recognises_cardiovascular(doc: Document) -> bool:
    return doc.has("practice_code", "prevalence_hyp", "list_size_hyp", "achievement_chol")


def read_cardiovascular(doc: Document) -> list[Part]:
    """Registers recomputed from a prevalence and its list, where that gives a whole number of patients.

    It always does for the six conditions read here. Blood pressure, cholesterol and LVSD print no prevalence with a
    list of their own, so they are left out; so are achievements, which are percentages without counts.
    The indicators on cholesterol began in 2023/24, the year of this file.
    """
    doc.load()
    return [
        Part(QOF_PREVALENCE, _register(condition), counted=condition == CVD_CONDITIONS[0])
        for condition in CVD_CONDITIONS
    ]


def _register(condition: str) -> str:
    prevalence, listed = f"prevalence_{condition.lower()}", f"list_size_{condition.lower()}"
    return f"""
        SELECT practice_code AS area_code, 'practice' AS level, month_of('2024-03') AS month_no,
               '{condition}' AS condition, round(patients) AS register, eligible, line,
               CASE WHEN NOT is_practice(practice_code) THEN 'not a practice code'
                    WHEN patients IS NULL THEN 'no prevalence is given'
                    WHEN abs(patients - round(patients)) > 0.000001
                    THEN 'the prevalence does not give a whole number of patients' END AS refusal
        FROM (SELECT *, number_of({prevalence}) * number_of({listed}) / 100 AS patients,
                     number_of({listed}) AS eligible FROM raw)"""


def recognises_dementia(doc: Document) -> bool:
    return is_fingertips(doc) and indicators(doc) == {DEMENTIA}


def read_dementia(doc: Document) -> list[Part]:
    """England is printed twice a year. "2009/10" ends in March 2010. Other areas carry ONS codes and are refused."""
    doc.load()
    sql = f"""
        SELECT CASE WHEN area_type = 'England' THEN 'ENG' ELSE area_code END AS area_code,
               CASE WHEN area_type = 'England' THEN 'nation' ELSE 'practice' END AS level,
               month_of((time_period[:4]::INTEGER + 1) || '-03') AS month_no, 'DEM' AS condition,
               number_of("count") AS register, number_of(denominator) AS eligible, line,
               CASE WHEN indicator_id <> '{DEMENTIA}' THEN 'another indicator'
                    WHEN area_type = 'England' AND row_number() OVER (PARTITION BY area_type, time_period ORDER BY line)
                         > 1 THEN 'England is printed twice'
                    WHEN area_type NOT IN ('England', 'GP', 'GPs') THEN 'neither a practice nor England'
                    WHEN area_type <> 'England' AND NOT is_practice(area_code) THEN 'not a practice code'
                    WHEN is_missing("count") OR is_missing(denominator) THEN 'no register or list is given'
               END AS refusal
        FROM raw"""
    return [Part(QOF_PREVALENCE, sql)]


SOURCES = (
    Source(
        name="qof_achievement",
        title="Quality and Outcomes Framework: overall achievement",
        publisher=NHS_ENGLAND,
        page=PAGE,
        licence=OGL,
        rank=10,
        recognises=recognises_achievement,
        read=read_achievement,
        tables=(QOF_ACHIEVEMENT,),
        notes=("Since 2021/22 the year is taken from the file's name, since nothing inside tells it.",),
    ),
    Source(
        name="qof_prevalence",
        title="Quality and Outcomes Framework: disease registers",
        publisher=NHS_ENGLAND,
        page=PAGE,
        licence=OGL,
        rank=10,
        recognises=recognises_prevalence,
        read=read_prevalence,
        tables=(QOF_PREVALENCE,),
        notes=("The year is taken from the file's name, since nothing inside tells it.",),
    ),
    Source(
        name="qof_cardiovascular",
        title="Quality and Outcomes Framework: cardiovascular registers 2023/24",
        publisher="NHS England, collated by the Health Equity Evidence Centre",
        page=PAGE,
        licence=OGL,
        rank=20,
        recognises=recognises_cardiovascular,
        read=read_cardiovascular,
        tables=(QOF_PREVALENCE,),
        notes=("Registers are recomputed from prevalence and list size and are whole numbers.",),
    ),
    Source(
        name="qof_dementia",
        title="Fingertips: dementia registers",
        publisher="Office for Health Improvement and Disparities",
        page="https://fingertips.phe.org.uk/profile-group/mental-health/profile/dementia",
        licence=OGL,
        rank=20,
        recognises=recognises_dementia,
        read=read_dementia,
        tables=(QOF_PREVALENCE,),
    ),
)
