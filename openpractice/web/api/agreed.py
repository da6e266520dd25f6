"""An organisation's own figures, and what others share with it. All of it comes through the border, as it does on pages."""

from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from ninja import Field, Path, Query, Schema
from pydantic import BaseModel

from openpractice.web.agreements.models import Emergency
from openpractice.web.agreements.standing import shared_with
from openpractice.web.agreements.terms import Purpose
from openpractice.web.api.answering import for_nobody_else, wants_csv
from openpractice.web.api.bearer import Caller
from openpractice.web.api.offered import offer
from openpractice.web.api.problems import Trouble
from openpractice.web.api.scopes import Scope
from openpractice.web.api.selection import MONTH
from openpractice.web.audit.models import Action
from openpractice.web.audit.record import write
from openpractice.web.organisations.models import Organisation
from openpractice.web.own.figures import topics
from openpractice.web.sharing import border

CODE = Path(description="The ODS code of the organisation whose figures they are.", example="A81002", max_length=40)

LIST = "GET /api/v1/shared lists what is."


class Asked(Schema):
    """Which of an organisation's own figures."""

    topic: str | None = Field(None, max_length=60, description="A topic of own data; the first unless you say.")
    measure: list[str] = Field([], max_length=20, description="Names of measures of the topic; all unless you say.")
    first: str | None = Field(None, alias="from", pattern=MONTH, description="The first month.")
    last: str | None = Field(None, alias="to", pattern=MONTH, description="The last month.")
    by: str | None = Field(None, max_length=40, description="Split by a dimension; of others, role_group only.")
    format: str | None = Field(
        None, pattern="^(json|csv)$", description="csv, or json; or say it in the header Accept."
    )


class AskedOfOthers(Asked):
    """For which purpose, too: what is shared for one may not be used for another."""

    purpose: Purpose = Field(description="What you use the figures for.")


class Line(BaseModel):
    """One measure of one organisation in one month."""

    measure: str
    title: str
    area: str = Field(description="The code of the organisation.")
    area_name: str
    period: str
    numerator: float | None
    denominator: float | None
    value: float | None
    unit: str
    definition: str
    hidden: bool = Field(description="Whether it is hidden, because it counts so few that it could tell of a person.")
    by: dict[str, str]


class Lines(BaseModel):
    """Figures as you may see them now, and on what grounds."""

    results: list[Line]
    topic: str
    purpose: str | None
    protected: bool = Field(description="Whether small numbers are hidden and others rounded.")
    why: list[str] = Field(description="By which rules something is hidden.")
    grounds: list[str] = Field(description="Why you may see it.")


class Share(BaseModel):
    """What one organisation shares with yours by one agreement, or why it does not."""

    organisation: str
    organisation_name: str
    agreement: str
    purpose: str
    topics: list[str]
    granularity: str
    roles: list[str]
    ends: str
    in_force: bool
    why_not: list[str]


class Shares(BaseModel):
    """Everything that others share with your organisation."""

    shares: list[Share]


@offer("GET", "/own/results", Lines, topic="Own figures", needs=Scope.READ_OWN, csv=True)
def own_results(request: HttpRequest, asked: Query[Asked]) -> HttpResponse:
    """Your organisation's own figures, every count as it is."""
    return _answered(request, request.auth.organisation, None, asked)  # type: ignore[attr-defined]


@offer("GET", "/shared", Shares, topic="Shared figures", needs=Scope.READ_SHARED)
def shares(request: HttpRequest) -> HttpResponse:
    """Who shares what with your organisation, for which purpose and until when."""
    known = shared_with(request.auth.organisation)  # type: ignore[attr-defined]
    told = [
        Share(
            organisation=s.owner.code, organisation_name=s.owner.name, agreement=s.agreement.title, purpose=s.purpose,
            topics=s.topics, granularity=s.granularity, roles=s.roles, ends=s.agreement.ends.isoformat(),
            in_force=s.in_force, why_not=list(s.stands_in_the_way),
        )
        for s in known
    ]  # fmt: skip
    return for_nobody_else(request, Shares(shares=told))


@offer(
    "GET", "/shared/{code}/results", Lines, topic="Shared figures", needs=Scope.READ_SHARED, troubles=(404,), csv=True
)
def shared_results(request: HttpRequest, asked: Query[AskedOfOthers], code: str = CODE) -> HttpResponse:
    """Figures that another organisation shares with yours, small numbers hidden.

    Each request asks the agreements anew and is written into the other's record.
    """
    owner = _known(request.auth, code)  # type: ignore[attr-defined]
    return _answered(request, owner, asked.purpose, asked)


def _known(caller: Caller, code: str) -> Organisation:
    """The organisation, if yours has anything to do with it. Raises Trouble.

    Whether there is such an organisation here is not told to strangers, in words or by how long the answer takes: the
    same is asked and the same is written down, wherever nothing was ever shared.
    """
    owner = Organisation.objects.filter(code=code.upper()).first()
    shares = any(share.owner == owner for share in shared_with(caller.organisation))
    opened = Emergency.objects.filter(
        owner__code=code.upper(), reader=caller.organisation, person=caller.acting.person
    ).exists()
    if owner and (shares or opened or owner == caller.organisation):
        return owner
    with transaction.atomic():
        write(
            Action.SHARED_REFUSED, by=caller.acting.person, acting_for=caller.organisation.code,
            about=owner.code if owner else "", what=f"figures of {code[:40]}",
        )  # fmt: skip
    raise Trouble(404, f"Nothing of this organisation is shared with {caller.organisation}.", LIST)


def _answered(request: HttpRequest, owner: Organisation, purpose: Purpose | None, asked: Asked) -> HttpResponse:
    caller = request.auth  # type: ignore[attr-defined]
    topic = asked.topic or next(iter(topics()), "")
    try:
        shared = border.figures(
            caller.acting, owner, purpose, topic=topic, measures=asked.measure, by=asked.by or "", first=asked.first,
            last=asked.last, how=Action.SHARED_EXPORTED,
        )  # fmt: skip
    except border.NotShared as why:
        raise Trouble(403, str(why), "The page “Who can see what, and why” explains it.") from why
    made = Lines(
        results=[_line(figure, line, owner, asked) for figure in shared.figures for line in figure.lines], topic=topic,
        purpose=purpose, protected=shared.protected, why=list(shared.why), grounds=list(shared.decision.reasons),
    )  # fmt: skip
    return for_nobody_else(request, made, wants_csv(request, asked.format))


def _line(figure: border.Figure, line: Any, owner: Organisation, asked: Asked) -> Line:
    measure = figure.measure
    return Line(
        measure=measure.name, title=measure.title, area=owner.code, area_name=owner.name, period=line.period,
        numerator=line.numerator, denominator=line.denominator, value=line.value, unit=measure.unit,
        definition=measure.definition, hidden=line.hidden, by={asked.by: line.group} if asked.by else {},
    )  # fmt: skip
