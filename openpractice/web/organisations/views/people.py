"""Who acts for the organisation: inviting, changing a role, ending a membership, handing over."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from openpractice.web.organisations import actions, forms, inviting, letters
from openpractice.web.organisations.acting import Acting
from openpractice.web.organisations.needs import needs
from openpractice.web.organisations.roles import Permission, offered
from openpractice.web.organisations.rules import NotAllowed

TRAIL = [("Overview", "/"), ("You", "/you/")]
OURS = [*TRAIL, ("People", "/organisation/people/")]


@needs(Permission.SEE_PEOPLE)
@require_http_methods(["GET"])
def page(request: HttpRequest, now: Acting) -> HttpResponse:
    """Everybody who acts for the organisation, and for those who manage them the open invitations."""
    return _page(request, now, forms.Invite(now.organisation))


def _page(request: HttpRequest, now: Acting, form: forms.Invite, status: int = 200, **more: Any) -> HttpResponse:
    organisation, manages = now.organisation, now.may(Permission.MANAGE_PEOPLE)
    context = {
        "title": f"People of {organisation}",
        "trail": TRAIL,
        "now": now,
        "manages": manages,
        "members": _members(now),
        "invitations": [i for i in organisation.invitations.select_related("invited_by") if i.is_open]
        if manages
        else [],
        "form": form if manages else None,
        "rules": _rules(now) if manages else [],
        **more,
    }
    return render(request, "organisations/people.jinja", context, status=status)


def _members(now: Acting):
    return now.organisation.memberships.current().select_related("person", "organisation").order_by("person__name")


def _rules(now: Acting) -> list[tuple]:
    """Each role that this kind of organisation gives, and whether it must sign in with a second factor."""
    own = dict(now.organisation.second_factor_rules.values_list("role_name", "required"))
    return [(role, own.get(role.name, role.second_factor)) for role in offered(now.organisation.kind)]


@needs(Permission.MANAGE_PEOPLE)
@require_POST
def invite(request: HttpRequest, now: Acting) -> HttpResponse:
    """Make an invitation. Its link goes by email, or else is shown once, to be sent however people talk to each other."""
    form = forms.Invite(now.organisation, request.POST)
    if form.is_valid():
        try:
            made, token = inviting.invite(organisation=now.organisation, by=request.user, **form.cleaned_data)
            link = letters.deliver(request, made, token)
            return _page(request, now, forms.Invite(now.organisation), invited=made, link=link)
        except NotAllowed as why:
            form.add_error("email", str(why))
    return _page(request, now, form, status=422)


@needs(Permission.MANAGE_PEOPLE)
@require_http_methods(["GET", "POST"])
def member(request: HttpRequest, now: Acting, membership: int) -> HttpResponse:
    """One member: another role, or the end of the membership."""
    found = get_object_or_404(_members(now), pk=membership)
    form = forms.ChangeRole(found, request.POST if request.POST.get("do") == "change" else None)
    problem = ""
    try:
        if request.method == "POST" and request.POST.get("do") == "remove":
            actions.remove(membership=found, by=request.user)
            return redirect("people")
        if form.is_valid():
            actions.change_role(membership=found, by=request.user, **form.cleaned_data)
            return redirect("people")
    except NotAllowed as why:
        problem = str(why)
    context = {"title": str(found.person), "trail": OURS, "member": found, "form": form, "problem": problem}
    return render(
        request, "organisations/member.jinja", context, status=409 if problem else 422 if form.errors else 200
    )


@needs(Permission.MANAGE_PEOPLE)
@require_http_methods(["GET", "POST"])
def hand_over(request: HttpRequest, now: Acting, membership: int) -> HttpResponse:
    """Give one's own role to a colleague, and leave."""
    mine = get_object_or_404(_members(now).filter(person=request.user), pk=membership)
    form = forms.HandOver(mine, request.POST or None)
    if form.is_valid():
        try:
            actions.hand_over(membership=mine, to=form.cleaned_data["to"], by=request.user)
            return redirect("you")
        except NotAllowed as why:
            form.add_error("to", str(why))
    context = {"title": f"Hand over at {now.organisation}", "trail": OURS, "mine": mine, "form": form}
    return render(request, "organisations/hand_over.jinja", context, status=422 if form.errors else 200)


@needs(Permission.MANAGE_PEOPLE)
@require_POST
def withdraw(request: HttpRequest, now: Acting, invitation: int) -> HttpResponse:
    """Make the link of an invitation useless."""
    found = get_object_or_404(now.organisation.invitations, pk=invitation)
    with suppress(NotAllowed):  # it was used or withdrawn a moment ago; the list says so
        inviting.withdraw(invitation=found, by=request.user)
    return redirect("people")


@needs(Permission.MANAGE_PEOPLE)
@require_POST
def second_factor(request: HttpRequest, now: Acting) -> HttpResponse:
    """Say which roles must sign in with a second factor."""
    asked = set(request.POST.getlist("required"))
    for role, required in _rules(now):
        if required != (role.name in asked):
            actions.require_second_factor(
                organisation=now.organisation, role=role.name, required=role.name in asked, by=request.user
            )
    return redirect(reverse("people") + "#second-factor")
