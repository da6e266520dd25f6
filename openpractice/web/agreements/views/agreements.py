"""The agreements of the organisation that somebody acts for: reading, proposing, signing, withdrawing."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from openpractice.web.agreements import actions
from openpractice.web.agreements.emergency import unreviewed
from openpractice.web.agreements.forms import Propose, Withdraw
from openpractice.web.agreements.models import Agreement
from openpractice.web.agreements.standing import waits_for
from openpractice.web.agreements.terms import EVERYTHING, Granularity, Purpose
from openpractice.web.organisations.acting import Acting
from openpractice.web.organisations.needs import needs
from openpractice.web.organisations.roles import ROLES, Permission
from openpractice.web.organisations.rules import NotAllowed

TRAIL = [("Overview", "/"), ("You", "/you/")]
OURS = [*TRAIL, ("Agreements", "/agreements/")]


def _ours(now: Acting):
    """Agreements of others are none of our business: to us they are not there."""
    ours = Agreement.objects.filter(parties__organisation=now.organisation).distinct()
    return ours.prefetch_related("parties__organisation", "parties__statements__by")


@needs(Permission.SEE_AGREEMENTS)
@require_http_methods(["GET"])
def page(request: HttpRequest, now: Acting) -> HttpResponse:
    """Every agreement that the organisation is asked to sign, has signed or has left."""
    context = {
        "title": f"Agreements of {now.organisation}", "trail": TRAIL, "now": now,
        "agreements": sorted(
            ((found, state(found), waits_for(found, now.organisation)) for found in _ours(now)), key=lambda row: not row[2]
        ),
        "Purpose": Purpose,
        "open": [one for one in now.organisation.emergencies_here.select_related("person", "reader") if one.is_open],
        "waiting": len(list(unreviewed(now.organisation))),
    }  # fmt: skip
    return render(request, "agreements/agreements.jinja", context)


def state(agreement: Agreement) -> str:
    """What has become of an agreement, in a few words."""
    parties, today = list(agreement.parties.all()), timezone.localdate()
    bound = [party for party in parties if party.stands]
    if today > agreement.ends:
        return "Ended"
    if len(bound) == len(parties):
        return "In force" if today >= agreement.starts else "Signed, not begun"
    giving, receiving = (any(getattr(party, side) for party in bound) for side in ("gives", "receives"))
    if giving and receiving and len(bound) > 1:
        return "In force between those who signed"
    return "Waiting for signatures" if not any(p.statements.all() and not p.stands for p in parties) else "Withdrawn"


@needs(Permission.SIGN_AGREEMENTS)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, now: Acting) -> HttpResponse:
    """Propose an agreement. It shares nothing until it is signed."""
    form = Propose(request.POST or None)
    if form.is_valid():
        try:
            made = actions.propose(by=request.user, acting_for=now.organisation, **form.cleaned_data)
            return redirect("agreement", agreement=made.pk)
        except NotAllowed as why:
            form.add_error(None, str(why))
    context = {"title": "Propose an agreement", "trail": OURS, "form": form}
    return render(request, "agreements/new.jinja", context, status=422 if form.errors else 200)


@needs(Permission.SEE_AGREEMENTS)
@require_http_methods(["GET", "POST"])
def one(request: HttpRequest, now: Acting, agreement: int) -> HttpResponse:
    """The terms in plain words, who has signed, and for those who may: sign or withdraw."""
    found = get_object_or_404(_ours(now), pk=agreement)
    party = next(p for p in found.parties.all() if p.organisation_id == now.organisation.pk)
    form, problem = Withdraw(request.POST if request.POST.get("do") == "withdraw" else None), ""
    try:
        if request.POST.get("do") == "sign":
            actions.sign(party=party, by=request.user)
            return redirect("agreement", agreement=found.pk)
        if form.is_valid():
            actions.withdraw(party=party, by=request.user, **form.cleaned_data)
            return redirect("agreement", agreement=found.pk)
    except NotAllowed as why:
        problem = str(why)
    context = {
        "title": found.title, "trail": OURS, "now": now, "agreement": found, "party": party, "form": form,
        "problem": problem, "state": state(found), "waits": waits_for(found, now.organisation), "signs": now.may(Permission.SIGN_AGREEMENTS),
        "purpose": Purpose(found.purpose), "granularity": Granularity(found.granularity),
        "topics": ["Everything that is measured"] if EVERYTHING in found.topics else found.topics,
        "roles": [ROLES[name].title for name in found.roles],
    }  # fmt: skip
    return render(
        request, "agreements/agreement.jinja", context, status=409 if problem else 422 if form.errors else 200
    )
