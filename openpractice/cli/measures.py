"""`openpractice measures`: what is counted."""

from __future__ import annotations

import click

from openpractice.cli import printing
from openpractice.cli.printing import Column, printed


@click.command("measures")
@click.argument("words", nargs=-1, metavar="[TOPIC|WORD]")
@printed
def verb(words: tuple[str, ...], style: str | None) -> None:
    """List the measures, or those of a topic.

    With a TOPIC (Access, Telephony …) those of that topic; with any other WORD, those that have it in their name,
    title or question.
    """
    from openpractice.measures import TOPICS, catalogue

    text = " ".join(words).lower()
    topic = next((topic for topic in TOPICS if topic.lower() == text), None)
    records = [_record(m) for m in catalogue().values() if (m.topic == topic if topic else _speaks_of(m, text))]
    if not records:
        printing.nothing(f"No measure speaks of '{text}'. The topics are: {', '.join(TOPICS)}.", style)
    if style == "json":
        printing.as_json(records)
    elif style == "csv":
        printing.as_csv(records)
    else:
        from openpractice.render.words import unit_name

        columns = (
            Column("Topic", "topic"),
            Column("Name", "name"),
            Column("Measure", "title"),
            Column("Unit", "unit", unit_name),
        )
        printing.as_table(f"{len(records)} measures", columns, records, ("'openpractice measure NAME' shows one.",))


def _speaks_of(measure, text: str) -> bool:
    return (
        text
        in f"{measure.name} {measure.name.replace('_', ' ')} {measure.title} {measure.question} {measure.topic}".lower()
    )


def _record(measure) -> dict:
    return {
        "name": measure.name,
        "title": measure.title,
        "topic": measure.topic,
        "question": measure.question,
        "unit": measure.unit,
        "direction": measure.direction,
        "status": measure.status,
        "version": measure.version,
        "definition": measure.definition,
        "table": measure.table.name,
        "source": measure.source,
        "caveats": list(measure.caveats),
    }
