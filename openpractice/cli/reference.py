"""The generated documentation: measures, sources, the command line and settings, as Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import click

from openpractice import tables
from openpractice.kinds import Column, Measure, Source, Table
from openpractice.measures import TOPICS
from openpractice.measures import catalogue as measures
from openpractice.present import example, formula
from openpractice.render.tables import heading, written
from openpractice.render.words import unit_name
from openpractice.sources import catalogue as sources

WIDTH = 100  # characters of a verb's help, whatever the terminal
_WRITTEN = "<!-- Written by 'openpractice docs' from the code. Change the code, not this file. -->"
_STATUS = {
    "official": "official: counted as its publisher defines it",
    "proposed": "proposed: the definition is not settled",
    "ours": "ours: nobody else publishes it in this form",
    "context": "context: it describes patients and place, not how well anybody works",
}
_BETTER = {"increase": "higher is better", "decrease": "lower is better", "neutral": "neither is better by itself"}


def pages() -> dict[str, str]:
    """File name → Markdown, the same for the same code."""
    return {
        "index.md": _page("Reference", _index()),
        "measures.md": _page("Measures", _measures()),
        "sources.md": _page("Sources and tables", _sources()),
        "cli.md": _page("The command line", _verbs()),
        "settings.md": _page("Settings", _settings()),
    }


def _page(title: str, body: Iterable[str]) -> str:
    return "\n".join([_WRITTEN, "", f"# {title}", "", *body]).rstrip() + "\n"


def grid(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """A Markdown table, with an empty line after it."""
    lines = [headings, ["---"] * len(headings), *rows]
    return [*("| " + " | ".join(_cell(cell) for cell in line) + " |" for line in lines), ""]


def _cell(text: str) -> str:
    return " ".join(str(text).split()).replace("|", "\\|")


def _index() -> list[str]:
    return [
        "Generated from the code, so that it says what the code does. The build fails when it is stale.",
        "",
        f"- [Measures](measures.md): {len(measures())} measures, each with its formula and a worked example.",
        f"- [Sources and tables](sources.md): the {len(_read())} file formats that are read, and the data dictionary.",
        "- [The command line](cli.md): every verb.",
        "- [Settings](settings.md): what may be set in the environment.",
        "- The glossary is a page of every installation: `/glossary/`.",
    ]


def _measures() -> list[str]:
    lines = [
        "Every measure is a numerator over a denominator, summed over all rows of an area and month and then divided: a",
        "figure of an area is never an average of its practices' figures. A missing count adds nothing. Values and figures",
        "in the examples are invented; every engine is tested with them.",
        "",
    ]
    for topic in TOPICS:
        of_topic = [m for m in measures().values() if m.topic == topic]
        if of_topic:
            lines += [f"## {topic}", "", *grid(("Measure", "Unit", "Status"), map(_listed, of_topic))]
            for measure in of_topic:
                lines += _measure(measure)
    return lines


def _listed(measure: Measure) -> tuple[str, ...]:
    return (f"[{measure.title}](#{measure.name})", unit_name(measure.unit), measure.status)


def _measure(measure: Measure) -> list[str]:
    worked = example.worked(measure)
    headings = [heading(column) for column in worked.table.columns]
    rows = [[written(cell, c) for cell, c in zip(row, worked.table.columns, strict=True)] for row in worked.table.rows]
    return [
        f'### <a id="{measure.name}"></a>{measure.title}',
        "",
        f"**{measure.question}** {measure.why}",
        "",
        f"- Name: `{measure.name}`, version {measure.version}, reviewed {measure.reviewed}",
        f"- Formula: {formula.formula(measure)}",
        f"- Unit: {unit_name(measure.unit)}; {_BETTER[measure.direction]}",
        f"- Status: {_STATUS[measure.status]}",
        f"- Table: [{measure.table.name}](sources.md#table-{measure.table.name}); needs {', '.join(measure.needs) or 'no category'}",
        f"- Source: {measure.source}",
        f"- Files that feed it: {', '.join(_feeding(measure)) or 'none yet'}",
        *(["- Hidden when it rests on few people"] if measure.disclosive else []),
        *(f"- Careful: {caveat}" for caveat in measure.caveats),
        "",
        "Worked example:",
        "",
        *grid(headings, rows),
        worked.arithmetic,
        *(["", " ".join(worked.notes)] if worked.notes else []),
        "",
    ]


def _feeding(measure: Measure) -> list[str]:
    fits = [s.name for s in _read() if any(table.name == measure.table.name for table in s.tables)]
    return [f"[{name}](sources.md#{name})" for name in sorted(fits)]


def _read() -> list[Source]:
    return [source for source in sources().values() if source.tables]


def _sources() -> list[str]:
    lines = [
        "A file is known by what is in it, so it may be called anything. Every row is accounted for: rows read are rows",
        "kept and rows refused, each refusal with its reason.",
        "",
        "## File formats",
        "",
    ]
    for source in sorted(_read(), key=lambda s: s.name):
        gives = ", ".join(f"[{table.name}](#table-{table.name})" for table in source.tables)
        lines += [f'### <a id="{source.name}"></a>{source.title}', "", f"- Name: `{source.name}`"]
        lines += [
            f"- Published by {source.publisher}: <{source.page}>" if source.page else f"- From: {source.publisher}",
            f"- Licence: {source.licence}",
            f"- Gives: {gives}",
        ]
        lines += [*(f"- Note: {note}" for note in source.notes), "", *_fields(source)]
    refused = sorted((s for s in sources().values() if not s.tables), key=lambda s: s.name)
    lines += ["## Recognised and refused", "", "Known by sight, so that the refusal can say what to load instead.", ""]
    lines += [*(f"- {source.title}" for source in refused), "", "## Tables", ""]
    for table in tables.ALL.values():
        lines += _table(table)
    return lines


def _fields(source: Source) -> list[str]:
    """The columns of a practice's own export, by any of their names; a published file has its own."""
    if not source.fields:
        return []
    rows = [
        (f.meaning, "yes" if f.needed else "", f.person and f"pseudonym of the {f.person}",
         ", ".join(header.replace("_", " ") for header in f.headers))
        for f in source.fields
    ]  # fmt: skip
    return grid(("Says", "Needed", "Kept as", "Any of these headers"), rows)


