"""Index of Multiple Deprivation by practice and network: Fingertips' figures, and another author's for 2019.

A score is dated December of its index's year (2010, 2015, 2019), since the index describes that year.
"""

from __future__ import annotations

from openpractice.kinds import Part, Source
from openpractice.sources.declare import OGL
from openpractice.sources.document import Document
from openpractice.tables.context import PROFILE

INDICATOR = "93553"  # Fingertips: Deprivation score (IMD)


def is_fingertips(doc: Document) -> bool:
    """The 27-column file of the Fingertips service, whatever its indicator."""
    return doc.has("indicator_id", "indicator_name", "area_code", "area_type", "time_period", "value", "denominator")


def indicators(doc: Document) -> set[str]:
    """The indicators named in the first rows."""
    at = doc.columns.index("indicator_id")
    return {row[at] for row in doc.first_rows[1:] if len(row) > at}


def recognises_fingertips(doc: Document) -> bool:
    return is_fingertips(doc) and indicators(doc) == {INDICATOR}


def read_fingertips(doc: Document) -> list[Part]:
    """England's row is printed twice, as an area of its own and as a member of England."""
    doc.load()
    sql = f"""
        SELECT CASE WHEN area_type = 'England' THEN 'ENG' ELSE area_code END AS area_code,
               CASE WHEN area_type = 'England' THEN 'nation' ELSE 'practice' END AS level,
               month_of(time_period || '-12') AS month_no,
               'imd_score' AS attribute, number_of(value) AS number, NULL AS word, NULL AS patients, line,
               CASE WHEN indicator_id <> '{INDICATOR}' THEN 'another indicator'
                    WHEN area_type = 'England' AND row_number() OVER (PARTITION BY area_type, time_period ORDER BY line)
                         > 1 THEN 'England is printed twice'
                    WHEN area_type NOT IN ('England', 'GP', 'GPs') THEN 'neither a practice nor England'
                    WHEN area_type <> 'England' AND NOT is_practice(area_code) THEN 'not a practice code'
                    WHEN month_of(time_period || '-12') IS NULL THEN 'the year is not readable'
                    WHEN is_missing(value) THEN 'no score is given' END AS refusal
        FROM raw"""
    return [Part(PROFILE, sql)]


def recognises_years(doc: Document) -> bool:
    return doc.has("indicatorid", "year", "areacode", "areaname", "isareacurrent", "value")


def read_years(doc: Document) -> list[Part]:
    doc.load()
    sql = f"""
        SELECT areacode AS area_code, 'practice' AS level, month_of(year || '-12') AS month_no,
               'imd_score' AS attribute, number_of(value) AS number, NULL AS word, NULL AS patients, line,
               CASE WHEN indicatorid <> '{INDICATOR}' THEN 'another indicator'
                    WHEN NOT is_practice(areacode) THEN 'not a practice code'
                    WHEN month_of(year || '-12') IS NULL THEN 'the year is not readable'
                    WHEN is_missing(value) THEN 'no score is given' END AS refusal
        FROM raw"""
    return [Part(PROFILE, sql)]


def recognises_weighted(doc: Document) -> bool:
    return doc.has("subicb_code", "imd_score", "imd_decile") and bool({"practice_code", "pcn_code"} & set(doc.columns))


def read_weighted(doc: Document) -> list[Part]:
    doc.load()
    code = doc.first_of("practice_code", "pcn_code")
    level, expected, kind = {
        "practice_code": ("practice", "^[A-HJ-NPVY][0-9]{5}$", "practice"),
        "pcn_code": ("pcn", "^U[0-9]{5}$", "primary care network"),
    }[code]
    sql = f"""
        SELECT {code} AS area_code, '{level}' AS level, month_of('2019-12') AS month_no,
               'imd_score' AS attribute, number_of(imd_score) AS number, NULL AS word, NULL AS patients, line,
               CASE WHEN NOT coalesce(regexp_matches({code}, '{expected}'), false) THEN 'not a {kind} code'
                    WHEN is_missing(imd_score) THEN 'no score is given' END AS refusal
        FROM raw"""
    return [Part(PROFILE, sql)]


SOURCES = (
    Source(
        name="deprivation",
        title="Fingertips: deprivation score by practice",
        publisher="Office for Health Improvement and Disparities",
        page="https://fingertips.phe.org.uk/profile/general-practice",
        licence=OGL,
        rank=10,
        recognises=recognises_fingertips,
        read=read_fingertips,
        tables=(PROFILE,),
        notes=("Dated December of the index's year.",),
    ),
    Source(
        name="deprivation_years",
        title="Fingertips: deprivation score by practice, 2010, 2015 and 2019",
        publisher="Office for Health Improvement and Disparities, collated by the Health Equity Evidence Centre",
        page="https://fingertips.phe.org.uk/profile/general-practice",
        licence=OGL,
        rank=11,
        recognises=recognises_years,
        read=read_years,
        tables=(PROFILE,),
        notes=("Dated December of the index's year.",),
    ),
    Source(
        name="deprivation_weighted",
        title="Deprivation by practice and network, weighted by where patients live",
        publisher="R. Blackwell, from NHS Digital and MHCLG",
        page="https://github.com/blackwellrd/practice_pcn_imd",
        licence=OGL,
        rank=20,
        recognises=recognises_weighted,
        read=read_weighted,
        tables=(PROFILE,),
        notes=(
            "Another author's computation of the 2019 index for the lists of January 2023: Fingertips' differs and is "
            "believed first.",
        ),
    ),
)
