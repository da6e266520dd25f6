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


@pages.page("explore/search.jinja")
def find(store: Store, query: QueryDict) -> pages.Page | pages.Elsewhere:
    found = search.search(store, query.get("q", ""))
    if found.only:
        return pages.Elsewhere(found.only)
    return pages.Page(
        title=f"Search for {found.asked}" if found.asked else "Search",
        trail=[("Overview", "/")],
        context={"found": found},
    )


@pages.page("explore/area.jinja")
def area(store: Store, query: QueryDict, code: str) -> pages.Page | pages.Elsewhere:
    if code != code.upper():
        return pages.Elsewhere(address(code.upper()))
    warm.wait(store)
    shown = overview.overview(store, code)
    inside = None if shown.area.level == "practice" else members.members(store, shown.area, _asked(shown.area, query))
    here = address(code)
    return pages.Page(
        title=shown.area.name,
        section="Overview",
        trail=[(a.name, address(a.code)) for a in shown.head.path if a.code != code] or [("Overview", "/")],
        description=f"What is changing at {shown.area.name}, and how it compares.",
        context={
            "page": shown,
            "members": inside,
            "charts": {p.id: pictures.chart(p, here, query) for p in inside.pictures} if inside else {},
        },
    )


@pictures.files
def files(store: Store, query: QueryDict, code: str) -> Sequence[Picture]:
    place = places.area(store, code)
    return () if place.level == "practice" else members.pictures(store, place, _asked(place, query))


def _asked(place: Area, query: QueryDict) -> members.Asked:
    return members.asked(
        place,
        query.get("of", ""),
        query.get("sort", ""),
        query.get("order") == "down",
        query.get("page", "1"),
        query.get("measure", ""),
    )
