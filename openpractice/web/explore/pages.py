"""A page over the store: built once for each version of the facts, then only framed.

A view decorated with `page` takes the store and answers what to show; it sees of the request no headers, and of the
address only the parameters that it names, so the same question gives the same page to everybody. The body of a page is
kept until data arrive; only the frame, which holds this request's nonce, is rendered each time. A browser that asks again is told that nothing has changed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import lru_cache, wraps
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import render
from django.template import engines
from django.utils.cache import patch_vary_headers
from django.utils.encoding import iri_to_uri
from markupsafe import Markup

import openpractice
from openpractice.kinds import Refused
from openpractice.store import Store
from openpractice.web import frame
from openpractice.web.explore import warm
from openpractice.web.explore.asked import asked, written
from openpractice.web.explore.kept import KEPT, Values
from openpractice.web.explore.store import store as opened

HELPS = (
    "Load published files with the command “openpractice ingest”, or see everything at work with “openpractice demo”."
)


@dataclass(frozen=True)
class Page:
    """What a view answers: `context` fills the view's template; the rest fills the frame."""

    title: str = ""
    context: Mapping[str, Any] = field(default_factory=dict)
    section: str = ""
    trail: Sequence[tuple[str, str]] = ()
    description: str = ""
    bare: bool = False  # the body brings its own <main>
    body: str = ""


@dataclass(frozen=True)
class Elsewhere:
    """A view's other answer: the page is at this address."""

    href: str


View = Callable[..., "Page | Elsewhere"]


def page(template: str, *reads: str) -> Callable[[View], Callable[..., HttpResponse]]:
    """Makes `view(store, query, **scope) -> Page | Elsewhere` a Django view.

    `reads` names the parameters of the address that the view reads. `query` holds these and no others: two addresses
    that differ only in what is not read are one page.
    """

    def decorate(view: View) -> Callable[..., HttpResponse]:
        @wraps(view)
        def answer(request: HttpRequest, **scope: str) -> HttpResponse:
            query = asked(request.GET, reads)
            address = quote(request.path) + written(query)
            return _answer(request, address, lambda store: _values(template, view(store, query, **scope)))

        return answer

    return decorate


def _answer(request: HttpRequest, address: str, make: Callable[[Store], Values]) -> HttpResponse:
    """A Refused becomes a page of status 404 that says what to do; an empty store the page that says how to fill it."""
    store = opened()
    if store is None:
        return empty(request)
    version, visitor = store.version, frame.visitor(request)
    mark = tag(version, visitor)
    if unchanged(request, mark):
        return framed_for(visitor, not_modified(mark))
    try:
        values = KEPT.of(store.home, edition(version), address, lambda: make(store))
    except Refused as why:
        return missing(request, str(why))
    response = _framed(request, values)
    warm.up(store, version)  # after this page, not beside it
    return framed_for(visitor, stamped(response, mark))


def _values(template: str, found: Page | Elsewhere) -> Values:
    """A view's answer with its body drawn, as it is kept."""
    if isinstance(found, Page):
        body = engines.all()[0].env.get_template(template).render(**found.context)
        # The context must go before anything is copied: it holds the whole page model.
        found = replace(found, body=body, context={})
    return asdict(found)


def _framed(request: HttpRequest, values: Values) -> HttpResponse:
    if "href" in values:
        return HttpResponse(status=302, headers={"Location": iri_to_uri(values["href"])})
    # A copy: Django writes into what it is given.
    return render(request, "explore/page.jinja", {**values, "body": Markup(values["body"])})


def empty(request: HttpRequest) -> HttpResponse:
    """There is no store yet: the same friendly page at every address."""
    return render(request, "explore/empty.jinja", {"title": "No data yet", "helps": HELPS})


def missing(request: HttpRequest, why: str) -> HttpResponse:
    """The address names something we do not have. `why` is a sentence with the remedy in it."""
    return render(request, "explore/missing.jinja", {"title": "Not found", "why": why}, status=404)


@lru_cache
def _code() -> str:
    """A mark of this program's own text: a page drawn by another edition of it is not this page."""
    root = Path(openpractice.__file__).parent
    mark = hashlib.sha256()
    for path in sorted(p for kind in ("*.py", "*.jinja", "*.css") for p in root.rglob(kind)):
        mark.update(f"{path.relative_to(root)} {path.stat().st_size} {path.stat().st_mtime_ns}\n".encode())
    return mark.hexdigest()[:10]


def edition(version: int) -> str:
    """What every kept answer is kept under: this version of the facts, as this edition of the program shows it."""
    return f"{version}-{_code()}"


def tag(version: int, visitor: frame.Visitor | None = None) -> str:
    """The ETag of every answer from this version of the facts, in a frame with this visitor's name in it.

    The address tells answers apart.
    """
    who = f"-{hashlib.sha256(repr(visitor).encode()).hexdigest()[:10]}" if visitor else ""
    return f'W/"{edition(version)}{who}"'


def unchanged(request: HttpRequest, mark: str) -> bool:
    return mark in [each.strip() for each in request.headers.get("If-None-Match", "").split(",")]


def not_modified(mark: str) -> HttpResponse:
    response = HttpResponseNotModified()
    # A browser replaces stored headers by these, and a new nonce would no longer fit the page it kept.
    response._csp_exempt = True
    return stamped(response, mark)


def framed_for(visitor: frame.Visitor | None, response: HttpResponse) -> HttpResponse:
    """The frame names who is signed in, so nobody else's cache may keep it."""
    patch_vary_headers(response, ["Cookie"])
    if visitor:
        response["Cache-Control"] = "private, no-cache"
    return response


def stamped(response: HttpResponse, mark: str) -> HttpResponse:
    """Kept by anybody, but asked about each time: the answer to an unchanged page costs about a millisecond."""
    response["ETag"] = mark
    response["Cache-Control"] = "public, no-cache"
    return response
