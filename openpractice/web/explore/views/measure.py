"""One measure of one area, and its charts as files."""

from collections.abc import Sequence
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect

from openpractice.analysis import places
from openpractice.measures import find
from openpractice.present import measure as presented
from openpractice.present.numbers import address
from openpractice.present.picture import Picture
from openpractice.store import Store
from openpractice.web.explore import pages, pictures, warm
from openpractice.web.explore.asked import written


def _asked(name: str, query: QueryDict) -> presented.Asked:
    return presented.asked(find(name), query.get("from", ""), query.get("rebase", ""), query.get("by", ""))


@pages.page("explore/measure.jinja", "from", "rebase", "by")
def measure(store: Store, query: QueryDict, code: str, name: str) -> pages.Page | pages.Elsewhere:
    place = places.area(store, code)
    if code != place.code:
        return pages.Elsewhere(address(place.code, name) + written(query))
    warm.wait(store)
    shown = presented.page(store, code, name, _asked(name, query))
    here = address(code, name)
    charts = {p.id: pictures.chart(p, here, query) for p in shown.pictures}
    return pages.Page(
        title=f"{shown.measure.title}, {shown.area.name}",
        section="Overview",
        trail=[(area.name, address(area.code)) for area in shown.path],
        context={"page": shown, "charts": charts, "here": here},
    )


@pictures.files
def files(store: Store, query: QueryDict, code: str, name: str) -> Sequence[Picture]:
    return presented.pictures(store, code, name, _asked(name, query))


def download(request: HttpRequest, code: str, name: str, kind: str) -> HttpResponse:
    """The short address of a chart's file; `?chart=` says which, the process chart unless told otherwise."""
    query = request.GET.copy()
    chart = query.pop("chart", ["spc"])[-1]
    return redirect(quote(f"{address(code.upper(), name)}{chart}.{kind}") + written(query))