def _table(table: Table) -> list[str]:
    keys = "Besides these, every row has area_code, level and month_no." if table.dated else ""
    rows = [(f"`{c.name}`", c.kind, c.unit, c.meaning, _allowed(c)) for c in table.columns]
    return [
        f'### <a id="table-{table.name}"></a>{table.title} (`{table.name}`)',
        "",
        f"{table.meaning} {keys}".strip(),
        "",
        *grid(("Column", "Kind", "Unit", "Meaning", "Values"), rows),
    ]


def _allowed(column: Column) -> str:
    return "; ".join(column.values)


def _verbs() -> list[str]:
    from openpractice.cli.program import VERBS, program

    lines = ["```text", _help(program, None), "```", ""]
    with click.Context(program, info_name="openpractice", **program.context_settings) as parent:
        for name in VERBS:
            if command := program.get_command(parent, name):
                lines += _verb(command, parent, f"openpractice {name}")
    return lines


def _verb(command: click.Command, parent: click.Context, title: str) -> list[str]:
    """What a verb says of itself, and then each verb inside it."""
    lines = [f"## {title}", "", "```text", _help(command, parent), "```", ""]
    if isinstance(command, click.Group):
        with click.Context(command, info_name=command.name, parent=parent) as inside:
            for name, inner in command.commands.items():
                lines += _verb(inner, inside, f"{title} {name}")
    return lines


def _help(command: click.Command, parent: click.Context | None) -> str:
    name = "openpractice" if parent is None else command.name
    with click.Context(command, info_name=name, parent=parent, terminal_width=WIDTH, max_content_width=WIDTH) as ctx:
        return command.get_help(ctx).rstrip()


def _settings() -> list[str]:
    from openpractice.web.config.settings_table import SETTINGS

    lines = ["Set in the environment of the program. Without any of them everything works on one machine.", ""]
    rows = [(f"`{s.name}`", s.default, s.meaning) for s in SETTINGS]
    rows.append(
        ("`OPENPRACTICE_FETCH_BASE`", "the official sites", "A mirror for `openpractice fetch`: scheme and host.")
    )
    return [*lines, *grid(("Setting", "Default", "Meaning"), rows)]
