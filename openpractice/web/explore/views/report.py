"""A practice's report as a file: what goes to the meeting."""

import threading
from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse

from openpractice.analysis import places
from openpractice.kinds import Refused
from openpractice.present.report import build
from openpractice.render.document import Document
from openpractice.render.html import html
from openpractice.render.pdf import pdf
from openpractice.render.workbook import from_document
from openpractice.web.explore import pages, warm
from openpractice.web.explore.store import store as opened

_WRITERS: dict[str, tuple[str, Callable[[Document], bytes]]] = {
    "pdf": ("application/pdf", pdf),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", from_document),
    "html": ("text/html; charset=utf-8", lambda document: html(document).encode()),
}
_one_at_a_time = threading.Lock()  # each takes seconds of a processor: visitors queue rather than starve the pages


def report(request: HttpRequest, code: str, kind: str) -> HttpResponse:
    """Made anew each time in a few seconds; a browser that has this version's report keeps it."""
    store = opened()
    if store is None or kind not in _WRITERS:
        raise Http404
    mark = pages.tag(store.version)
    if pages.unchanged(request, mark):
        return pages.not_modified(mark)
    warm.wait(store)
    media, write = _WRITERS[kind]
    try:
        with _one_at_a_time:
            content = write(build(store, code))
            name = f"openpractice-{places.area(store, code).code}.{kind}"
    except Refused as why:
        return pages.missing(request, str(why))
    response = HttpResponse(content, content_type=media)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return pages.stamped(response, mark)
