"""A collated table of lists, deprivation and age shares by practice, whose shares are printed at half their size."""

from __future__ import annotations

from openpractice.kinds import Part, Source
from openpractice.sources.declare import OGL
from openpractice.sources.document import Document
from openpractice.tables.context import PROFILE
from openpractice.tables.people import LIST_AGES, LIST_SIZE


def recognises(doc: Document) -> bool:
    return doc.has("practice_code", "list_size", "imd_score", "pct_over_65", "pct_under_5", "pct_5_19")


def read(doc: Document) -> list[Part]:
    doc.load()
    return [_list_size(complete=doc.lists_england(column="practice_code")), _ages(), _deprivation()]


def _list_size(*, complete: bool) -> Part:
    """The file carries no date. England's total, 63,790,727, and most practices' lists are nearest to June 2025."""
    sql = """
        SELECT practice_code AS area_code, 'practice' AS level, month_of('2025-06') AS month_no,
               number_of(list_size) AS patients, line,
               CASE WHEN NOT is_practice(practice_code) THEN 'not a practice code'
                    WHEN number_of(list_size) IS NULL THEN 'no number of patients' END AS refusal
        FROM raw"""
    return Part(LIST_SIZE, sql, complete=complete)


def _ages() -> Part:
    """Age bands as patients.

    The author divided by persons + males + females, which counts everyone twice, so that no practice's shares exceed
    50 in all. They are doubled here: A81001 prints 11.3% aged 65 and over and had 23.1% in April 2020.
    """
    sql = """
        WITH shares AS (
            SELECT practice_code, line, number_of(list_size) AS everyone, number_of(pct_under_5) / 50 AS under_5,
                   number_of(pct_5_19) / 50 AS from_5_to_19, number_of(pct_over_65) / 50 AS over_65
            FROM raw),
        bands AS (
            SELECT *, unnest([
                {'age_from': 0, 'age_to': 4, 'share': under_5},
                {'age_from': 5, 'age_to': 19, 'share': from_5_to_19},
                {'age_from': 20, 'age_to': 64, 'share': 1 - under_5 - from_5_to_19 - over_65},
                {'age_from': 65, 'age_to': 120, 'share': over_65}]) AS band
            FROM shares)
        SELECT practice_code AS area_code, 'practice' AS level, month_of('2025-06') AS month_no, 'All' AS sex,
               band.age_from::DOUBLE AS age_from, band.age_to::DOUBLE AS age_to,
               round(everyone * band.share, 6) AS patients, line,
               CASE WHEN NOT is_practice(practice_code) THEN 'not a practice code'
                    WHEN everyone * band.share IS NULL THEN 'no age shares are given'
                    WHEN under_5 + from_5_to_19 + over_65 > 1.000001 THEN 'its age shares exceed the whole list'
               END AS refusal
        FROM bands"""
    return Part(LIST_AGES, sql, carries=(), counted=False)


def _deprivation() -> Part:
    sql = """
        SELECT practice_code AS area_code, 'practice' AS level, month_of('2019-12') AS month_no,
               'imd_score' AS attribute, number_of(imd_score) AS number, NULL AS word, NULL AS patients, line,
               CASE WHEN NOT is_practice(practice_code) THEN 'not a practice code'
                    WHEN is_missing(imd_score) THEN 'no deprivation score is given' END AS refusal
        FROM raw"""
    return Part(PROFILE, sql, counted=False)


SOURCE = Source(
    name="practice_demographics",
    title="List size, deprivation and age by practice, collated",
    publisher="NHS England and OHID, collated by B. Stanbury",
    page="https://github.com/benstanbury/antibiotic-prescribing-analysis",
    licence=OGL,
    rank=30,
    recognises=recognises,
    read=read,
    tables=(LIST_SIZE, LIST_AGES, PROFILE),
    notes=(
        "The age shares are printed at half their size (everyone was counted twice) and are doubled when read.",
        "The file carries no date; its lists match June 2025. Its deprivation scores are of the 2019 index.",
    ),
)
