"""Answers over the open facts: built for a version of the store, asked about each time, not sent again when unchanged."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from itertools import islice
from typing import Any, TypeVar, get_args
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from pydantic import BaseModel

from openpractice.render import tables
from openpractice.store import Store
from openpractice.web.api.problems import Trouble
from openpractice.web.explore.pages import edition, stamped, unchanged
from openpractice.web.explore.store import store as opened

T = TypeVar("T")
EMPTY = "No data have been loaded here yet."


def over_open_data(request: HttpRequest, make: Callable[[Store], BaseModel], csv: bool = False) -> HttpResponse:
    """What `make` gives from the open store, or a word that nothing has changed since the program asked before."""
    store = opened()
    if store is None:
        raise Trouble(503, EMPTY, "Load published files with “openpractice ingest”.", {"Retry-After": "60"})
    asked = hashlib.sha256(f"{request.build_absolute_uri()} {csv}".encode()).hexdigest()[:12]
    mark = f'W/"{edition(store.version)}-{asked}"'
    if unchanged(request, mark):
        response = HttpResponse(status=304)
        del response["Content-Type"]
    else:
        response = written(request, make(store), csv)
    patch_vary_headers(response, ["Accept"])
    return stamped(response, mark)


def for_nobody_else(request: HttpRequest, made: BaseModel, csv: bool = False) -> HttpResponse:
    """What only this caller may see: no cache keeps it."""
    response = written(request, made, csv)
    response["Cache-Control"] = "private, no-store"
    return response


def written(request: HttpRequest, made: Any, csv: bool) -> HttpResponse:
    """As JSON or CSV, with the address of the next page in a header too."""
    if csv:
        response = HttpResponse(_csv(made).encode(), content_type="text/csv; charset=utf-8")
    else:
        response = HttpResponse(made.model_dump_json(), content_type="application/json")
    if following := getattr(made, "next", None):
        response["Link"] = f'<{following}>; rel="next"'
    return response


def wants_csv(request: HttpRequest, form: str | None) -> bool:
    """Whether the program asked for CSV, by the parameter or else by the header."""
    return form == "csv" if form else request.headers.get("Accept", "").split(",")[0].strip().startswith("text/csv")


def _csv(made: Any) -> str:
    """One line a figure, by the names of the fields; what it was split by in columns at the end."""
    (kind,) = get_args(type(made).model_fields["results"].annotation)
    split = list(dict.fromkeys(name for result in made.results for name in result.by))
    names = [name for name in kind.model_fields if name != "by"]
    rows = tuple(
        (*(getattr(result, name) for name in names), *(result.by.get(s, "") for s in split)) for result in made.results
    )
    return tables.csv(tables.Table("results", tuple(tables.Column(name) for name in (*names, *split)), rows))


def page_of(things: Iterable[T], offset: int, limit: int) -> tuple[list[T], int | None]:
    """A piece of an ordered list, and where the next one begins."""
    found = list(islice(things, offset, offset + limit + 1))
    return found[:limit], offset + limit if len(found) > limit else None


def next_address(request: HttpRequest, name: str, value: Any) -> str | None:
    """This address with another place to begin; None where there is nothing further."""
    if value is None:
        return None
    query = [(key, one) for key, values in request.GET.lists() for one in values if key != name]
    return request.build_absolute_uri(f"{request.path}?{urlencode([*query, (name, value)])}")
