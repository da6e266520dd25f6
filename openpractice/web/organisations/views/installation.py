"""For those who run the installation: which organisations are here, and who answers for each."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from openpractice.web.config.seeing import across
from openpractice.web.organisations import actions, inviting, letters
from openpractice.web.organisations.acting import Acting
from openpractice.web.organisations.forms import Invite, NewOrganisation
from openpractice.web.organisations.models import Organisation
from openpractice.web.organisations.needs import needs
from openpractice.web.organisations.roles import Permission
from openpractice.web.organisations.rules import NotAllowed, is_managed

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
    do = request.POST.get("do")
    form = Invite(found, request.POST if do == "invite" else None)
    link, problem, invited = "", "", None
    try:
        if do == "close":
            actions.close_organisation(organisation=found, by=request.user)
            return redirect("organisations")
        if do == "withdraw":
            _withdraw(request, found)
            return redirect("organisation", organisation=found.pk)
        if form.is_valid():
            invited, token = inviting.invite_first(organisation=found, by=request.user, **form.cleaned_data)
            link, form = letters.deliver(request, invited, token), Invite(found)
    except NotAllowed as why:
        problem = str(why)
    context = {
        "title": found.name, "trail": OURS, "organisation": found, "form": form, "link": link, "invited": invited,
        "problem": problem, **_told(found),
    }  # fmt: skip
    status = 409 if problem else 422 if form.errors else 200
    return render(request, "organisations/organisation.jinja", context, status=status)


def _withdraw(request: HttpRequest, found: Organisation) -> None:
    asked = [one for one in _told(found)["invitations"] if str(one.pk) == request.POST.get("invitation")]
    if not asked:
        raise Http404
    inviting.withdraw(invitation=asked[0], by=request.user)


@across()
def _told(found: Organisation) -> dict[str, Any]:
    """Whoever runs the installation is told who answers for an organisation, or is invited to, and nothing else of it."""
    managed = is_managed(found)
    opened = [] if managed else [one for one in found.invitations.all() if one.is_open]
    return {"members": list(found.memberships.current().select_related("person")), "managed": managed, "invitations": opened}  # fmt: skip
