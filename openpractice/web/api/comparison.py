"""An area beside those most alike, its network, its neighbours and England, as the page that compares has it."""

from django.http import HttpRequest, HttpResponse
from ninja import Field, Query, Schema

from openpractice import kinds
from openpractice.analysis import compare, process
from openpractice.analysis.features import FEATURES
from openpractice.analysis.groups import Spread
from openpractice.present.comparison import CHOICES
from openpractice.present.numbers import VARIATION, address, known
from openpractice.store import Store
from openpractice.web.api.answering import over_open_data
from openpractice.web.api.areas import CODE, drawn, found
from openpractice.web.api.door import count
from openpractice.web.api.measures import named
from openpractice.web.api.offered import offer
from openpractice.web.api.problems import Trouble
from openpractice.web.api.schemas import Compared, Comparison, Group
from openpractice.web.api.selection import MONTH, MOST_MEASURES
from openpractice.web.explore import warm

GROUPS = ("alike", "network", "local", "england")
COST = 5  # of a caller's minute


class Asked(Schema):
    measure: list[str] = Field([], max_length=MOST_MEASURES, description="Names of measures; all that the area has.")
    period: str | None = Field(None, pattern=MONTH, description="The month; the latest of each measure unless you say.")
    k: int = Field(20, description="How many practices are most alike.", json_schema_extra={"enum": [*CHOICES]})
    without: list[str] = Field([], max_length=len(FEATURES), description="Find those most alike without this feature.")


@offer("GET", "/areas/{code}/comparison", Comparison, topic="Comparison", troubles=(404,))
def comparison(request: HttpRequest, asked: Query[Asked], code: str = CODE) -> HttpResponse:
    """An area beside those most alike, its network, its neighbours and England.

    Groups are chosen by patients and place, never by results. A place among others is not a judgement.
    """
    features = [feature.name for feature in FEATURES]
    if beyond := [name for name in asked.without if name not in features]:
        raise Trouble(422, f"There is no feature called “{beyond[0]}”.", f"There are: {', '.join(features)}.")
    if asked.k not in CHOICES:
        raise Trouble(422, f"“k” may be {', '.join(map(str, CHOICES))}.")
    if asked.period and not asked.measure:
        raise Trouble(422, "A month can be compared of named measures only.", "Name them with “measure”.")

    def make(store: Store) -> Comparison:
        place = found(store, code)
        count(request, COST - 1)
        warm.wait(store)
        lines = _named(store, place, asked) if asked.measure else _all(store, place, asked)
        base = request.build_absolute_uri("/").rstrip("/")
        for line in lines:
            line.page = base + address(place.code, line.measure)
        return Comparison(area=drawn(request, place), measures=lines, version=store.version)

    return over_open_data(request, make)


def _all(store: Store, place: kinds.Area, asked: Asked) -> list[Compared]:
    standings = compare.profile(store, place.code, asked.k, asked.without)
    return [_line(s.measure, s.own, s.spreads, s.variation, None, ()) for s in standings]


def _named(store: Store, place: kinds.Area, asked: Asked) -> list[Compared]:
    lines = []
    for name in dict.fromkeys(asked.measure):
        c = compare.compare(store, named(name, 422).name, place.code, asked.period, asked.k, asked.without)
        funnel = c.funnel.position if c.funnel else None
        lines.append(_line(c.measure, c.own, c.spreads, process.icon(c.chart), funnel, c.notes))
    return lines


def _line(measure, own, spreads, variation: str, funnel: str | None, notes) -> Compared:
    apart = (measure.england_apart,) if measure.england_apart else ()
    return Compared(
        measure=measure.name, title=measure.title, period=own and own.period, numerator=own and own.numerator,
        denominator=own and own.denominator, value=own and own.value, unit=measure.unit,
        confidence=own and own.confidence, definition=measure.definition, variation=variation or None,
        variation_words=VARIATION[variation], funnel=funnel, notes=[*apart, *notes], page="",
        groups=[_group(spreads[key]) for key in GROUPS if key in spreads],
    )  # fmt: skip


def _group(spread: Spread) -> Group:
    return Group(
        key=spread.key, label=spread.label, n=spread.n, p10=known(spread.p10), p25=known(spread.p25),
        p50=known(spread.p50), p75=known(spread.p75), p90=known(spread.p90), below=spread.below, above=spread.above,
        percentile=spread.own_percentile,
    )  # fmt: skip
