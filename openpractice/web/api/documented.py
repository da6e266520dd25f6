"""The description of the API as a page for people: every operation, what it reads, and an example to copy."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from shlex import quote
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from openpractice.web.api.door import OF_ADDRESSES, OF_TOKENS
from openpractice.web.api.openapi import description
from openpractice.web.api.scopes import Scope

# What an example asks for. Only what makes the example worth trying.
EXAMPLES = {
    "find_areas": "?q=stockton",
    "areas_inside": "?level=practice",
    "find_measures": "?topic=Telephony",
    "results": "?measure=calls_answered&area=A81002&from=2025-10",
    "comparison": "?measure=calls_answered",
    "own_results": "?measure=book_dna_share",
    "shared_results": "?purpose=service_evaluation",
}
IN_ADDRESS = {"code": "A81002", "name": "calls_answered", "upload": "12"}
SECRET = "op_…"


@dataclass(frozen=True)
class Parameter:
    """One thing that an operation reads."""

    name: str
    kind: str
    meaning: str
    required: bool


@dataclass(frozen=True)
class Operation:
    """One address and method, in words."""

    id: str
    topic: str
    method: str
    path: str
    summary: str
    description: str
    needs: str
    parameters: tuple[Parameter, ...]
    example: str
    csv: bool
    page_after_page: bool


@cache
def operations() -> tuple[Operation, ...]:
    """Every operation, in the order in which they are offered."""
    found = description()["paths"].items()
    return tuple(_operation(path, method, told) for path, its in found for method, told in its.items())


def _operation(path: str, method: str, told: Mapping[str, Any]) -> Operation:
    needs = _needs(told)
    parameters = tuple(_parameter(p) for p in told["parameters"])
    return Operation(
        id=told["operationId"], topic=told["tags"][0], method=method.upper(), path=path, summary=told["summary"],
        description=told.get("description", ""), needs=needs, parameters=(*parameters, *_body(told)),
        example=_example(path, method, told, bool(needs)), csv="text/csv" in str(told["responses"].get("200", "")),
        page_after_page=any(p.name in ("cursor", "offset") for p in parameters),
    )  # fmt: skip


def _needs(told: Mapping[str, Any]) -> str:
    """Which token an operation needs, in words; nothing for open data."""
    if {} in told.get("security", [{}]):
        return ""
    scope = told.get("x-scope")
    return f"a token for {scope}" if scope in set(Scope) else "any token"


def _parameter(told: Mapping[str, Any]) -> Parameter:
    return Parameter(told["name"], _kind(told["schema"]), told.get("description", ""), told["required"])


def _body(told: Mapping[str, Any]) -> Iterable[Parameter]:
    """The fields of a form, for operations that take one."""
    for content in told.get("requestBody", {}).get("content", {}).values():
        required = content["schema"].get("required", ())
        for name, schema in content["schema"]["properties"].items():
            yield Parameter(name, _kind(schema), schema.get("description", ""), name in required)


def _kind(schema: Mapping[str, Any]) -> str:
    """What may be written: a number, one of some words, a month."""
    options = [one for one in schema.get("anyOf", [schema]) if one.get("type") != "null"]
    one = options[0]
    if one.get("type") == "array":
        return f"{_kind(one['items'])}, may be repeated"
    if "enum" in one:
        return " or ".join(map(str, one["enum"])) if len(one["enum"]) < 4 else ", ".join(map(str, one["enum"]))
    if one.get("format") == "binary":
        return "a file"
    if "[0-9]{4}-" in one.get("pattern", ""):
        return "a month, YYYY-MM"
    return {"integer": "a whole number", "boolean": "true or false"}.get(one.get("type", ""), "text")


def _example(path: str, method: str, told: Mapping[str, Any], token: bool) -> str:
    for name, value in IN_ADDRESS.items():
        path = path.replace(f"{{{name}}}", "QHM" if told["operationId"] == "areas_inside" else value)
    words = ["curl"] if method == "get" else ["curl", "-X", method.upper()]
    words += ["-H", quote(f"Authorization: Bearer {SECRET}")] if token else []
    words += ["-F", "file=@appointments.csv"] if "multipart/form-data" in str(told.get("requestBody")) else []
    return " ".join([*words, quote("{site}" + path + EXAMPLES.get(told["operationId"], ""))])


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """Everything that programs can ask for."""
    topics = [(topic, tuple(found)) for topic, found in groupby(operations(), lambda one: one.topic)]
    context = {
        "title": "For programs", "trail": [("Overview", "/")], "topics": topics, "scopes": list(Scope),
        "description": "Every figure of this site for programs: addresses, parameters and examples.",
        "site": request.build_absolute_uri("/").rstrip("/"), "of_addresses": OF_ADDRESSES.a_minute,
        "of_tokens": OF_TOKENS.a_minute,
    }  # fmt: skip
    return render(request, "api/documented.jinja", context)
