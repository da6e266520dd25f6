"""The Jinja environment: our templates first, then the NHS.UK components."""

from functools import lru_cache

from django.conf import settings
from django.templatetags.static import static
from django.urls import reverse
from jinja2 import ChainableUndefined, ChoiceLoader, Environment, PackageLoader
from markupsafe import Markup

from openpractice import __version__
from openpractice.web import frame


def environment(*, loader, **options) -> Environment:
    """Called by Django's Jinja2 backend, with autoescape on."""
    # NHS.UK components ask for parameters of parameters that nobody gave, so undefined must be chainable.
    options |= {"undefined": ChainableUndefined, "trim_blocks": True, "lstrip_blocks": True}
    made = Environment(loader=ChoiceLoader([loader, PackageLoader("nhsuk_frontend_jinja")]), **options)
    made.globals |= {
        "static": static,
        "url": reverse,
        "fragment": fragments(made),
        "frame": frame,
        "version": __version__,
    }
    made.globals["ui"] = made.get_template("components.jinja").module  # imported once, not in each page
    made.filters["count"] = lambda number: f"{number:,}"
    return made


def fragments(made: Environment):
    """A function that renders a template once for each set of values and remembers it.

    The header and footer are the same for everybody under one heading, and the NHS.UK macros take several
    milliseconds to draw them; the rest of a page takes less than one.
    """

    def render(name: str, **values) -> Markup:
        return Markup(made.get_template(name).render(**values))

    return render if settings.DEBUG else lru_cache(maxsize=64)(render)
