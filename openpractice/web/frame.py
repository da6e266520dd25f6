"""What stands around every page: the navigation, the footer, the error pages and the addresses robots ask for."""

from typing import NamedTuple

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static


class Link(NamedTuple):
    text: str
    href: str


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
)
SOURCES = "NHS England, OHID, CQC, NHSBSA and ODS"

ERRORS = {
    400: ("Bad request", "We could not understand that address or form", "error/400.jinja"),
    403: ("Not allowed", "You cannot see this page", "error/403.jinja"),
    404: ("Page not found", "Page not found", "error/404.jinja"),
    500: ("Something went wrong", "Sorry, something went wrong", "error/500.jinja"),
}


def bad_request(request, exception=None):
    return error(request, 400)


def forbidden(request, exception=None):
    return error(request, 403)


def forged(request, reason=""):
    """A form that did not come from one of our pages, or from one that was open too long."""
    return error(request, 403)


def not_found(request, exception=None):
    return error(request, 404)


def broken(request):
    try:
        return error(request, 500)
    except Exception:  # whatever broke the page may break this one too
        return HttpResponse("Sorry, something went wrong. The cause is in the server's log.\n", "text/plain", 500)


def error(request, status: int) -> HttpResponse:
    title, heading, template = ERRORS[status]
    return render(request, template, {"title": title, "heading": heading, "status": status}, status=status)


async def health(request):
    """For a load balancer or a start script: the server answers."""
    return HttpResponse("ok\n", content_type="text/plain")


async def robots(request):
    """Pages may be found; searches and files of figures would only keep robots busy."""
    rules = ("User-agent: *", "Disallow: /search", "Disallow: /*.csv$", "Disallow: /*.png$", "Disallow: /*.svg$")
    return HttpResponse("\n".join(rules) + "\n", content_type="text/plain")


async def favicon(request):
    """Where a browser looks when no page has told it better."""
    return redirect(static("icons/favicon.ico"))
