"""What stands behind a report's figures: checks of the data, definitions, sources."""

from __future__ import annotations

from collections.abc import Sequence

from openpractice.analysis import loaded
from openpractice.analysis.compare import Standing
from openpractice.analysis.quality import quality
from openpractice.kinds import Area, Measure
from openpractice.present import formula
from openpractice.render import words
from openpractice.render.document import Block, Bullets, Callout, Paragraph, Section
from openpractice.render.tables import Column, Table
from openpractice.store import Store


def checks(store: Store, area: Area) -> Section:
    """How far the figures can be trusted, and the repair that would help most."""
    found = quality(store, area.code)
    columns = (Column("What was checked"), Column("Grade"), Column("What was found"))
    rows = tuple((item.title, item.grade, item.value) for item in found.items if item.own)
    blocks: list[Block] = [Paragraph(f"How far these figures can be trusted: {found.grade.lower()}.")]
    if found.best_fix:
        blocks.append(
            Callout(f"{found.best_fix.title}: the repair that would help most", found.best_fix.remedy, "action")
        )
    return Section("The data behind it", (*blocks, *([Table("Checks of the data", columns, rows)] if rows else [])))


def definitions(standings: Sequence[Standing]) -> Section:
    """The formula of every figure in the report, read from the code that computed it."""
    said = (
        "Each figure is summed over all rows of the month and then divided. Rows that lack a count it needs are left out of "
        "both sums. The full definitions, with worked examples, are in the documentation of measures."
    )
    formulas = tuple(f"{s.measure.title}, version {s.measure.version}: {formula.short(s.measure)}" for s in standings)
    return Section("Definitions", (Paragraph(said), Bullets(formulas)))


def sources(store: Store, standings: Sequence[Standing]) -> Section:
    """Every publication behind the figures, with its months."""
    feeding = {file.id: file for m in _one_a_table(standings) for file in loaded.lineage(store, m)}
    by_title: dict[str, list[loaded.LoadedFile]] = {}
    for file in feeding.values():
        by_title.setdefault(file.title, []).append(file)
    said = f"Version {store.version} of the data. Every number can be opened in OpenPractice, down to its file."
    named = tuple(
        f"{title}. {files[0].publisher}. {_span(files)}, {words.plural(len(files), 'file')}."
        for title, files in sorted(by_title.items())
    )
    return Section("Sources", (Paragraph(said), Bullets(named)))


def _one_a_table(standings: Sequence[Standing]) -> list[Measure]:
    return list({s.measure.table.name: s.measure for s in standings}.values())


def _span(files: Sequence[loaded.LoadedFile]) -> str:
    months = sorted({month for f in files for month in (f.first, f.last) if month})
    if not months:
        return "no month"
    first, last = words.period(months[0]), words.period(months[-1])
    return first if first == last else f"{first} to {last}"
