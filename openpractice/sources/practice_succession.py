"""Which practice took over which: codes of April 2020 beside the codes that their lists had before and after."""

from __future__ import annotations

from openpractice.kinds import Part, Source
from openpractice.sources.declare import OGL
from openpractice.sources.document import Document
from openpractice.tables.areas import ALIASES


def recognises(doc: Document) -> bool:
    return doc.has("code_april_2020", "previous_practice_codes")


def read(doc: Document) -> list[Part]:
    """A cell can hold several codes. The first is the counted fact of its line; the others are read beside it."""
    doc.load()
    doc.con.execute(r"""
        CREATE OR REPLACE TEMP TABLE successions AS
        SELECT line, trim(code_april_2020) AS successor, unnest(codes) AS alias, generate_subscripts(codes, 1) AS place
        FROM (SELECT *, regexp_split_to_array(trim(coalesce(previous_practice_codes, '')), '[^A-Za-z0-9]+') AS codes
              FROM raw)""")
    return [Part(ALIASES, _aliases("place = 1")), Part(ALIASES, _aliases("place > 1"), counted=False)]


def _aliases(which: str) -> str:
    """A code under two successors was split, not taken over, and one that is still its own was not closed."""
    return f"""
        WITH fates AS (
            SELECT alias, count(DISTINCT successor) AS successors, bool_or(alias = successor) AS kept
            FROM successions GROUP BY alias)
        SELECT alias, 'practice' AS level, successor AS area_code, 'succeeded' AS kind, line,
               CASE WHEN NOT is_practice(successor) THEN 'the code of April 2020 is not one of a practice in England'
                    WHEN NOT is_practice(alias) THEN 'the previous code is not one of a practice in England'
                    WHEN alias = successor THEN 'the practice kept its code'
                    WHEN kept THEN 'the previous code is still in use'
                    WHEN successors > 1 THEN 'the previous code has more than one successor' END AS refusal
        FROM successions JOIN fates USING (alias) WHERE {which}"""


SOURCE = Source(
    name="practice_succession",
    title="Practice code succession, 2013 to 2022",
    publisher="Sidhu and others, from NHS England data",
    page="https://github.com/HealthEquityEvidenceCentre/HEEC",
    licence=OGL,
    rank=50,
    recognises=recognises,
    read=read,
    tables=(ALIASES,),
    notes=("A code whose list was split between two practices has no successor here.",),
)
