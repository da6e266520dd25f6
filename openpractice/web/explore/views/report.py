"""A practice's report as a file: what goes to the meeting."""

import threading
from base64 import b64decode, b64encode
from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse

from openpractice.analysis import places
from openpractice.kinds import Refused
from openpractice.present.report import build
from openpractice.render.document import Document
from openpractice.render.html import html
from openpractice.render.pdf import pdf
from openpractice.render.workbook import from_document
from openpractice.store import Store
from openpractice.web.explore import pages, warm
from openpractice.web.explore.kept import KEPT, Values
from openpractice.web.explore.store import store as opened

_WRITERS: dict[str, tuple[str, Callable[[Document], bytes]]] = {
    "pdf": ("application/pdf", pdf),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", from_document),
    "html": ("text/html; charset=utf-8", lambda document: html(document).encode()),
}
_one_at_a_time = threading.Lock()  # each takes seconds of a processor: visitors queue rather than starve the pages


def report(request: HttpRequest, code: str, kind: str) -> HttpResponse:
    """Made once for each version of the facts, and dated the day it was made."""
    store = opened()
    if store is None or kind not in _WRITERS:
        raise Http404
    version = store.version
    mark = pages.tag(version)
    if pages.unchanged(request, mark):
        return pages.not_modified(mark)
    try:
        area = places.area(store, code).code
        content = _content(store, version, area, kind)
    except Refused as why:
        return pages.missing(request, str(why))
    response = HttpResponse(content, content_type=_WRITERS[kind][0])
    response["Content-Disposition"] = f'attachment; filename="openpractice-{area}.{kind}"'
    return pages.stamped(response, mark)


def _content(store: Store, version: int, code: str, kind: str) -> bytes:
    place = (store.home, pages.edition(version), f"/areas/{code}/report.{kind}")
    found = KEPT.get(*place)
    if found is None:
        warm.wait(store)
        with _one_at_a_time:  # whoever waited for the same report finds it made
            found = KEPT.of(*place, lambda: _made(store, code, kind))
    return b64decode(found["body"])


def _made(store: Store, code: str, kind: str) -> Values:
    return {"body": b64encode(_WRITERS[kind][1](build(store, code))).decode()}
