"""Places: searching, one of them, and what lies inside."""

from dataclasses import asdict
from typing import Literal

from django.http import HttpRequest, HttpResponse
from ninja import Field, Path, Query, Schema

from openpractice import kinds
from openpractice.analysis import places
from openpractice.kinds import ENGLAND, LEVELS, Refused
from openpractice.present.numbers import address
from openpractice.store import Store
from openpractice.web.api.answering import next_address, over_open_data, page_of
from openpractice.web.api.offered import offer
from openpractice.web.api.problems import Trouble
from openpractice.web.api.schemas import Area, Areas

TOPIC = "Areas"
CODE = Path(description="The ODS code of the area; ENG is England.", example="A81002")
MOST_FOUND = 500  # places of a search
Level = Literal["practice", "pcn", "sub_icb", "icb", "region", "nation"]


class Paged(Schema):
    limit: int = Field(100, ge=1, le=1000, description="How many at a time.")
    offset: int = Field(0, ge=0, le=100_000, description="How many to leave out at the beginning.")


class Search(Paged):
    q: str | None = Field(None, min_length=2, max_length=100, description="Words of a name, a code, or a postcode.")
    level: Level | None = Field(None, description="Only this level; without `q`, all of it (icb unless you say).")


class Inside(Paged):
    level: Level | None = Field(None, description="The level of those inside; the next below unless you say.")


def found(store: Store, code: str) -> kinds.Area:
    """The area that an address names. Raises Trouble where there is none."""
    try:
        return places.area(store, code)
    except Refused as why:
        raise Trouble(404, str(why), "GET /api/v1/areas?q=… finds places by name or postcode.") from why


def drawn(request: HttpRequest, area: kinds.Area) -> Area:
    return Area(**asdict(area), page=request.build_absolute_uri(address(area.code)))


@offer("GET", "/areas", Areas, topic=TOPIC)
def find_areas(request: HttpRequest, asked: Query[Search]) -> HttpResponse:
    """Find areas, or list all of a level.

    A search gives exact codes first, then practices open today, then the larger; a list is by name.
    """

    def make(store: Store) -> Areas:
        if asked.q:
            everything = places.search(store, asked.q, MOST_FOUND)
            known = [area for area in everything if asked.level in (None, area.level)]
        elif asked.level == "nation":
            known = [places.area(store, ENGLAND)]
        else:
            known = places.members(store, places.area(store, ENGLAND), asked.level or "icb")
        return _page(request, store, known, asked)

    return over_open_data(request, make)


@offer("GET", "/areas/{code}", Area, topic=TOPIC, troubles=(404,))
def one_area(request: HttpRequest, code: str = CODE) -> HttpResponse:
    """One area, with its parents today."""
    return over_open_data(request, lambda store: drawn(request, found(store, code)))


@offer("GET", "/areas/{code}/children", Areas, topic=TOPIC, troubles=(404,))
def areas_inside(request: HttpRequest, asked: Query[Inside], code: str = CODE) -> HttpResponse:
    """The areas inside another today, by name.

    Those that are open; of practices those with patients.
    """

    def make(store: Store) -> Areas:
        place = found(store, code)
        below = [level for level in LEVELS if LEVELS.index(level) < LEVELS.index(place.level)]
        if asked.level and asked.level not in below:
            raise Trouble(
                422, f"{place.code} is of the level {place.level} and holds nothing of the level {asked.level}."
            )
        tried = (places.members(store, place, level) for level in ([asked.level] if asked.level else reversed(below)))
        return _page(request, store, next((members for members in tried if members), []), asked)

    return over_open_data(request, make)


def _page(request: HttpRequest, store: Store, areas: list[kinds.Area], asked: Paged) -> Areas:
    piece, following = page_of(areas, asked.offset, asked.limit)
    return Areas(
        areas=[drawn(request, area) for area in piece], next=next_address(request, "offset", following),
        version=store.version,
    )  # fmt: skip
