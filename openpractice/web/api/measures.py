"""What is counted: the catalogue, and one definition in full."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Field, Path, Query, Schema

from openpractice import kinds
from openpractice.analysis import answers
from openpractice.analysis.remembered import remembered
from openpractice.kinds import LEVELS, Refused
from openpractice.measures import TOPICS, find
from openpractice.measures import catalogue as every_measure
from openpractice.present import catalogue, formula
from openpractice.present.example import worked
from openpractice.sources import catalogue as every_source
from openpractice.store import Store
from openpractice.web.api.answering import over_open_data
from openpractice.web.api.offered import offer
from openpractice.web.api.problems import Trouble
from openpractice.web.api.schemas import Example, Listed, Measure, Measures, Reach, Source

TOPIC = "Measures"
NAME = Path(description="The name of the measure.", example="calls_missed")
LIST = "GET /api/v1/measures lists them all."


class Asked(Schema):
    q: str | None = Field(None, max_length=100, description="Words that all occur in the name, title or question.")
    topic: str | None = Field(None, max_length=60, description=f"One of: {', '.join(TOPICS)}.")


def named(name: str, status: int) -> kinds.Measure:
    """The measure of a name. Raises Trouble: not found where the address names it, a wrong question elsewhere."""
    try:
        return find(name)
    except Refused as why:
        raise Trouble(status, f"There is no measure called “{name}”.", LIST) from why


@offer("GET", "/measures", Measures, topic=TOPIC)
def find_measures(request: HttpRequest, asked: Query[Asked]) -> HttpResponse:
    """The catalogue of measures, by topic."""
    if asked.topic and asked.topic not in TOPICS:
        raise Trouble(422, f"There is no topic called “{asked.topic}”.", f"The topics are: {', '.join(TOPICS)}.")

    def make(store: Store) -> Measures:
        known = catalogue.listing(store, asked.q or "", asked.topic or "")
        entries = [entry for _, group in known.groups for entry in group]
        listed = [Listed(**_listed(request, every_measure()[e.name], e.available)) for e in entries]
        return Measures(measures=listed, version=store.version)

    return over_open_data(request, make)


def _listed(request: HttpRequest, measure: kinds.Measure, available: bool) -> dict[str, Any]:
    return {
        "name": measure.name,
        "title": measure.title,
        "topic": measure.topic,
        "question": measure.question,
        "unit": measure.unit,
        "direction": measure.direction,
        "status": measure.status,
        "definition": measure.definition,
        "available": available,
        "page": request.build_absolute_uri(f"/measures/{measure.name}/"),
    }


@offer("GET", "/measures/{name}", Measure, topic=TOPIC, troubles=(404,))
def one_measure(request: HttpRequest, name: str = NAME) -> HttpResponse:
    """One measure in full.

    Its definition with version, caveats, worked example and sources, and where there are figures of it.
    """
    measure = named(name, 404)

    def make(store: Store) -> Measure:
        reach = remembered(store, ("api reach",), lambda: answers.available(store)).get(measure.name, {})
        return Measure(
            **_listed(request, measure, bool(reach)), why=measure.why, formula=formula.formula(measure), numerator=formula.numerator(measure),
            denominator=formula.denominator(measure), version=measure.version, reviewed=measure.reviewed, source=measure.source,
            caveats=list(measure.caveats), dimensions=list(measure.table.dimensions), example=_example(measure),
            sources=[
                Source(name=s.name, title=s.title, publisher=s.publisher, page=s.page, licence=s.licence)
                for s in every_source().values() if measure.table.name in {table.name for table in s.tables}
            ],
            reach=[
                Reach(level=level, first=reach[level][0], last=reach[level][1], areas=reach[level][2])
                for level in LEVELS if level in reach
            ],
        )  # fmt: skip

    return over_open_data(request, make)


def _example(measure: kinds.Measure) -> Example:
    case = measure.example
    return Example(
        rows=[dict(row) for row in case.rows], patients=dict(case.patients), numerator=case.numerator,
        denominator=case.denominator, value=case.value, arithmetic=worked(measure).arithmetic,
    )  # fmt: skip
