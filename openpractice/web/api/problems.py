"""What a program is told when something cannot be done: one shape for every error, with the remedy in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.http import HttpRequest, HttpResponse
from ninja import Field, Schema

TITLES = {
    400: "Not understood",
    401: "Who are you?",
    403: "Not allowed",
    404: "Not found",
    405: "Not possible here",
    409: "In conflict with what is there",
    413: "Too large",
    415: "Of the wrong kind",
    422: "Asked in a way that cannot be answered",
    429: "Too many requests",
    500: "Something went wrong",
    503: "Not ready",
    507: "No room",
}
BROKEN = "Something went wrong on our side. The cause is in the server's log."
REMEDIES = {
    401: "Send a token that works in the header “Authorization: Bearer …”. Tokens are made on the page of your organisation.",
    404: "The addresses are listed at /api/v1/docs.",
    500: "Try again in a moment. If it happens again, tell whoever runs this installation.",
}


class Problem(Schema):
    """Why there is no answer, and what to do about it."""

    title: str = Field(description="The kind of problem, the same words for the same status.")
    status: int = Field(description="The HTTP status, once more.")
    detail: str = Field(description="What is wrong with this request, as a sentence.")
    remedy: str | None = Field(None, description="What to do about it.")


class Trouble(Exception):
    """Raised wherever an operation finds that it cannot answer; becomes a Problem."""

    def __init__(self, status: int, detail: str, remedy: str = "", headers: Mapping[str, str] | None = None):
        super().__init__(detail)
        self.status, self.detail, self.remedy, self.headers = status, detail, remedy, dict(headers or {})


def told(trouble: Trouble) -> HttpResponse:
    """A problem as an answer. No cache keeps it: the next request may well be answered."""
    said = Problem(
        title=TITLES[trouble.status], status=trouble.status, detail=trouble.detail,
        remedy=trouble.remedy or REMEDIES.get(trouble.status),
    )  # fmt: skip
    headers = {"Cache-Control": "no-store", **trouble.headers}
    if trouble.status == 401:
        headers["WWW-Authenticate"] = 'Bearer realm="OpenPractice"'
    return HttpResponse(said.model_dump_json(), content_type="application/json", status=trouble.status, headers=headers)


def below_api(page: Callable[..., HttpResponse], status: int, detail: str) -> Callable[..., HttpResponse]:
    """An error page of the site for people, and the same as a Problem for programs: below /api/ all is JSON."""

    def answer(request: HttpRequest, *arguments, **named) -> HttpResponse:
        if request.path.startswith("/api/"):
            return told(Trouble(status, detail))
        return page(request, *arguments, **named)

    return answer
