"""NHS Payments to General Practice: what makes a practice's work heavier, its contract, and its payment per patient."""

from __future__ import annotations

from openpractice.kinds import Part, Refused, Source
from openpractice.sources.declare import NHS_ENGLAND, OGL
from openpractice.sources.document import Document
from openpractice.tables.areas import MEMBERSHIPS, ORGANISATIONS
from openpractice.tables.context import PROFILE

REGISTERED = "number_of_registered_patients_last_known_figure"
WEIGHTED = "number_of_weighted_patients_last_known_figure"
PAYMENT = "average_payments_per_weighted_patient"


def recognises(doc: Document) -> bool:
    return doc.has(
        "practice_code", "practice_open_date", "contract_type", "dispensing_practice", REGISTERED, WEIGHTED, PAYMENT
    )


def read(doc: Document) -> list[Part]:
    doc.load()
    month = f"month_of('{_year(doc)}-03')"
    complete = doc.lists_england(column="practice_code")
    parts = [
        Part(PROFILE, _number("weighted_patients", f"nullif(number_of({WEIGHTED}), 0)", month), complete=complete),
        Part(
            PROFILE,
            _number(
                "payment_per_weighted_patient",
                f"CASE WHEN number_of({WEIGHTED}) > 0 THEN number_of({PAYMENT}) END",
                month,
            ),
            counted=False,
        ),
        Part(PROFILE, _number("dispensing", _yes("dispensing_practice", "Yes", "No"), month), counted=False),
        Part(PROFILE, _contract(month), counted=False),
    ]
    if "practice_rurality" in doc.columns:
        rural = _number("rural", _yes("practice_rurality", "Rural", "Urban"), month)
        parts.append(Part(PROFILE, rural, counted=False))
    return [*parts, *_organisations(doc, month)]


def _year(doc: Document) -> int:
    """The year whose March ends the financial year paid for.

    Nothing in the file says it, but practices open and close all year round, so England's latest such date lies in
    it. An extract of a few practices must say the year in its name.
    """
    (year,) = doc.con.execute("""
        SELECT year(greatest(max(try_strptime(practice_open_date, '%d/%m/%Y')),
                             max(try_strptime(practice_close_date, '%d/%m/%Y'))) + INTERVAL 9 MONTH)
        FROM raw""").fetchone() or (None,)
    if year and doc.lists_england(column="practice_code"):
        return int(year)
    named = doc.year_named()
    if named is None:
        raise Refused(
            f"{doc.name} does not say which year's payments it holds. Put the financial year in the file's name, for "
            "example 'payments 22-23.csv', and load it again."
        )
    return named


def _yes(column: str, yes: str, no: str) -> str:
    return f"CASE {column} WHEN '{yes}' THEN 1 WHEN '{no}' THEN 0 END"


def _number(attribute: str, value: str, month: str) -> str:
    """A practice without registered patients has no weighted patients and no payment for each."""
    return f"""
        SELECT practice_code AS area_code, 'practice' AS level, {month} AS month_no, '{attribute}' AS attribute,
               ({value})::DOUBLE AS number, NULL AS word, nullif(number_of({REGISTERED}), 0) AS patients, line,
               CASE WHEN NOT is_practice(practice_code) THEN 'not a practice code'
                    WHEN ({value}) IS NULL THEN 'no {attribute.replace("_", " ")}: none is given or it is zero'
               END AS refusal
        FROM raw"""


def _contract(month: str) -> str:
    return f"""
        SELECT practice_code AS area_code, 'practice' AS level, {month} AS month_no, 'contract_type' AS attribute,
               NULL AS number, tidy(contract_type) AS word, NULL AS patients, line,
               CASE WHEN NOT is_practice(practice_code) THEN 'not a practice code'
                    WHEN is_missing(contract_type) OR contract_type = 'Unknown' THEN 'no contract type is given'
               END AS refusal
        FROM raw"""


def _organisations(doc: Document, month: str) -> list[Part]:
    """Names, postcodes and dates; the practices' street addresses are not kept.

    The network's code stands under PCN Code until 2021/22 and under the bare word Code in 2022/23.
    """
    organisations = f"""
        SELECT practice_code AS area_code, 'practice' AS level, tidy(practice_name) AS name,
               tidy(practice_postcode) AS postcode,
               strftime(try_strptime(practice_open_date, '%d/%m/%Y'), '%Y-%m-%d') AS opened,
               strftime(try_strptime(practice_close_date, '%d/%m/%Y'), '%Y-%m-%d') AS closed,
               CASE WHEN is_missing(practice_close_date) THEN 'active' ELSE 'closed' END AS status,
               {month} AS as_of, line, NULL AS refusal
        FROM raw WHERE is_practice(practice_code)"""
    network = next((c for c in ("pcn_code", "code") if c in doc.columns), "NULL::VARCHAR")
    memberships = f"""
        SELECT practice_code AS child, 'practice' AS child_level, parent, parent_level, {month} AS as_of, line,
               NULL AS refusal
        FROM (
            SELECT practice_code, ccg_code AS parent, 'sub_icb' AS parent_level, line FROM raw
            UNION ALL
            SELECT practice_code, {network}, 'pcn', line FROM raw WHERE {network} LIKE 'U_____')
        WHERE is_practice(practice_code) AND NOT is_missing(parent)"""
    return [Part(ORGANISATIONS, organisations, counted=False), Part(MEMBERSHIPS, memberships, counted=False)]


SOURCE = Source(
    name="payments",
    title="NHS Payments to General Practice",
    publisher=NHS_ENGLAND,
    page="https://digital.nhs.uk/data-and-information/publications/statistical/nhs-payments-to-general-practice",
    licence=OGL,
    rank=10,
    recognises=recognises,
    read=read,
    tables=(PROFILE, ORGANISATIONS, MEMBERSHIPS),
    notes=(
        "Dated March of the financial year's end. Street addresses are not kept.",
        "In 2022/23 the column 'Code' holds the primary care network's code.",
    ),
)
