"""How much may be sent to an address, before anything else is asked.

Django takes the whole of a request in, and lays what is large onto the disk, before any code of ours runs. So the bytes
are counted here, in front of it. What is too much, or finds no room on the disk, is read to its end and thrown away, so
that the browser gets its answer; then Django sees an empty request with a mark, and answers with a page that says why.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.deprecation import MiddlewareMixin

from openpractice.sources.disk import OUT_OF_ROOM
from openpractice.web import frame
from openpractice.web.config.headers import InLoop

FILES = ("/uploads/", "/api/v1/uploads")
AROUND = 100_000  # bytes of a form around its files
THROWN_AWAY = 4  # times the limit: who sends still more is cut off
MARK = "openpractice.not_taken"


class Limited:
    """An ASGI application that takes no more than it should."""

    def __init__(self, application):
        self.application = application

    async def __call__(self, scope, receive, send) -> None:
        if scope["type"] != "http" or scope["method"] in ("GET", "HEAD"):
            return await self.application(scope, receive, send)
        body = Body(scope, receive)
        try:
            await self.application(scope, body, send)
        except OSError as trouble:
            if body.whole:  # not in taking it in
                raise
            body.refuse(507 if trouble.errno in OUT_OF_ROOM else 503)
            await self.application(scope, body, send)


class Body:
    """The messages of one request, as Django gets to see them."""

    def __init__(self, scope: dict[str, Any], receive):
        self.scope, self.receive = scope, receive
        files = scope["path"].startswith(FILES)
        self.largest = settings.LARGEST_UPLOAD + AROUND if files else settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        self.taken, self.whole = 0, False
        if declared(scope) > self.largest:
            self.refuse(413)

    def refuse(self, status: int) -> None:
        self.scope[MARK] = status

    async def __call__(self) -> dict[str, Any]:
        message = await self._next()
        while MARK in self.scope and message["type"] == "http.request" and not self.whole:
            if self.taken > THROWN_AWAY * self.largest:
                return {"type": "http.disconnect"}
            message = await self._next()
        if MARK in self.scope and message["type"] == "http.request":
            return {"type": "http.request", "body": b"", "more_body": False}
        return message

    async def _next(self) -> dict[str, Any]:
        message = await self.receive()
        self.taken += len(message.get("body", b""))
        self.whole = self.whole or (message["type"] == "http.request" and not message.get("more_body"))
        if self.taken > self.largest and MARK not in self.scope:
            self.refuse(413)
        return message


def declared(scope: dict[str, Any]) -> int:
    """How much the sender says is coming; nothing, where that is left open."""
    said = dict(scope["headers"]).get(b"content-length", b"")
    return int(said) if said.isdigit() else 0


class NotTaken(InLoop, MiddlewareMixin):
    """The answer to a request that was not taken in."""

    def process_request(self, request: HttpRequest) -> HttpResponse | None:
        status = getattr(request, "scope", {}).get(MARK)
        return not_taken(request, status) if status else None

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        return response


def not_taken(request: HttpRequest, status: int) -> HttpResponse:
    """Why what was sent was not taken: as a page, or for a program that asks for it, as JSON."""
    why = {
        413: f"What you sent is larger than what is taken here at once: {settings.LARGEST_UPLOAD / 1e6:,.0f} MB of files. "
        "Send fewer files at a time, split a large one, for example by month, or compress it as a ZIP file.",
        507: "The disk of this server is full. Nothing of what you sent was kept. Tell whoever runs this installation.",
        503: "This server cannot write to its disk. Nothing of what you sent was kept. Tell whoever runs this installation.",
    }[status]
    if request.path.startswith("/api/") or "json" in request.headers.get("accept", ""):
        return JsonResponse({"title": frame.ERRORS[status][0], "status": status, "detail": why}, status=status)
    return frame.error(request, status, why=why)
