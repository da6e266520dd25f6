"""A picture on a page, and the same picture and its figures as files.

Every page with pictures answers `<its address><picture>.<kind>`, with the page's own parameters, from the same model.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from urllib.parse import quote

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from markupsafe import Markup

from openpractice.kinds import Refused
from openpractice.present.numbers import heading
from openpractice.present.picture import Picture, filename
from openpractice.render import svg, tables
from openpractice.store import Store
from openpractice.web.chart import Chart
from openpractice.web.explore import pages
from openpractice.web.explore.asked import written
from openpractice.web.explore.store import store as opened

KINDS = ("csv", "png", "svg", "vega.json")

Pictured = Callable[..., Sequence[Picture]]


def chart(picture: Picture, address: str, query: QueryDict | None = None) -> Chart:
    """The picture for the `figure` macro. `address` is that of its page, with a slash at its end."""

    def file(kind: str) -> str:
        return f"{quote(address)}{picture.id}.{kind}{written(query)}"

    return Chart(
        id=picture.id,
        title=picture.title,
        subtitle=picture.subtitle,
        svg=Markup(picture.inline()),
        vega=file("vega.json"),
        note=picture.note,
        source=picture.source,
        columns=[heading(column) for column in picture.on_page.columns],
        rows=picture.shown(),
        words=picture.words(),
        downloads=[(kind.upper(), file(kind)) for kind in ("csv", "png", "svg")],
    )


def files(pictured: Pictured) -> Callable[..., HttpResponse]:
    """Makes `pictured(store, query, **scope)`, all the pictures of a page, a view of one of them in one format."""

    @wraps(pictured)
    def answer(request: HttpRequest, picture: str, kind: str, **scope: str) -> HttpResponse:
        store = opened()
        if store is None or kind not in KINDS:
            raise Http404
        mark = pages.tag(store.version)
        if pages.unchanged(request, mark):
            return pages.not_modified(mark)
        found = _found(pictured, store, request.GET, picture, kind, scope)
        return pages.stamped(_file(found, kind, request.GET.get("size") == "narrow"), mark)

    return answer


def _found(pictured: Pictured, store: Store, query: QueryDict, name: str, kind: str, scope: dict[str, str]) -> Picture:
    try:
        for picture in pictured(store, query, **scope):
            if picture.id == name and (picture.draw or kind == "csv"):
                return picture
    except Refused as why:
        raise Http404 from why
    raise Http404


def _file(picture: Picture, kind: str, narrow: bool) -> HttpResponse:
    if kind == "vega.json":
        return JsonResponse(svg.vega(picture.spec(narrow=narrow)))
    if kind == "csv":
        # The mark at the beginning tells Excel that the text is UTF-8.
        answer = HttpResponse(tables.csv(picture.table).encode("utf-8-sig"), content_type="text/csv; charset=utf-8")
    elif kind == "png":
        answer = HttpResponse(svg.png(picture.whole()), content_type="image/png")
    else:
        drawing = svg.svg(picture.whole(), title=picture.title, description=picture.description)
        answer = HttpResponse(drawing, content_type="image/svg+xml")
    answer["Content-Disposition"] = f'attachment; filename="{filename(picture.table.caption)[:80]}.{kind}"'
    return answer
