"""What stands around every page: the navigation, the footer, the error pages and the addresses robots ask for."""

import sys
from typing import NamedTuple

from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache

from openpractice.web.config import measured, readiness, trouble
from openpractice.web.organisations.acting import acting


class Link(NamedTuple):
    text: str
    href: str


class Visitor(NamedTuple):
    """Who is signed in, as the header says it."""

    name: str
    organisation: str
    role: str
    others: int  # organisations that they could act for instead


NAVIGATION = (
    Link("Overview", "/"),
    Link("Measures", "/measures/"),
    Link("Compare", "/compare/"),
    Link("Calls by hour", "/calls/"),
    Link("Data", "/data/"),
)
FOOTER = (
    Link("Glossary", "/glossary/"),
    Link("Accessibility", "/accessibility/"),
    Link("Data and coverage", "/data/"),
    Link("For programs", "/api/v1/docs"),
)
SOURCES = "NHS England, OHID, CQC, NHSBSA and ODS"

ERRORS = {
    400: ("Bad request", "We could not understand that address or form", "error/400.jinja"),
    403: ("Not allowed", "You cannot see this page", "error/403.jinja"),
    404: ("Page not found", "Page not found", "error/404.jinja"),
    413: ("Too large", "That is more than is taken here at once", "error/not_taken.jinja"),
    500: ("Something went wrong", "Sorry, something went wrong", "error/500.jinja"),
    503: ("Not possible now", "That cannot be taken now", "error/not_taken.jinja"),
    507: ("No room", "There is no room for that", "error/not_taken.jinja"),
}


def visitor(request) -> Visitor | None:
    """Who the header speaks to. Those who are not signed in cost no look into the database."""
    person = getattr(request, "user", None)  # an address that is refused at the door has none yet
    if person is None or not person.is_authenticated:
        return None
    now = acting(request)
    if now is None:
        return Visitor(str(person), "", "", 0)
    return Visitor(str(person), now.organisation.name, now.role.title, now.choices - 1)


def bad_request(request, exception=None):
    return error(request, 400)


def forbidden(request, exception=None):
    return error(request, 403, why=str(exception or ""))


def forged(request, reason=""):
    """A form that did not come from one of our pages, or from one that was open too long."""
    return error(
        request,
        403,
        why="The form was open too long, or did not come from this site. Go back, reload the page, send it again.",
    )


def not_found(request, exception=None):
    return error(request, 404)


def broken(request):
    """What went wrong: in words where it is the disk or the database, which somebody can see to; else as our fault."""
    status, why = trouble.told(sys.exc_info()[1]) or (500, "")
    try:
        return error(request, status, why=why)
    except Exception:  # whatever broke the page may break this one too
        said = why or "Sorry, something went wrong. The cause is in the server's log."
        return HttpResponse(f"{said}\n", "text/plain", status)


def error(request, status: int, why: str = "") -> HttpResponse:
    title, heading, template = ERRORS[status]
    return render(request, template, {"title": title, "heading": heading, "status": status, "why": why}, status=status)


async def health(request):
    """For a load balancer or a start script: the server answers."""
    return HttpResponse("ok\n", content_type="text/plain")


@never_cache
def ready(request):
    """For a load balancer or whoever watches: each thing that this server needs, and whether it is there."""
    answers = readiness.answers()
    is_ready = all(answer.ok for answer in answers.values())
    checks = {name: answer._asdict() for name, answer in answers.items()}
    return JsonResponse({"ready": is_ready, "checks": checks}, status=200 if is_ready else 503)


@never_cache
def metrics(request):
    """For Prometheus: from this machine, or with the token. For everybody else there is no such page."""
    if not scrapes(request):
        return error(request, 404)
    return HttpResponse(measured.page(), content_type=measured.KIND)


def scrapes(request) -> bool:
    """Whether a program may read the figures. Behind a proxy every visitor comes from this machine: there, by token only."""
    token = settings.METRICS_TOKEN
    if token and constant_time_compare(request.headers.get("Authorization", ""), f"Bearer {token}"):
        return True
    forwarded = any(name in request.headers for name in ("X-Forwarded-For", "X-Forwarded-Proto", "Forwarded", "Via"))
    return (
        request.META.get("REMOTE_ADDR") in ("127.0.0.1", "::1") and not forwarded and not settings.SECURE_HSTS_SECONDS
    )


async def robots(request):
    """Pages may be found; searches and files of figures would only keep robots busy."""
    rules = ("User-agent: *", "Disallow: /search", "Disallow: /*.csv$", "Disallow: /*.png$", "Disallow: /*.svg$")
    return HttpResponse("\n".join(rules) + "\n", content_type="text/plain")


async def favicon(request):
    """Where a browser looks when no page has told it better."""
    return redirect(static("icons/favicon.ico"))
