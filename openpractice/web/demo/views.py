"""The page of the demonstration: one click signs in as somebody of each kind. Anywhere else it is not there."""

from __future__ import annotations

from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from openpractice.web.accounts.demonstration import is_demo
from openpractice.web.config.seeing import across
from openpractice.web.demo.people import memberships
from openpractice.web.organisations.acting import CHOSEN


@never_cache
@require_http_methods(["GET", "POST"])
@across()  # here one is nobody yet, and may become anybody who is made up
def page(request: HttpRequest) -> HttpResponse:
    """Shows whom one can be, and signs in as whoever was chosen."""
    if not is_demo():
        raise Http404
    if request.method == "POST":
        number = request.POST.get("membership", "")
        chosen = get_object_or_404(memberships(), pk=number if number.isdecimal() else 0)
        login(request, chosen.person)
        request.session[CHOSEN] = chosen.organisation.code
        return redirect("you")
    return render(request, "demo/people.jinja", {"memberships": memberships()})
