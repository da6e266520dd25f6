"""What a reader asks of an organisation's shared figures: whose, for which purpose, which topic, split or not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.http import urlencode

from openpractice.kinds import Refused
from openpractice.web.agreements.emergency import of_person
from openpractice.web.agreements.standing import Share, shared_with
from openpractice.web.agreements.terms import Granularity, Purpose
from openpractice.web.organisations.acting import Acting
from openpractice.web.organisations.models import Organisation
from openpractice.web.own.figures import topics
from openpractice.web.sharing.allowed import NotShared
from openpractice.web.sharing.border import BY_ROLE

TRAIL = [("Overview", "/"), ("You", "/you/")]
OURS = [*TRAIL, ("Shared with you", "/shared/")]


@dataclass(frozen=True)
class Asked:
    """A reader's choices. `purpose` is None while there are several to choose from."""

    owner: Organisation
    purpose: Purpose | None
    purposes: tuple[Purpose, ...]
    topic: str
    by: str
    shares: tuple[Share, ...]

    @property
    def query(self) -> str:
        chosen = {"purpose": self.purpose, "topic": self.topic, "by": self.by}
        return urlencode({name: str(value) for name, value in chosen.items() if value})

    @property
    def granularity(self) -> Granularity:
        return Granularity.ROLE if self.by else Granularity.AGGREGATE

    def reaches(self, granularity: Granularity) -> bool:
        """Whether an agreement in force, for the chosen purpose, is as fine as that."""
        return any(s.in_force and s.purpose == self.purpose and s.granularity.reaches(granularity) for s in self.shares)


def asked(request: HttpRequest, now: Acting, code: str) -> Asked:
    """The choices in the address. Raises Http404 for an organisation, purpose, topic or split that there is not."""
    owner = get_object_or_404(Organisation, code=code)
    shares = tuple(share for share in shared_with(now.organisation) if share.owner == owner)
    purposes = _purposes(now, owner, shares)
    topic = request.GET.get("topic") or next(iter(topics()), "")
    by = request.GET.get("by", "")
    if topic not in topics() or by not in ("", BY_ROLE):
        raise Http404
    return Asked(owner, _purpose(request.GET.get("purpose", ""), purposes, shares), purposes, topic, by, shares)


def _purposes(now: Acting, owner: Organisation, shares: tuple[Share, ...]) -> tuple[Purpose, ...]:
    """Those for which something of the owner's can be seen in this role now."""
    mine = {s.purpose for s in shares if s.in_force and now.role.name in s.agreement.roles}
    if of_person(now.person, owner, now.organisation):
        mine.add(Purpose.DIRECT_CARE)
    return tuple(purpose for purpose in Purpose if purpose in mine)


def _purpose(given: str, purposes: tuple[Purpose, ...], shares: tuple[Share, ...]) -> Purpose | None:
    """The one that is asked for, or the only one. Where nothing can be seen, that of the last agreement: it says why."""
    if given:
        if given not in list(Purpose):
            raise Http404
        return Purpose(given)
    if len(purposes) > 1:
        return None
    return next(iter(purposes), shares[0].purpose if shares else Purpose.SERVICE_EVALUATION)


def explained(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """What is not shared is answered with 403 and the reasons; what there is not, with 404."""

    @wraps(view)
    def told(request: HttpRequest, now: Acting, code: str) -> HttpResponse:
        try:
            return view(request, now, code)
        except NotShared as why:
            context = {"title": "Not shared", "trail": OURS, "now": now, "owner": why.owner, "reasons": why.reasons}
            return render(request, "sharing/not_shared.jinja", context, status=403)
        except Refused as why:
            raise Http404 from why

    return told
