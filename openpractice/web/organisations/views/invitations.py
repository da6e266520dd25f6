"""Joining by a link: with the account one has, or with a new one."""

from __future__ import annotations

from django.contrib.auth import login
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from openpractice.web.accounts.actions import make
from openpractice.web.accounts.models import Person
from openpractice.web.organisations import inviting
from openpractice.web.organisations.acting import CHOSEN
from openpractice.web.organisations.forms import NewAccount
from openpractice.web.organisations.models import Invitation
from openpractice.web.organisations.rules import NotAllowed

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@never_cache
@require_http_methods(["GET", "POST"])
def page(request: HttpRequest, token: str) -> HttpResponse:
    """Says who invited whom to what, and takes the answer."""
    try:
        invitation = inviting.open_invitation(token)
        if request.user.is_authenticated:
            return _with_account(request, invitation, token)
        return _with_new_account(request, invitation, token)
    except NotAllowed as why:
        context = {"title": "Invitation", "problem": str(why)}
        return render(request, "organisations/invitation_closed.jinja", context, status=404)


def _with_account(request: HttpRequest, invitation: Invitation, token: str) -> HttpResponse:
    if request.method == "POST":
        inviting.accept(token=token, by=request.user)
        request.session[CHOSEN] = invitation.organisation.code
        return redirect("you")
    return _asked(request, invitation, None)


def _with_new_account(request: HttpRequest, invitation: Invitation, token: str) -> HttpResponse:
    """Whoever has an account already must sign in with it: a link alone must not let anybody in as them.

    Before the form is sent, only a link that came by email says whether there is one: any other, its sender saw too.
    """
    exists = _is_theirs_already(invitation)
    if exists and invitation.mailed:
        return _asked(request, invitation, None)
    form = NewAccount(invitation.email, request.POST or None)
    if form.is_valid() and exists:
        form.add_error("password", "This address has an account already. Sign in with it, by the link above.")
    elif form.is_valid():
        with transaction.atomic():
            person = make(email=invitation.email, proven=bool(invitation.mailed), **form.cleaned_data)
            inviting.accept(token=token, by=person)
        login(request, person, BACKEND)
        request.session[CHOSEN] = invitation.organisation.code
        return redirect("you")
    return _asked(request, invitation, form)


def _is_theirs_already(invitation: Invitation) -> bool:
    """Whether the address has an account, other than one that whoever got the link by email may take over."""
    person = Person.objects.filter(email__iexact=invitation.email).first()
    return person is not None and bool(person.proven or not person.is_active or not invitation.mailed)


def _asked(request: HttpRequest, invitation: Invitation, form: NewAccount | None) -> HttpResponse:
    context = {"title": f"Join {invitation.organisation}", "invitation": invitation, "form": form}
    return render(
        request, "organisations/invitation.jinja", context, status=422 if form is not None and form.errors else 200
    )
