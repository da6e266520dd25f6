"""The first page, which also greets those who have loaded nothing yet."""

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render

from openpractice.present import home as presented
from openpractice.store import Store
from openpractice.web.explore import pages
from openpractice.web.explore import store as opened

DESCRIPTION = "See what is changing at your practice, compare it fairly, and test what to do next. Open data of English general practice."


def home(request: HttpRequest) -> HttpResponse:
    if opened.store() is None:
        context = {"section": "Overview", "home": presented.Home()}
        return render(request, "explore/home_empty.jinja", context)
    return loaded(request)


@pages.page("explore/home.jinja")
def loaded(store: Store, query: QueryDict) -> pages.Page:
    return pages.Page(section="Overview", description=DESCRIPTION, bare=True, context={"home": presented.home(store)})
