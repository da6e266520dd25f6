"""A page over the store: built once for each version of the facts, then only framed.

A view decorated with `page` takes the store and answers what to show; it does not see the request's headers, so the
same address gives the same page to everybody. The body of a page is kept in memory until data arrive; only the frame,
which holds this request's nonce, is rendered each time. A browser that asks again is told that nothing has changed.
"""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache, wraps
from pathlib import Path
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import render
from django.template import engines
from markupsafe import Markup

import openpractice
from openpractice.kinds import Refused
from openpractice.web.explore import warm
from openpractice.web.explore.store import store as opened

KEPT = 64 * 2**20  # characters of page bodies: some four hundred pages with charts
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


class Kept:
    """Page bodies by version and address, the longest unused dropped first."""

    def __init__(self, most: int):
        self._most, self._size, self._lock = most, 0, threading.Lock()
        self._pages: OrderedDict[tuple, Page | Elsewhere] = OrderedDict()

    def get(self, key: tuple) -> Page | Elsewhere | None:
        with self._lock:
            if key in self._pages:
                self._pages.move_to_end(key)
            return self._pages.get(key)

    def put(self, key: tuple, page: Page | Elsewhere) -> None:
        with self._lock:
            self._pages[key] = page
            self._size += _size(page)
            while self._size > self._most:
                self._size -= _size(self._pages.popitem(last=False)[1])


def _size(page: Page | Elsewhere) -> int:
    return 1000 + (len(page.body) if isinstance(page, Page) else 0)


_kept = Kept(KEPT)

View = Callable[..., "Page | Elsewhere"]


def page(template: str) -> Callable[[View], Callable[..., HttpResponse]]:
    """Makes `view(store, query, **scope) -> Page | Elsewhere` a Django view; `query` is the address's parameters.

    A Refused becomes a page of status 404 that says what to do; an empty store the page that says how to fill it.
    """

    def decorate(view: View) -> Callable[..., HttpResponse]:
        @wraps(view)
        def answer(request: HttpRequest, **scope: str) -> HttpResponse:
            store = opened()
            if store is None:
                return empty(request)
            version = store.version
            warm.up(store, version)
            mark = tag(version)
            if unchanged(request, mark):
                return not_modified(mark)
            key = (store.home, version, request.get_full_path())
            found = _kept.get(key)
            if found is None:
                try:
                    found = view(store, request.GET, **scope)
                except Refused as why:
                    return missing(request, str(why))
                if isinstance(found, Page):
                    found = replace(found, body=_rendered(template, found), context={})
                _kept.put(key, found)
            if isinstance(found, Elsewhere):
                response = HttpResponse(status=302, headers={"Location": found.href})
            else:
                response = render(request, "explore/page.jinja", vars(found))
            return stamped(response, mark)

        return answer

    return decorate


def _rendered(template: str, found: Page) -> Markup:
    environment = engines.all()[0].env
    return Markup(environment.get_template(template).render(**found.context))


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


def tag(version: int) -> str:
    """The ETag of every answer from this version of the facts; the address tells answers apart."""
    return f'W/"{version}-{_code()}"'


def unchanged(request: HttpRequest, mark: str) -> bool:
    return mark in [each.strip() for each in request.headers.get("If-None-Match", "").split(",")]


def not_modified(mark: str) -> HttpResponse:
    response = HttpResponseNotModified()
    # A browser replaces stored headers by these, and a new nonce would no longer fit the page it kept.
    response._csp_exempt = True
    return stamped(response, mark)


def stamped(response: HttpResponse, mark: str) -> HttpResponse:
    """Kept by anybody, but asked about each time: the answer to an unchanged page costs about a millisecond."""
    response["ETag"] = mark
    response["Cache-Control"] = "public, no-cache"
    return response
