"""Around every request: a number that leads from a visitor's answer to the log, one line there, and its time counted.

It stands in front of Django, so that static files and what is refused at the door are counted too. What was asked for is
told by the name of a view; see `logs` for why nothing else is.
"""

from __future__ import annotations

import logging
import re
import time
import uuid
from typing import Any

from openpractice.web.config import logs, measured

VIEW = "openpractice.view"  # the scope's key for the name of the view, which Django finds out
GIVEN = re.compile(rb"[0-9A-Fa-f-]{16,64}")  # as a proxy writes them; nothing that somebody could hide a name in
METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
LEFT = 499  # the visitor left before there was an answer
log = logging.getLogger("openpractice.requests")


class Counted:
    """An ASGI application that counts and tells each request."""

    def __init__(self, application):
        self.application = application

    async def __call__(self, scope, receive, send) -> None:
        if scope["type"] != "http":
            return await self.application(scope, receive, send)
        one = _Request(scope, number_of(scope))

        async def sending(message) -> None:
            if message["type"] == "http.response.start":
                one.status = message["status"]
                message = {**message, "headers": [*message["headers"], (b"x-request-id", one.number.encode())]}
            elif not message.get("more_body"):
                one.over()  # before the visitor has it all, so that their next request finds it counted
            await send(message)

        token = logs.request_id.set(one.number)
        try:
            await self.application(scope, receive, sending)
        finally:
            one.over()
            logs.request_id.reset(token)


class _Request:
    """One of them, from its beginning until it is over, which is told once."""

    def __init__(self, scope: dict[str, Any], number: str):
        self.scope, self.number, self.status, self.told = scope, number, LEFT, False
        self.began = time.perf_counter()

    def over(self) -> None:
        if self.told:
            return
        self.told, seconds = True, time.perf_counter() - self.began
        view = self.scope.get(VIEW, "none")
        method = self.scope["method"] if self.scope["method"] in METHODS else "OTHER"
        measured.request(view, method, self.status, seconds)
        if log.isEnabledFor(logging.INFO):
            said = {"method": method, "view": view, "status": self.status, "ms": round(seconds * 1000)}
            log.info("%s %s %s in %s ms", method, view, self.status, said["ms"], extra=said)


def number_of(scope: dict[str, Any]) -> str:
    """The number that a proxy gave the request, or a new one."""
    given = dict(scope["headers"]).get(b"x-request-id", b"")
    return given.decode() if GIVEN.fullmatch(given) else uuid.uuid4().hex


def name_view(request: Any) -> None:
    """Say which view answers, once Django knows."""
    match, scope = getattr(request, "resolver_match", None), getattr(request, "scope", None)
    if match is not None and scope is not None:
        scope[VIEW] = match.view_name or match.route
