"""How an operation is offered to programs: in one way, which says what it needs, what it answers and what can go wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from openpractice import __version__
from openpractice.kinds import Refused
from openpractice.web.api.bearer import Bearer
from openpractice.web.api.problems import Problem, Trouble, told
from openpractice.web.api.scopes import Scope

ANY_TOKEN = "any token"
ALWAYS = (400, 401, 422, 429, 500, 503)
HEADERS = {
    name: {"description": meaning, "schema": {"type": "integer", "minimum": 0}, "required": True}
    for name, meaning in {
        "RateLimit-Limit": "How many times a minute you may ask.",
        "RateLimit-Remaining": "How many of them are left.",
        "RateLimit-Reset": "Seconds until the next minute begins.",
    }.items()
}
ETAG = {"ETag": {"description": "Send it back as If-None-Match.", "schema": {"type": "string"}, "required": True}}
WAIT = {"Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer"}, "required": True}}

api = NinjaAPI(
    title="OpenPractice",
    version=__version__,
    description="The figures of the site for programs: the same numbers, under the same agreements.",
    openapi_url=None,
    docs_url=None,
    urls_namespace="api-v1",
)


def offer(
    method: str, path: str, answers: Any, *, topic: str, needs: Scope | str | None = None, status: int = 200,
    troubles: Iterable[int] = (), csv: bool = False,
) -> Callable[[Callable], Callable]:  # fmt: skip
    """Offer a function at an address. `needs` is a scope, ANY_TOKEN, or None for open data, where a token is allowed."""
    responses = {status: answers, **({304: None} if method == "GET" and needs is None else {})}
    responses |= dict.fromkeys(sorted({*ALWAYS, *troubles, *((403,) if needs else ())}), Problem)
    described = _described(tuple(responses), status, needs, csv)

    def decorate(view: Callable) -> Callable:
        @wraps(view)
        def asked(request: HttpRequest, **named: Any) -> Any:
            _refuse_unknown(request, asked)
            return view(request, **named)

        summary, _, more = (view.__doc__ or "").strip().partition("\n")
        asked.__doc__ = " ".join(more.split())  # the description, without the summary once more
        api.api_operation(
            [method], path, response=responses, tags=[topic], openapi_extra=described, operation_id=view.__name__,
            summary=summary.rstrip("."),
            auth=None if needs is None else Bearer(needs if isinstance(needs, Scope) else None),
        )(asked)  # fmt: skip
        asked.needs = needs  # type: ignore[attr-defined]
        return asked

    return decorate


def _described(responses: tuple[int, ...], status: int, needs: Scope | str | None, csv: bool) -> dict[str, Any]:
    """What the description says besides: headers, CSV, and which token is needed."""
    told_too: dict[int, dict[str, Any]] = {code: {"headers": HEADERS} for code in responses if code in (status, 304)}
    told_too[429] = {"headers": WAIT}
    if 304 in responses:
        told_too[status] = {"headers": {**HEADERS, **ETAG}}
    if csv:
        told_too[status]["content"] = {"text/csv": {"schema": {"type": "string"}}}
    if needs is None:
        return {"responses": told_too, "security": [{}, {"Bearer": []}]}
    return {"responses": told_too, **({"x-scope": str(needs)} if isinstance(needs, Scope) else {})}


def _refuse_unknown(request: HttpRequest, asked: Callable) -> None:
    """A parameter that is misspelt must not be passed over: the answer would be to another question."""
    models = [m for m in asked._ninja_operation.models if m.__ninja_param_source__ == "query"]  # type: ignore[attr-defined]
    reads = {name for model in models for name in model.__ninja_flatten_map__}
    lists = {name for model in models for name in getattr(model, "__ninja_collection_fields__", ())}
    unknown = sorted(set(request.GET) - reads)
    if unknown:
        names = ", ".join(f"“{_printed(name)}”" for name in unknown[:5])
        known = ", ".join(sorted(reads)) or "none"
        raise Trouble(422, f"This address does not know the parameter {names}.", f"It knows: {known}.")
    twice = sorted(name for name in set(request.GET) - lists if len(request.GET.getlist(name)) > 1)
    if twice:
        raise Trouble(422, f"The parameter “{twice[0]}” is given more than once.", "Give it once.")


def _printed(name: str) -> str:
    return "".join(letter if letter.isprintable() else "?" for letter in name[:40])


def _in_words(error: dict[str, Any]) -> str:
    """What the validation found, by the name of the parameter."""
    where = ".".join(str(part) for part in error["loc"][2:]) or str(error["loc"][-1])
    return f"“{_printed(where)}”: {error['msg']}."


@api.exception_handler(Trouble)
def _troubled(request: HttpRequest, trouble: Trouble) -> HttpResponse:
    return told(trouble)


@api.exception_handler(Refused)
def _refused(request: HttpRequest, why: Refused) -> HttpResponse:
    return told(Trouble(422, str(why)))


@api.exception_handler(HttpError)
def _framework(request: HttpRequest, why: HttpError) -> HttpResponse:
    return told(Trouble(why.status_code, f"{why.message}."))


@api.exception_handler(ValidationError)
def _not_valid(request: HttpRequest, why: ValidationError) -> HttpResponse:
    if request.method == "POST" and request.content_type != "multipart/form-data":
        return told(
            Trouble(415, "A file is sent as a form of the kind multipart/form-data.", "With curl: -F file=@name.")
        )
    return told(Trouble(422, " ".join(_in_words(error) for error in why.errors[:5])))


@api.exception_handler(Exception)
def _broken(request: HttpRequest, error: Exception) -> None:
    """Django logs it, and answers with the site's own handler, which speaks JSON below /api/."""
    raise error
