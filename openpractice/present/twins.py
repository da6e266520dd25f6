"""The practices most alike, as a section of the report, or why there are none."""

from __future__ import annotations

from openpractice.analysis import alike
from openpractice.kinds import Area, Refused
from openpractice.present import likeness
from openpractice.render.document import Block, Paragraph, Section
from openpractice.render.tables import NO_DATA, Column, Table
from openpractice.store import Store

TWINS = 10


def section(store: Store, area: Area) -> Section:
    """Those most alike, and why: they are whom every table above sets the figures beside."""
    if area.level != "practice":
        return Section(
            "Beside others", (Paragraph("Areas above the practice are set beside the others of their level."),)
        )
    try:
        found = alike.alike(store, area.code)
    except Refused as reason:
        return Section("The practices most alike", (Paragraph(str(reason)),))
    return Section("The practices most alike", tuple(_twins(store, found)))


def _twins(store: Store, found: alike.Alike) -> list[Block]:
    why = likeness.reasons(store, found)
    rows = tuple(
        (n.area.name, n.area.code, n.area.patients, reason.how, reason.sentence or NO_DATA)
        for n, reason in zip(found.neighbours[:TWINS], why, strict=False)
    )
    columns = (
        Column("Practice"), Column("Code"), Column("Patients", "patients", numeric=True), Column("How alike"), Column("Why"),
    )  # fmt: skip
    said = (
        f"{found.k} practices in England have patients and a place most like this one's. {likeness.steadiness(found)}"
    )
    gaps = likeness.gaps(found)
    table = Table(f"The {len(rows)} practices most like {found.area.name}", columns, rows)
    return [Paragraph(f"{said} {gaps}".strip()), table]
