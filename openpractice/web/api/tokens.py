"""The page of an organisation's tokens: which there are, making one, ending one."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from openpractice.web.api.actions import end_token, make_token
from openpractice.web.api.forms import MakeToken
from openpractice.web.api.models import Token
from openpractice.web.api.scopes import offered
from openpractice.web.organisations.acting import Acting, current
from openpractice.web.organisations.needs import needs
from openpractice.web.organisations.roles import Permission
from openpractice.web.organisations.rules import NotAllowed

TRAIL = [("Overview", "/"), ("You", "/you/")]
SHOWN = 20  # of those that have ended


@never_cache
@needs(Permission.MANAGE_TOKENS)
@require_http_methods(["GET", "POST"])
def page(request: HttpRequest, now: Acting) -> HttpResponse:
    """Which programs act for the organisation, and for how long; and a new token, whose secret is shown once."""
    form, secret, made = MakeToken(now.role, request.POST or None), "", None
    if form.is_valid():
        try:
            made, secret = make_token(organisation=now.organisation, by=request.user, **form.cleaned_data)
            form = MakeToken(now.role)
        except NotAllowed as why:
            form.add_error(None, str(why))
    known = [(token, _state(token)) for token in now.organisation.tokens.select_related("made_by", "organisation")]
    context = {
        "title": f"Tokens of {now.organisation}", "trail": TRAIL, "now": now, "form": form, "secret": secret,
        "made": made, "offered": offered(now.role), "working": [pair for pair in known if pair[0].is_open],
        "over": [pair for pair in known if not pair[0].is_open][:SHOWN],
        "site": request.build_absolute_uri("/").rstrip("/"),
    }  # fmt: skip
    return render(request, "api/tokens.jinja", context, status=422 if form.errors else 200)


def _state(token: Token) -> str:
    """Whether a token works, in a few words, and why not."""
    if token.ended:
        return "Ended"
    if token.expires <= timezone.now():
        return "Expired"
    membership = current(token.made_by).filter(organisation=token.organisation).first()
    if membership is None:
        return f"Does not work: {token.made_by} does not act for {token.organisation} any more"
    lost = [scope for scope in token.scopes if not membership.role.may(scope.permission)]
    return "Works for less than it was made for" if lost else "Works"


@never_cache
@needs(Permission.MANAGE_TOKENS)
@require_POST
def end(request: HttpRequest, now: Acting, token: int) -> HttpResponse:
    """From the next request on it opens nothing."""
    end_token(token=get_object_or_404(now.organisation.tokens, pk=token), by=request.user)
    return redirect("tokens")
