"""What somebody can see and do here, and why; for whom they act; leaving."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from openpractice.web.organisations import actions
from openpractice.web.organisations.acting import acting, current, needs_second_factor
from openpractice.web.organisations.models import Organisation
from openpractice.web.organisations.needs import signed_in
from openpractice.web.organisations.parts import parts
from openpractice.web.organisations.roles import ROLES, Kind, Permission
from openpractice.web.organisations.rules import NotAllowed

TRAIL = [("Overview", "/")]
OURS = [*TRAIL, ("You", "/you/")]


@signed_in
@require_http_methods(["GET"])
def page(request: HttpRequest) -> HttpResponse:
    """What you can see and do here, and why."""
    now = acting(request)
    may = [p for p in Permission if now and now.may(p)]
    context = {
        "title": "You",
        "trail": TRAIL,
        "now": now,
        "memberships": current(request.user),
        "parts": parts(now) if now else [],
        "may": may,
        "may_not": [(p, _who_may(p, now.organisation)) for p in Permission if p not in may] if now else [],
        "second_factor": bool(now and needs_second_factor(now.membership)),
    }
    return render(request, "organisations/you.jinja", context)


def _who_may(permission: Permission, organisation: Organisation) -> list[str]:
    """The titles of the roles that have a permission in this kind of organisation."""
    return [r.title for r in ROLES.values() if organisation.kind in r.kinds and r.may(permission)]


@signed_in
@require_POST
def act_for(request: HttpRequest) -> HttpResponse:
    """Act for another of one's organisations."""
    mine = get_object_or_404(current(request.user), organisation__code=request.POST.get("organisation", ""))
    actions.switch(request=request, membership=mine, by=request.user)
    return redirect("you")


@signed_in
@require_http_methods(["GET", "POST"])
def leave(request: HttpRequest, membership: int) -> HttpResponse:
    """Stop acting for an organisation: asked once, then done."""
    mine = get_object_or_404(current(request.user), pk=membership)
    problem = ""
    if request.method == "POST":
        try:
            actions.leave(membership=mine, by=request.user)
            return redirect("you")
        except NotAllowed as why:
            problem = str(why)
    context = {"title": f"Leave {mine.organisation}", "trail": OURS, "mine": mine, "problem": problem}
    return render(request, "organisations/leave.jinja", context, status=409 if problem else 200)


@signed_in
@require_http_methods(["GET"])
def second_factor_needed(request: HttpRequest) -> HttpResponse:
    """Why a second factor is needed now, and how to set one up."""
    context = {"title": "A second factor is needed", "trail": OURS, "now": acting(request)}
    return render(request, "organisations/second_factor_needed.jinja", context)


@require_http_methods(["GET"])
def roles(request: HttpRequest) -> HttpResponse:
    """Every role in plain English. Open to everybody: who may do what is no secret."""
    context = {"title": "Roles", "trail": TRAIL, "roles": ROLES.values(), "permissions": list(Permission), "Kind": Kind}
    return render(request, "organisations/roles.jinja", context)
