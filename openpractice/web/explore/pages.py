"""A page over the store: built once for each version of the facts, then only framed.

A view decorated with `page` takes the store and answers what to show; it does not see the request's headers, so the
same address gives the same page to everybody. The body of a page is kept in memory until data arrive; only the frame,
which holds this request's nonce, is rendered each time. A browser that asks again is told that nothing has changed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import lru_cache, wraps
from pathlib import Path
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import render
from django.template import engines
from django.utils.encoding import iri_to_uri
from markupsafe import Markup

import openpractice
from openpractice.kinds import Refused
from openpractice.web.explore import warm
from openpractice.web.explore.kept import Kept
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


_kept = Kept()

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
            mark = tag(version)
            if unchanged(request, mark):
                return not_modified(mark)
            address, edition = request.get_full_path(), mark.strip('W/"')
            found = _restored(_kept.get(store.home, edition, address))
            if found is None:
                try:
                    found = view(store, request.GET, **scope)
                except Refused as why:
                    return missing(request, str(why))
                if isinstance(
                    found, Page
                ):  # the context must go before anything is copied: it holds the whole page model
                    found = replace(found, body=_rendered(template, found), context={})
                _kept.put(store.home, edition, address, asdict(found))
            if isinstance(found, Elsewhere):
                response = HttpResponse(status=302, headers={"Location": iri_to_uri(found.href)})
            else:
                response = render(
                    request, "explore/page.jinja", asdict(found)
                )  # a copy: Django writes into what it is given
            warm.up(store, version)  # after this page, not beside it
            return stamped(response, mark)

        return answer

    return decorate


def _restored(values: dict[str, Any] | None) -> Page | Elsewhere | None:
    if values is None:
        return None
    return Elsewhere(**values) if "href" in values else Page(**{**values, "body": Markup(values["body"])})


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
