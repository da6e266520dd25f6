"""When does the phone ring?"""

from django.http import QueryDict

from openpractice.present import calls as presented
from openpractice.present.picture import Picture
from openpractice.render import words
from openpractice.store import Store
from openpractice.web.explore import pages, pictures
from openpractice.web.explore.pages import Page

ADDRESS = "/calls/"


@pages.page("explore/calls.jinja", "of", "month", "each")
def calls(store: Store, query: QueryDict) -> Page:
    found = _asked(store, query)
    return Page(
        title="Calls by hour",
        section="Calls by hour",
        trail=[("Overview", "/")],
        description="When patients in England ring their practice and send online requests, by weekday and time of day.",
        context={
            "found": found,
            "kinds": presented.KINDS,
            "ways": presented.SHOWN,
            "month": words.period,
            "week": pictures.chart(found.week, ADDRESS, query) if found.week else None,
            "waits": [pictures.chart(one, ADDRESS) for one in found.waits],
        },
    )


@pictures.files
def files(store: Store, query: QueryDict) -> list[Picture]:
    return _asked(store, query).pictures


def _asked(store: Store, query: QueryDict) -> presented.Calls:
    return presented.calls(store, query.get("of", ""), query.get("month", ""), query.get("each", ""))
