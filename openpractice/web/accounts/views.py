"""The pages about one's own account that allauth does not bring."""

from __future__ import annotations

from allauth.account.views import LoginView
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialAccount
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from openpractice.web.accounts import actions
from openpractice.web.accounts.adapter import SAID
from openpractice.web.accounts.demonstration import is_demo
from openpractice.web.accounts.forms import OwnName


class SignIn(LoginView):
    """With a password, a passkey or the organisation's identity provider."""

    def get_context_data(self, **kwargs) -> dict:
        more = {"providers": get_adapter().list_providers(self.request), "is_demo": is_demo()}
        return super().get_context_data(**kwargs) | more


@login_required
@require_http_methods(["GET"])
def page(request: HttpRequest) -> HttpResponse:
    """Your account: how you sign in, and what you are called."""
    factors = [one.wrap() for one in Authenticator.objects.filter(user=request.user)]
    kinds = [one.instance.type for one in factors]
    codes = next((one for one in factors if one.instance.type == "recovery_codes"), None)
    context = {
        "has_app": "totp" in kinds,
        "passkeys": kinds.count("webauthn"),
        "codes_left": len(codes.get_unused_codes()) if codes else None,
        "connections": SocialAccount.objects.filter(user=request.user).count(),
        "providers": get_adapter().list_providers(request),
    }
    return render(request, "accounts/account.jinja", context)


@login_required
@require_http_methods(["GET", "POST"])
def name(request: HttpRequest) -> HttpResponse:
    """Change one's own name."""
    form = OwnName(request.POST or None, initial={"name": request.user.name})
    if form.is_valid():
        actions.rename(person=request.user, name=form.cleaned_data["name"])
        request.session[SAID] = {"done": "Your name is changed."}
        return redirect("account")
    return render(request, "accounts/name.jinja", {"form": form})


def nowhere(request: HttpRequest, **_: str) -> HttpResponse:
    """Addresses that allauth brings and we do not want: an email address is the one that was invited."""
    raise Http404
