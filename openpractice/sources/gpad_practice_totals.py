"""Appointments of each practice in January and February 2026 together, all staff and GPs."""

from __future__ import annotations

from openpractice.kinds import Part, Source, month_no
from openpractice.sources import gpad_words
from openpractice.sources.declare import NHS_ENGLAND, OGL
from openpractice.sources.document import Document
from openpractice.tables.appointments import APPOINTMENTS

# The file calls its period "janfeb" and gives one total for both months. Half of it is one month's average; it is
# filed under the later month.
MONTH = month_no("2026-02")


def recognises(doc: Document) -> bool:
    return doc.has("period", "gp_code", "all_total", "all_known", "gp_total", "gp_known")


def read(doc: Document) -> list[Part]:
    """One line holds two facts, so GPs are the counted part and other staff a second reading of the same lines."""
    gpad_words.define(doc.con)
    doc.load()
    gps = _half("GP", "gp_total")
    others = _half("Other Practice staff", "all_total - gp_total")
    carries = ("hcp_type",)
    return [
        Part(APPOINTMENTS, gps, carries=carries),
        Part(APPOINTMENTS, others, carries=carries, counted=False),
    ]


def _half(hcp: str, total: str) -> str:
    return f"""
        SELECT gp_code AS area_code, 'practice' AS level, {MONTH} AS month_no, NULL::INTEGER AS day_no,
               NULL::VARCHAR AS appt_status, '{hcp}' AS hcp_type, NULL::VARCHAR AS appt_mode,
               NULL::VARCHAR AS national_category, NULL::VARCHAR AS booking_lag, ({total}) / 2 AS n, line,
               CASE WHEN period IS DISTINCT FROM 'janfeb' THEN not_read('period', period)
                    WHEN NOT is_practice(gp_code) THEN not_read('practice code', gp_code)
                    WHEN all_total IS NULL THEN count_refused(all_printed)
                    WHEN gp_total IS NULL THEN count_refused(gp_printed)
                    WHEN gp_total > all_total THEN 'GPs held more appointments than everyone together' END AS refusal
        FROM (SELECT line, period, gp_code, all_total AS all_printed, gp_total AS gp_printed,
                     count_of(raw.all_total) AS all_total, count_of(raw.gp_total) AS gp_total
              FROM raw)"""


SOURCE = Source(
    name="gpad_practice_totals",
    title="Appointments in General Practice: practice totals, January and February 2026",
    publisher=NHS_ENGLAND,
    page="https://digital.nhs.uk/data-and-information/publications/statistical/appointments-in-general-practice",
    licence=OGL,
    rank=40,
    recognises=recognises,
    read=read,
    tables=(APPOINTMENTS,),
    notes=(
        "A month here is the average of January and February 2026: half of the two-month total.",
        "Everyone who is not a GP is taken for other practice staff, so 'Unknown' is among them.",
        "The 'fast' and 'known' columns are not used, because the file does not say how soon is fast.",
    ),
)
