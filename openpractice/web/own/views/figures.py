"""Your own data: what is loaded, what it shows, who else sees it now and why; and one measure in full."""

from __future__ import annotations

import datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from openpractice.analysis import loaded
from openpractice.web.agreements.standing import shared_by
from openpractice.web.organisations.acting import Acting
from openpractice.web.organisations.models import Organisation
from openpractice.web.organisations.needs import needs
from openpractice.web.organisations.roles import Kind, Permission
from openpractice.web.own import figures
from openpractice.web.own.keeping import first_kept, months_of
from openpractice.web.own.place import home_of
from openpractice.web.own.stores import opened

TRAIL = [("Overview", "/"), ("You", "/you/")]
OURS = [*TRAIL, ("Your own data", "/own/")]


@never_cache
@needs(Permission.SEE_OWN)
@require_safe
def page(request: HttpRequest, now: Acting) -> HttpResponse:
    """Which of the organisation's own files are loaded, its latest figures, who else can see them, and what next."""
    organisation = now.organisation
    with opened(organisation) as store:
        found = {
            "files": loaded.files(store) if store else [],
            "topics": figures.cards(store, organisation) if store else [],
        }
    months = months_of(organisation)
    context = {
        "title": f"{organisation}’s own data", "trail": TRAIL, "now": now, **found, "months": months,
        "first_kept": first_kept(months), "key_made": _key_made(organisation), **_seen_by(organisation),
        "is_practice": organisation.kind == Kind.PRACTICE,
    }  # fmt: skip
    return render(request, "own/own.jinja", context)


def _seen_by(organisation: Organisation) -> dict:
    """Agreements in force that cover figures of its own, and emergencies that are open."""
    covering = [s for s in shared_by(organisation) if s.in_force and any(map(s.covers, figures.topics()))]
    here = organisation.emergencies_here.select_related("person", "reader")
    return {"shares": covering, "emergencies": [one for one in here if one.is_open]}


def _key_made(organisation: Organisation) -> datetime.datetime | None:
    """When the key was made that counts now."""
    key = home_of(organisation) / "key"
    if not key.exists():
        return None
    return datetime.datetime.fromtimestamp(key.stat().st_mtime, timezone.get_current_timezone())


@never_cache
@needs(Permission.SEE_OWN)
@require_safe
def measure(request: HttpRequest, now: Acting, name: str) -> HttpResponse:
    """One measure of the organisation's own records: its months as a process, and every count."""
    found = next((m for m in figures.measures() if m.name == name), None)
    with opened(now.organisation) as store:
        months = figures.series(store, found, now.organisation) if store and found else []
    if found is None or not months:
        raise Http404
    context = {
        "title": f"{found.title}, {now.organisation}", "trail": OURS, "now": now, "measure": found,
        "chart": figures.drawn(found, now.organisation, months),
        "table": figures.table(found, now.organisation, months),
    }  # fmt: skip
    return render(request, "own/measure.jinja", context)
