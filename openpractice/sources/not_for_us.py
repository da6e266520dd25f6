"""Files that come with publications, or look like them, and hold no facts we keep: each is refused with a reason."""

from __future__ import annotations

from collections.abc import Callable

from openpractice.kinds import Part, Refused, Source
from openpractice.sources.declare import NHS_ENGLAND, OGL
from openpractice.sources.deprivation import INDICATOR, indicators, is_fingertips
from openpractice.sources.document import Document
from openpractice.sources.headers import column_name
from openpractice.sources.qof import DEMENTIA


def is_definitions(doc: Document) -> bool:
    """A workbook that explains columns: its sheets begin with "Name of Field" and "Description"."""
    return doc.kind == "book" and any(
        {"name_of_field", "description"} <= {column_name(cell) for cell in row}
        for rows in doc.sheets.values()
        for row in rows[:3]
    )


def is_indicator_mapping(doc: Document) -> bool:
    return doc.has("indicator_code", "pca_excl_name", "pca_category")


def is_maximum_points(doc: Document) -> bool:
    return doc.columns == ("practice_code", "revised_maximum_points")


def is_one_row_a_worker(doc: Document) -> bool:
    return doc.has("unique_identifier", "staff_role", "fte", "gender")


def is_one_row_a_role(doc: Document) -> bool:
    return doc.has("prac_code", "staff_group", "detailed_staff_role", "measure", "value")


def is_one_row_a_patient(doc: Document) -> bool:
    """Record-level tables of research platforms, dummy ones too."""
    return doc.has("patient_id") and bool(
        {"date_of_birth", "practice_pseudo_id", "seen_date", "snomedct_code", "imd_rounded"} & set(doc.columns)
    )


def is_other_indicator(doc: Document) -> bool:
    return is_fingertips(doc) and indicators(doc) not in ({INDICATOR}, {DEMENTIA})


def is_simulation(doc: Document) -> bool:
    return bool({"simulation_time", "mean_q_time_nurse", "mean_waiting_time_nurse", "q_time_nurse"} & set(doc.columns))


def _refusing(reason: str) -> Callable[[Document], list[Part]]:
    def read(doc: Document) -> list[Part]:
        raise Refused(f"{doc.name} {reason}")

    return read


def _source(name: str, title: str, recognises: Callable[[Document], bool], reason: str) -> Source:
    return Source(
        name=name,
        title=title,
        publisher=NHS_ENGLAND,
        page="https://digital.nhs.uk/data-and-information/publications",
        licence=OGL,
        rank=90,
        recognises=recognises,
        read=_refusing(reason),
        tables=(),
        notes=("Recognised so that it can be refused with a reason.",),
    )


SOURCES = (
    _source(
        "definitions",
        "Workforce column definitions",
        is_definitions,
        "explains the columns of a publication and holds no data. Load the practice-level .csv that it describes.",
    ),
    _source(
        "qof_indicator_mapping",
        "QOF exclusions by indicator",
        is_indicator_mapping,
        "lists the codes of the Quality and Outcomes Framework and holds no practice's data. Load the PREVALENCE file "
        "or the overall achievement of the same publication.",
    ),
    _source(
        "qof_maximum_points",
        "QOF revised maximum points",
        is_maximum_points,
        "gives the points that were available to practices without those they achieved. Load the overall achievement "
        "of the same publication, which has both.",
    ),
    _source(
        "workforce_individuals",
        "Workforce, one row a worker",
        is_one_row_a_worker,
        "has one row for each member of staff. OpenPractice counts staff by practice: load the practice-level detailed "
        ".csv of the same publication.",
    ),
    _source(
        "workforce_roles",
        "Workforce, one row a role",
        is_one_row_a_role,
        "is the practice-level file at high level. Load the detailed practice-level .csv of the same publication, "
        "which has the list size and says which figures are estimated.",
    ),
    _source(
        "patient_records",
        "Tables with one row a patient",
        is_one_row_a_patient,
        "has rows about individual patients. OpenPractice keeps counts only: load a file of counts by practice.",
    ),
    _source(
        "other_indicator",
        "Fingertips: other indicators",
        is_other_indicator,
        "is a Fingertips file about something that OpenPractice does not keep, or about several indicators at once. "
        f"It reads the deprivation score ({INDICATOR}) and dementia registers ({DEMENTIA}), each downloaded on its own.",
    ),
    _source(
        "simulation",
        "Output of a queue simulation",
        is_simulation,
        "is the output of a simulation, not a record of what happened. Load data of practices.",
    ),
)
