"""England's appointments by month and by time between booking and appointment, November 2017 on."""

from __future__ import annotations

from openpractice.kinds import Part, Source
from openpractice.sources import gpad_words
from openpractice.sources.declare import NHS_ENGLAND, OGL
from openpractice.sources.document import Document
from openpractice.tables.appointments import APPOINTMENTS


def recognises(doc: Document) -> bool:
    return doc.has("period", "time_between_book_and_appt", "count", "total", "prop")


def read(doc: Document) -> list[Part]:
    gpad_words.define(doc.con)
    doc.load()
    sql = """
        SELECT 'ENG' AS area_code, 'nation' AS level, month_no, NULL::INTEGER AS day_no, NULL::VARCHAR AS appt_status,
               NULL::VARCHAR AS hcp_type, NULL::VARCHAR AS appt_mode, NULL::VARCHAR AS national_category,
               lag AS booking_lag, n, line,
               CASE WHEN month_no IS NULL THEN not_read('month', period)
                    WHEN lag IS NULL THEN not_read('booking lag', time_between_book_and_appt)
                    WHEN n IS NULL THEN count_refused("count") END AS refusal
        FROM (SELECT *, month_of(period) AS month_no, lag_word(time_between_book_and_appt) AS lag,
                     count_of("count") AS n
              FROM raw)"""
    return [Part(APPOINTMENTS, sql, complete=True, carries=("booking_lag",))]


SOURCE = Source(
    name="gpad_lag_national",
    title="Appointments in General Practice: national booking lag",
    publisher=NHS_ENGLAND,
    page="https://digital.nhs.uk/data-and-information/publications/statistical/appointments-in-general-practice",
    licence=OGL,
    rank=40,
    recognises=recognises,
    read=read,
    tables=(APPOINTMENTS,),
    notes=("The printed proportion is not read; shares are recomputed from counts.",),
)
