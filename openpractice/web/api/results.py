"""Figures: measure × area × months, with what is needed to trust each and the page where a person can open it."""

from collections.abc import Mapping, Sequence

from django.http import HttpRequest, HttpResponse
from ninja import Query

from openpractice import kinds
from openpractice.analysis import places
from openpractice.measures import catalogue
from openpractice.present.numbers import address
from openpractice.store import Store
from openpractice.web.api import selection
from openpractice.web.api.answering import next_address, over_open_data, wants_csv
from openpractice.web.api.door import count
from openpractice.web.api.offered import offer
from openpractice.web.api.problems import Trouble
from openpractice.web.api.schemas import Result, Results

TOPIC = "Results"
SPLIT = 10  # what a question to the records costs of a caller's minute: it keeps the server busy for so much longer


@offer("GET", "/results", Results, topic=TOPIC, troubles=(409,), csv=True)
def results(request: HttpRequest, asked: Query[selection.Asked]) -> HttpResponse:
    """Figures of one or several measures, areas and months.

    By measure; of named areas area by area through the months, of a whole level month by month. Without areas, England.
    """
    csv = wants_csv(request, asked.format)
    return over_open_data(request, lambda store: _made(request, store, asked), csv)


def _made(request: HttpRequest, store: Store, asked: selection.Asked) -> Results:
    wanted, version = selection.chosen(store, asked), store.version
    if wanted.by:
        count(request, SPLIT - 1)
    start = place(asked.cursor, version)
    found, following = selection.piece(selection.blocks(store, wanted), start, asked.limit)
    names = {code: area.name for code, area in places.named(store, sorted({r.area for r in found})).items()}
    return drawn(request, found, names, version, following)


def place(cursor: str | None, version: int) -> tuple[int, int]:
    """Where to go on. Raises Trouble when the facts have changed since the page before: two halves would not fit."""
    if cursor is None:
        return 0, 0
    of, block, row = map(int, cursor.split("-"))
    if of != version:
        raise Trouble(409, "The facts have changed since the first page was given.", "Begin again without “cursor”.")
    return block, row


def drawn(
    request: HttpRequest, found: Sequence[kinds.Result], names: Mapping[str, str], version: int,
    following: tuple[int, int] | None,
) -> Results:  # fmt: skip
    """Results as programs are given them."""
    site = request.build_absolute_uri("/").rstrip("/")
    return Results(
        results=[_drawn(site, result, names) for result in found], version=version,
        next=next_address(request, "cursor", following and "-".join(map(str, (version, *following)))),
    )  # fmt: skip


def _drawn(site: str, result: kinds.Result, names: Mapping[str, str]) -> Result:
    measure = catalogue()[result.measure]
    return Result(
        measure=result.measure, area=result.area, area_name=names.get(result.area, result.area), level=result.level,
        period=result.period, numerator=result.numerator, denominator=result.denominator, value=result.value,
        unit=measure.unit, coverage=_rounded(result.coverage), unknown=_rounded(result.unknown),
        confidence=result.confidence, definition=measure.definition, by=dict(result.by),
        page=site + address(result.area, result.measure),
    )  # fmt: skip


def _rounded(share: float | None) -> float | None:
    return None if share is None else round(share, 4)
