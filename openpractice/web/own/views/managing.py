"""For those who answer for an organisation's own data: its key, how long it is kept, and leaving."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from openpractice.web.organisations.acting import Acting
from openpractice.web.organisations.needs import needs
from openpractice.web.organisations.roles import Permission
from openpractice.web.organisations.rules import NotAllowed
from openpractice.web.own import actions
from openpractice.web.own.forms import ChangeKey, Keep, Leave
from openpractice.web.own.keeping import first_kept, months_of
from openpractice.web.own.leaving import REMAINS, leave
from openpractice.web.own.place import home_of
from openpractice.web.own.views.figures import OURS


@never_cache
@needs(Permission.MANAGE_OWN)
@require_http_methods(["GET", "POST"])
def key(request: HttpRequest, now: Acting) -> HttpResponse:
    """What a new key changes, and taking one."""
    form = ChangeKey(request.POST or None)
    changed = False
    if form.is_valid():
        try:
            actions.change_key(organisation=now.organisation, by=request.user)
            form, changed = ChangeKey(), True
        except NotAllowed as why:
            form.add_error("sure", str(why))
    there = (home_of(now.organisation) / "key").exists()
    context = {"title": "The key", "trail": OURS, "now": now, "form": form, "changed": changed, "there": there}
    return render(request, "own/key.jinja", context, status=422 if form.errors else 200)


@never_cache
@needs(Permission.MANAGE_OWN)
@require_http_methods(["GET", "POST"])
def keeping(request: HttpRequest, now: Acting) -> HttpResponse:
    """For how many months own data are kept."""
    months = months_of(now.organisation)
    form = Keep(request.POST or None, initial={"months": months})
    if form.is_valid():
        try:
            actions.keep_for(organisation=now.organisation, by=request.user, **form.cleaned_data)
            return redirect("own_keeping")
        except NotAllowed as why:
            form.add_error("months", str(why))
    context = {
        "title": "How long own data are kept", "trail": OURS, "now": now, "form": form, "months": months,
        "first": first_kept(months),
    }  # fmt: skip
    return render(request, "own/keeping.jinja", context, status=422 if form.errors else 200)


@never_cache
@needs(Permission.MANAGE_OWN)
@require_http_methods(["GET", "POST"])
def leaving(request: HttpRequest, now: Acting) -> HttpResponse:
    """Delete everything that the organisation holds here of its own, once its name is typed."""
    form, gone = Leave(request.POST or None), False
    if form.is_valid():
        try:
            leave(organisation=now.organisation, by=request.user, **form.cleaned_data)
            gone = True
        except NotAllowed as why:
            form.add_error("typed", str(why))
    context = {
        "title": "Delete all own data", "trail": OURS, "now": now, "form": form, "gone": gone, "remains": REMAINS,
        "there": home_of(now.organisation).exists(),
    }  # fmt: skip
    return render(request, "own/leave.jinja", context, status=422 if form.errors else 200)
