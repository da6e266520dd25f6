"""For those who run the installation: one person's way in. Stopped, given back, or without a lost second factor."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from openpractice.web.accounts.models import Person
from openpractice.web.config.seeing import across
from openpractice.web.organisations import signing_in
from openpractice.web.organisations.acting import Acting, current
from openpractice.web.organisations.forms import FindPerson
from openpractice.web.organisations.needs import needs
from openpractice.web.organisations.roles import Permission
from openpractice.web.organisations.rules import NotAllowed
from openpractice.web.organisations.views.installation import OURS

DONE = {
    "deactivate": (signing_in.deactivate, "Deactivated. From now on they cannot sign in, and open pages show them nothing."),
    "activate": (signing_in.activate, "They can sign in again."),
    "second_factors": (signing_in.take_second_factors, "Their second factors are gone. They sign in with the password and set up anew."),
}  # fmt: skip


@needs(Permission.MANAGE_ORGANISATIONS)
@require_http_methods(["GET", "POST"])
def page(request: HttpRequest, now: Acting) -> HttpResponse:
    """Find somebody by their email address; then deactivate, activate again, or take away second factors."""
    form = FindPerson(request.POST or request.GET or None)
    found = form.person if form.is_valid() else None
    done = problem = ""
    chosen = DONE.get(request.POST.get("do", ""))
    if found and chosen:
        try:
            chosen[0](person=found, by=request.user)
            done = chosen[1]
        except NotAllowed as why:
            problem = str(why)
    context = {
        "title": "Somebody's way in", "trail": OURS, "form": form, "done": done, "problem": problem, **_of(found),
    }  # fmt: skip
    status = 409 if problem else 422 if form.errors else 200
    return render(request, "organisations/way_in.jinja", context, status=status)


def _of(person: Person | None) -> dict:
    if person is None:
        return {}
    with across():  # for whom they act is told to whoever has to decide whether to stop them
        memberships = list(current(person))
    return {"person": person, "memberships": memberships, "factors": Authenticator.objects.filter(user=person).count()}
