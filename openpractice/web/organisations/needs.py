"""What a view asks of whoever opens it: to be signed in, to act for an organisation, to have a permission there."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from allauth.mfa.utils import is_mfa_enabled
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from openpractice.web.organisations.acting import Acting, acting, needs_second_factor
from openpractice.web.organisations.roles import Permission

View = Callable[..., HttpResponse]
SIGNED_IN = "signed in"


def signed_in(view: View) -> View:
    """For pages about oneself. Who is not signed in is asked to, and then brought back."""

    @wraps(view)
    def guarded(request: HttpRequest, **scope: str) -> HttpResponse:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        return view(request, **scope)

    guarded.needs = SIGNED_IN  # type: ignore[attr-defined]
    return guarded


def needs(permission: Permission, *others: Permission) -> Callable[[View], View]:
    """For pages of the organisation that somebody acts for: `view(request, acting, **scope)`.

    With more than one permission, any of them will do. Without the permission the answer is a 403 that names it. A role
    that must sign in with a second factor is led to set one up.
    """

    def decorate(view: View) -> View:
        @signed_in
        @wraps(view)
        def guarded(request: HttpRequest, **scope: str) -> HttpResponse:
            now = acting(request)
            if now is None:
                raise PermissionDenied("You do not act for any organisation here. Ask yours for an invitation.")
            if not any(now.may(one) for one in (permission, *others)):
                raise PermissionDenied(
                    f"As {now.role.title.lower()} of {now.organisation} you cannot do this: {permission.meaning.lower()}. "
                    "The page of what you can see and do lists who can."
                )
            if missing_second_factor(now):
                return redirect("second_factor_needed")
            return view(request, now, **scope)

        guarded.needs = (permission, *others) if others else permission  # type: ignore[attr-defined]
        return guarded

    return decorate


def missing_second_factor(now: Acting) -> bool:
    """Whether this membership asks for a second factor that the person has not set up.

    A person who came without a password (the demo's one click, an identity provider) has shown themselves elsewhere.
    """
    return now.person.has_usable_password() and needs_second_factor(now.membership) and not is_mfa_enabled(now.person)
