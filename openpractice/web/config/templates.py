"""The Jinja environment: our templates first, then the NHS.UK components."""

from functools import cache, lru_cache

from django.conf import settings
from django.templatetags.static import static
from django.urls import reverse
from django.utils.timezone import localtime
from jinja2 import ChainableUndefined, ChoiceLoader, Environment, PackageLoader
from markupsafe import Markup

from openpractice import __version__
from openpractice.analysis.wording import lower_first
from openpractice.present.numbers import heading
from openpractice.present.picture import shown
from openpractice.render import icons, words
from openpractice.web import forms, frame, moments


def environment(*, loader, **options) -> Environment:
    """Called by Django's Jinja2 backend, with autoescape on."""
    # NHS.UK components ask for parameters of parameters that nobody gave, so undefined must be chainable.
    options |= {"undefined": ChainableUndefined, "trim_blocks": True, "lstrip_blocks": True}
    loaders = ChoiceLoader([loader, PackageLoader("nhsuk_frontend_jinja")])
    made = Environment(loader=loaders, **options)  # autoescape is among the options  # nosec B701
    made.globals |= {
        "static": static,
        "url": reverse,
        "fragment": fragments(made),
        "frame": frame,
        "forms": forms,
        "version": __version__,
        "drawn_icon": drawn_icon,
    }
    made.filters |= {
        "count": lambda number: f"{number:,}",
        "month": words.period,
        "day": lambda moment: words.period(localtime(moment).date()),
        "moment": moments.moment,
        "since": moments.since,
        "time": lambda moment: f"{localtime(moment):%H:%M}",
        "lower_first": lower_first,
        "shown": shown,
        "heading": heading,
    }
    made.globals["ui"] = made.get_template("components.jinja").module  # imported once, not in each page
    return made


@cache
def drawn_icon(kind: str, size: int = 32) -> Markup:
    """The variation or assurance icon of that name, the same that reports draw."""
    draw = icons.variation_icon if kind in icons.VARIATION else icons.assurance_icon
    return Markup(draw(kind, size=size))


def fragments(made: Environment):
    """A function that renders a template once for each set of values and remembers it.

    The header and footer are the same for everybody under one heading, and the NHS.UK macros take several
    milliseconds to draw them; the rest of a page takes less than one.
    """

    def render(name: str, **values) -> Markup:
        return Markup(made.get_template(name).render(**values))

    return render if settings.DEBUG else lru_cache(maxsize=64)(render)
