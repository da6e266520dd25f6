"""Finding an area, and one area on one page."""

from collections.abc import Sequence

from django.http import QueryDict

from openpractice.analysis import places
from openpractice.kinds import Area
from openpractice.present import members, overview, search
from openpractice.present.numbers import address
from openpractice.present.picture import Picture
from openpractice.store import Store
from openpractice.web.explore import pages, pictures, warm
from openpractice.web.explore.asked import written


@pages.page("explore/search.jinja", "q")
def find(store: Store, query: QueryDict) -> pages.Page | pages.Elsewhere:
    found = search.search(store, query.get("q", ""))
    if found.only:
        return pages.Elsewhere(found.only)
    return pages.Page(
        title=f"Search for {found.asked}" if found.asked else "Search",
        trail=[("Overview", "/")],
        context={"found": found},
    )


@pages.page("explore/area.jinja", "of", "sort", "order", "page", "measure")
def area(store: Store, query: QueryDict, code: str) -> pages.Page | pages.Elsewhere:
    place = places.area(store, code)
    if code != place.code:
        return pages.Elsewhere(address(place.code) + written(query))
    warm.wait(store)
    shown = overview.overview(store, code)
    inside = None if place.level == "practice" else members.members(store, place, _asked(place, query))
    here = address(code)
    return pages.Page(
        title=shown.area.name,
        section="Overview",
        trail=[(a.name, address(a.code)) for a in shown.head.path if a.code != code] or [("Overview", "/")],
        description=f"What is changing at {shown.area.name}, and how it compares.",
        context={
            "page": shown,
            "members": inside,
            "charts": {p.id: pictures.chart(p, here, _shown(query, inside)) for p in inside.pictures} if inside else {},
        },
    )


@pictures.files
def files(store: Store, query: QueryDict, code: str) -> Sequence[Picture]:
    place = places.area(store, code)
    return () if place.level == "practice" else members.pictures(store, place, _asked(place, query))


def _shown(query: QueryDict, inside: members.Members) -> QueryDict:
    """For the files of the charts: a page beyond the last was answered with the last."""
    query = query.copy()
    if "page" in query:
        query["page"] = str(inside.asked.page)
    return query


def _asked(place: Area, query: QueryDict) -> members.Asked:
    return members.asked(
        place,
        query.get("of", ""),
        query.get("sort", ""),
        query.get("order") == "down",
        query.get("page", "1"),
        query.get("measure", ""),
    )
