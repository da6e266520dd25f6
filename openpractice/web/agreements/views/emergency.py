"""Opening figures in an emergency; and for those whose figures they are: seeing it, ending it, reviewing it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from openpractice.web.agreements import emergency as emergencies
from openpractice.web.agreements.forms import OpenFigures, ReviewEmergency
from openpractice.web.agreements.models import Emergency
from openpractice.web.agreements.views.agreements import OURS
from openpractice.web.organisations.acting import Acting
from openpractice.web.organisations.needs import needs
from openpractice.web.organisations.roles import Permission
from openpractice.web.organisations.rules import NotAllowed

LIST = [*OURS, ("Emergencies", "/agreements/emergency/")]


@never_cache
@needs(Permission.REVIEW_EMERGENCIES, Permission.OPEN_IN_EMERGENCY)
@require_http_methods(["GET"])
def page(request: HttpRequest, now: Acting) -> HttpResponse:
    """Whoever opened the organisation's figures, and whatever its own people opened elsewhere.

    Those who only open figures of others are led to where they do.
    """
    if not now.may(Permission.REVIEW_EMERGENCIES):
        return redirect("open_emergency")
    here = now.organisation.emergencies_here.select_related("person", "reader", "review")
    elsewhere = now.organisation.emergencies_elsewhere.select_related("person", "owner", "review")
    context = {
        "title": f"Emergencies at {now.organisation}", "trail": OURS, "now": now,
        "open": [one for one in here if one.is_open], "waiting": list(emergencies.unreviewed(now.organisation)),
        "reviewed": [one for one in here if hasattr(one, "review")], "elsewhere": elsewhere,
    }  # fmt: skip
    return render(request, "agreements/emergencies.jinja", context)


@never_cache
@needs(Permission.OPEN_IN_EMERGENCY)
@require_http_methods(["GET", "POST"])
def open_page(request: HttpRequest, now: Acting) -> HttpResponse:
    """Open another practice's figures, or end what one has opened."""
    mine = Emergency.objects.filter(person=request.user, reader=now.organisation).select_related("owner", "review")
    form = OpenFigures(now.organisation, request.POST if request.POST.get("do") == "open" else None)
    problem = ""
    try:
        if request.POST.get("do") == "end":
            number = request.POST.get("emergency", "")
            found = get_object_or_404(mine, pk=number if number.isdecimal() and len(number) < 19 else 0)
            emergencies.end(emergency=found, by=request.user)
            return redirect("open_emergency")
        if form.is_valid():
            site = request.build_absolute_uri(reverse("emergencies"))
            emergencies.open_figures(by=request.user, acting_for=now.organisation, site=site, **form.cleaned_data)
            return redirect("open_emergency")
    except NotAllowed as why:
        problem = str(why)
    context = {
        "title": "Open figures in an emergency", "trail": OURS, "now": now, "form": form, "problem": problem,
        "open": [one for one in mine if one.is_open], "past": [one for one in mine if not one.is_open],
    }  # fmt: skip
    status = 409 if problem else 422 if form.errors else 200
    return render(request, "agreements/open_emergency.jinja", context, status=status)


@never_cache
@needs(Permission.REVIEW_EMERGENCIES)
@require_http_methods(["GET", "POST"])
def one(request: HttpRequest, now: Acting, emergency: int) -> HttpResponse:
    """One emergency in full: end it while it is open, review it when it is over."""
    here = Emergency.objects.filter(owner=now.organisation).select_related("person", "reader", "review__by", "ended_by")
    found = get_object_or_404(here, pk=emergency)
    form = ReviewEmergency(request.POST if request.POST.get("do") == "review" else None)
    problem = ""
    try:
        if request.POST.get("do") == "end":
            emergencies.end(emergency=found, by=request.user)
            return redirect("emergency", emergency=found.pk)
        if form.is_valid():
            emergencies.review(emergency=found, by=request.user, **form.cleaned_data)
            return redirect("emergency", emergency=found.pk)
    except NotAllowed as why:
        problem = str(why)
    context = {
        "title": f"Opened by {found.person}", "trail": LIST, "now": now, "one": found, "form": form,
        "problem": problem, "review": getattr(found, "review", None),
    }  # fmt: skip
    status = 409 if problem else 422 if form.errors else 200
    return render(request, "agreements/emergency.jinja", context, status=status)
