"""Why can they see this, and why can't I: the same decision that every read asks for, with its reasons."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from openpractice.web.agreements.decide import Asked, decide
from openpractice.web.agreements.emergency import open_now
from openpractice.web.agreements.forms import Why
from openpractice.web.agreements.terms import Granularity, Purpose
from openpractice.web.agreements.views.agreements import OURS
from openpractice.web.organisations.acting import Acting
from openpractice.web.organisations.needs import needs
from openpractice.web.organisations.roles import Permission


@needs(Permission.SEE_AGREEMENTS)
@require_http_methods(["GET"])
def page(request: HttpRequest, now: Acting) -> HttpResponse:
    """For any organisation, role, topic and purpose: may they see ours, may we see theirs, and why."""
    form = Why(now.organisation, request.GET or None)
    asked = _asked(now, form.cleaned_data) if form.is_valid() else None
    context = {
        "title": "Who can see what, and why", "trail": OURS, "now": now, "form": form,
        "decision": asked and decide(asked), "emergencies": list(open_now(asked.owner, asked.reader)) if asked else [],
    }  # fmt: skip
    return render(request, "agreements/why.jinja", context, status=422 if form.errors else 200)


def _asked(now: Acting, given: dict) -> Asked:
    """Whoever asks about themselves is told of what they opened in an emergency; of others that is said beside it."""
    theirs = given["way"] == "they"
    owner, reader = (now.organisation, given["other"]) if theirs else (given["other"], now.organisation)
    myself = None if theirs or given["role"] != now.role.name else now.person
    purpose, granularity = Purpose(given["purpose"]), Granularity(given["granularity"])
    return Asked(owner, reader, given["role"], given["topic"], purpose, granularity, myself)
