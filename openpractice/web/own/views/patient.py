"""Finding out whose record it is, for direct care: a clinician of the practice itself, and nobody else."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from openpractice.web.organisations.acting import Acting
from openpractice.web.organisations.needs import needs
from openpractice.web.organisations.roles import Permission
from openpractice.web.organisations.rules import NotAllowed
from openpractice.web.own import actions
from openpractice.web.own.forms import FindPatient
from openpractice.web.own.views.figures import OURS


@never_cache  # no-store: the answer lies in nobody's cache, and going back asks again
@sensitive_post_parameters()
@needs(Permission.REIDENTIFY)
@require_http_methods(["GET", "POST"])
def page(request: HttpRequest, now: Acting) -> HttpResponse:
    """A pseudonym and a reason in, the NHS number out, and an entry in the record."""
    form = FindPatient(request.POST or None)
    number, asked = None, False
    if form.is_valid():
        try:
            number = actions.find_patient(organisation=now.organisation, by=request.user, **form.cleaned_data)
            asked = True
        except NotAllowed as why:
            form.add_error("pseudonym", str(why))
    context = {
        "title": "Find a patient", "trail": OURS, "now": now, "form": form, "asked": asked,
        "number": f"{number[:3]} {number[3:6]} {number[6:]}" if number else "",
    }  # fmt: skip
    return render(request, "own/patient.jinja", context, status=422 if form.errors else 200)
