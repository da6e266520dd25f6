"""Who shares what with us; one organisation's shared figures as a page, a file and a live page; shared records."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from openpractice.kinds import Result
from openpractice.present import numbers
from openpractice.render import tables, words
from openpractice.render.tables import Column, Table
from openpractice.web.agreements.models import Emergency
from openpractice.web.agreements.standing import shared_with
from openpractice.web.agreements.terms import Granularity
from openpractice.web.audit.models import Action
from openpractice.web.organisations.acting import Acting
from openpractice.web.organisations.needs import needs
from openpractice.web.organisations.roles import Permission
from openpractice.web.own.figures import topics
from openpractice.web.sharing import border
from openpractice.web.sharing.border import BY_ROLE, Figure
from openpractice.web.sharing.open_pages import OpenPage, events
from openpractice.web.sharing.streaming import RecordFile
from openpractice.web.sharing.views.asked import OURS, TRAIL, Asked, asked, explained

MONTHS = 13  # on the page; the file has all


@dataclass(frozen=True)
class Shown:
    """One measure as the page shows it: the latest month that is shown, and a table."""

    figure: Figure
    value: str
    unit: str
    period: str
    spark: str
    table: Table


@never_cache
@needs(Permission.SEE_SHARED)
@require_safe
def page(request: HttpRequest, now: Acting) -> HttpResponse:
    """All that others share with the organisation, in one table, and what is not shared any more or not yet."""
    shares = shared_with(now.organisation)
    mine = Emergency.objects.filter(person=request.user, reader=now.organisation).select_related("owner")
    context = {
        "title": f"Shared with {now.organisation}", "trail": TRAIL, "now": now,
        "shares": [s for s in shares if s.in_force], "others": [s for s in shares if not s.in_force],
        "own_topics": topics(), "emergencies": [one for one in mine if one.is_open],
    }  # fmt: skip
    return render(request, "sharing/shared.jinja", context)


@never_cache
@needs(Permission.SEE_SHARED)
@require_safe
@explained
def one(request: HttpRequest, now: Acting, code: str) -> HttpResponse:
    """What one organisation shares, for one purpose."""
    choice = asked(request, now, code)
    if choice.owner == now.organisation:
        return redirect("own")
    context = {"title": f"{choice.owner}, shared with you", "trail": OURS, "now": now, "choice": choice}
    if choice.purpose is None:
        return render(request, "sharing/purposes.jinja", context)
    state = border.state_of(choice.owner)  # before the figures: what changes in between is drawn again
    shared = border.figures(now, choice.owner, choice.purpose, topic=choice.topic, by=choice.by)
    context |= {
        "shared": shared, "shown": [_shown(figure, choice) for figure in shared.figures], "state": state,
        "by_role": choice.reaches(Granularity.ROLE), "records": choice.reaches(Granularity.RECORD), "BY_ROLE": BY_ROLE,
    }  # fmt: skip
    return render(request, "sharing/figures.jinja", context)


def _shown(figure: Figure, choice: Asked) -> Shown:
    measure, whole = figure.measure, [line for line in figure.lines if not line.group]
    known = [line for line in whole if line.value is not None]
    value, unit = numbers.split(known[-1].value, measure.unit) if known else ("Hidden", "")
    history = [
        Result(measure.name, choice.owner.code, "practice", ln.period, None, None, ln.value, None, None, "")
        for ln in known
    ]
    period = known[-1].period if known else whole[-1].period if whole else ""
    return Shown(
        figure, value, unit, words.period(period), numbers.spark(measure, history), _table(figure, choice.by, period)
    )


def _table(figure: Figure, by: str, period: str) -> Table:
    """The last months; or, split by role, the latest month."""
    if by:
        lines = [line for line in figure.lines if line.period == period]
        first, name = Column("Staff role"), f"{figure.measure.title}, {words.period(period)}"
    else:
        lines = list(reversed(figure.lines[-MONTHS:]))
        first, name = Column("Month"), f"{figure.measure.title}, by month"
    columns = (
        first, Column("Value", figure.measure.unit, True), Column("Numerator", "", True), Column("Denominator", "", True),
    )  # fmt: skip
    rows = tuple(
        (
            (line.group or "Everybody") if by else line.period,
            *("Hidden" if line.hidden and cell is None else cell for cell in (line.value, line.numerator, line.denominator)),
        )
        for line in lines
    )  # fmt: skip
    return Table(name, columns, rows)


@never_cache
@needs(Permission.SEE_SHARED)
@require_safe
@explained
def figures_file(request: HttpRequest, now: Acting, code: str) -> HttpResponse:
    """The same figures, all months, as CSV."""
    choice = asked(request, now, code)
    shared = border.figures(
        now, choice.owner, choice.purpose, topic=choice.topic, by=choice.by, how=Action.SHARED_EXPORTED
    )
    names = ("organisation", "measure", "title", "month", "role", "numerator", "denominator", "value", "unit", "hidden")
    rows = tuple(
        (choice.owner.code, f.measure.name, f.measure.title, ln.period, ln.group or "Everybody", ln.numerator,
         ln.denominator, ln.value, f.measure.unit, "yes" if ln.hidden else "no")
        for f in shared.figures for ln in f.lines
    )  # fmt: skip
    text = tables.csv(Table(f"Shared by {choice.owner}", tuple(Column(name) for name in names), rows, shared.why))
    answer = HttpResponse(text.encode("utf-8-sig"), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="shared-{choice.owner.code}.csv"'
    return answer


@never_cache
@needs(Permission.SEE_SHARED)
@require_safe
@explained
def records_file(request: HttpRequest, now: Acting, code: str) -> StreamingHttpResponse:
    """Pseudonymised records as CSV, sent as they are read."""
    choice = asked(request, now, code)
    file = RecordFile(border.records(now, choice.owner, choice.purpose, topic=choice.topic))
    answer = StreamingHttpResponse(file, content_type="text/csv; charset=utf-8")
    day = timezone.localdate().isoformat()
    answer["Content-Disposition"] = f'attachment; filename="records-{choice.owner.code}-{day}.csv"'
    return answer


@never_cache
@needs(Permission.SEE_SHARED)
@require_safe
@explained
def stream(request: HttpRequest, now: Acting, code: str) -> StreamingHttpResponse:
    """Tells an open page when the figures change, and when they may no longer be seen."""
    choice = asked(request, now, code)
    border.ask(now, choice.owner, choice.purpose, choice.topic, choice.granularity, Action.SHARED_WATCHED, choice.topic)
    assert choice.purpose is not None  # or else it had been refused, or it is their own
    open_page = OpenPage(
        now, request.session.session_key or "", choice.owner, choice.purpose, choice.topic, choice.granularity
    )
    answer = StreamingHttpResponse(events(open_page), content_type="text/event-stream")
    answer["X-Accel-Buffering"] = "no"  # a proxy must pass each event on at once
    return answer
