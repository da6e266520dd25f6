"""For those who run the installation: which organisations are here, and who answers for each."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from openpractice.web.config.seeing import across
from openpractice.web.organisations import actions, inviting, letters
from openpractice.web.organisations.acting import Acting
from openpractice.web.organisations.forms import Invite, NewOrganisation
from openpractice.web.organisations.models import Organisation
from openpractice.web.organisations.needs import needs
from openpractice.web.organisations.roles import Permission
from openpractice.web.organisations.rules import NotAllowed

TRAIL = [("Overview", "/"), ("You", "/you/")]
OURS = [*TRAIL, ("Organisations", "/organisations/")]


@needs(Permission.MANAGE_ORGANISATIONS)
@require_http_methods(["GET", "POST"])
def page(request: HttpRequest, now: Acting) -> HttpResponse:
    """Every organisation, and a form for another."""
    form = NewOrganisation(request.POST or None)
    if form.is_valid():
        made = actions.add_organisation(by=request.user, **form.cleaned_data)
        return redirect("organisation", organisation=made.pk)
    context = {"title": "Organisations", "trail": TRAIL, "organisations": Organisation.objects.all(), "form": form}
    return render(request, "organisations/organisations.jinja", context, status=422 if form.errors else 200)


@needs(Permission.MANAGE_ORGANISATIONS)
@require_http_methods(["GET", "POST"])
def organisation(request: HttpRequest, now: Acting, organisation: int) -> HttpResponse:
    """One organisation: its first administrator is invited from here, and here it is closed."""
    found = get_object_or_404(Organisation, pk=organisation)
    form = Invite(found, request.POST if request.POST.get("do") == "invite" else None)
    link, problem, invited = "", "", None
    try:
        if request.method == "POST" and request.POST.get("do") == "close":
            actions.close_organisation(organisation=found, by=request.user)
            return redirect("organisations")
        if form.is_valid():
            invited, token = inviting.invite_first(organisation=found, by=request.user, **form.cleaned_data)
            link, form = letters.deliver(request, invited, token), Invite(found)
    except NotAllowed as why:
        problem = str(why)
    with across():  # whoever runs the installation is told who answers for an organisation, and sees nothing else of it
        members = list(found.memberships.current().select_related("person"))
    context = {
        "title": found.name, "trail": OURS, "organisation": found, "members": members, "form": form, "link": link,
        "invited": invited, "problem": problem, "managed": any(one.role.may(Permission.MANAGE_PEOPLE) for one in members),
    }  # fmt: skip
    status = 409 if problem else 422 if form.errors else 200
    return render(request, "organisations/organisation.jinja", context, status=status)
