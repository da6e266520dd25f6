"""Every request to the API comes through here: who asks, whether they ask too much, and an answer that is always JSON."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from django.views.decorators.csrf import csrf_exempt

from openpractice.web.api import bearer
from openpractice.web.api.limits import Allowance, Limit, neighbourhood
from openpractice.web.api.problems import Trouble, told
from openpractice.web.config import trouble

OF_ADDRESSES = Limit(settings.API_OPEN_A_MINUTE)
OF_TOKENS = Limit(settings.API_TOKEN_A_MINUTE, shared=True)
GUESS = 10  # what a token that does not work costs: nobody guesses one, and a program that is told no should stop
View = Callable[..., HttpResponse]


def through(view: View) -> View:
    """A view behind the door. No cookie is read here, so no form of another site can act in anybody's name."""

    @csrf_exempt
    @wraps(view)
    def answer(request: HttpRequest, **scope: str) -> HttpResponse:
        allowance = None
        try:
            allowance = _let_in(request)
            if request.method == "HEAD":  # the same answer, of which the server sends the headers alone
                request.method = "GET"
            response = _in_words(view(request, **scope))
        except Trouble as why:
            response = told(why)
        except DatabaseError as fault:
            response = told(_away(fault))
        if allowance := getattr(request, "allowance", allowance):
            for name, value in allowance.headers.items():
                response[name] = value
        patch_vary_headers(response, ["Authorization"])
        return response

    return answer


def _let_in(request: HttpRequest) -> Allowance:
    """Find out who asks, and count it. Raises Trouble."""
    request.caller = None  # type: ignore[attr-defined]
    try:
        request.caller = bearer.caller(request)  # type: ignore[attr-defined]
    except Trouble:
        count(request, GUESS)
        raise
    return count(request)


def count(request: HttpRequest, cost: int = 1) -> Allowance:
    """Spend some of the caller's minute: one for a request, more for one that keeps the server busy. Raises Trouble."""
    caller = request.caller  # type: ignore[attr-defined]
    if caller:
        allowance = OF_TOKENS.spend(str(caller.token.pk), cost)
    else:
        allowance = OF_ADDRESSES.spend(neighbourhood(request.META.get("REMOTE_ADDR", "")), cost)
    request.allowance = allowance  # type: ignore[attr-defined]
    if allowance.exceeded:
        raise Trouble(
            429,
            f"You may ask {allowance.limit:,} times a minute, and have.",
            f"Wait {allowance.seconds} seconds. Ask for more areas, measures or months at a time, and less often.",
        )
    return allowance


def _away(fault: DatabaseError) -> Trouble:
    """What a program is told when the database does not answer, or its disk is full."""
    _, why = trouble.told(fault) or (503, trouble.AWAY)
    return Trouble(503, why, "Try again in a moment; nothing was changed.", {"Retry-After": "5"})


def _in_words(response: HttpResponse) -> HttpResponse:
    """What the framework refuses without words gets them."""
    if response.status_code != 405:
        return response
    allowed = response["Allow"].split(", ")
    methods = ", ".join(sorted({*allowed, *(["HEAD"] if "GET" in allowed else [])}))
    return told(Trouble(405, f"This address understands {methods} only.", headers={"Allow": methods}))


@through
def nowhere(request: HttpRequest, **scope: str) -> HttpResponse:
    """Every other address below /api/."""
    raise Trouble(404, "There is nothing at this address.")
