"""The pages of the record: all of it for those who answer for the organisation, a summary for everybody who acts for it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from openpractice.render import tables
from openpractice.web.audit import reading, summary
from openpractice.web.audit.narrowing import Narrow, piece
from openpractice.web.audit.telling import tell
from openpractice.web.organisations.acting import Acting
from openpractice.web.organisations.needs import needs
from openpractice.web.organisations.roles import Permission

TRAIL = [("Overview", "/"), ("You", "/you/")]


@never_cache
@needs(Permission.READ_RECORD)
@require_safe
def record(request: HttpRequest, now: Acting) -> HttpResponse:
    """Everything that touched the organisation's data or was done on its behalf, the newest first."""
    code = now.organisation.code
    reading.note_reading(code=code, by=now.person)
    entries = reading.everything(code)
    form = Narrow(entries, code, request.GET)
    found = piece(form.narrowed(entries), before=request.GET.get("before", ""), after=request.GET.get("after", ""))
    asked = {name: request.GET[name] for name in form.fields if request.GET.get(name)}
    context = {
        "title": f"The record of {now.organisation}",
        "trail": TRAIL,
        "now": now,
        "form": form,
        "asked": asked,
        "told": tell(found.entries),
        "newer": found.newer and "?" + urlencode({**asked, "after": found.newer}),
        "older": found.older and "?" + urlencode({**asked, "before": found.older}),
        "download": "/organisation/record.csv" + (f"?{urlencode(asked)}" if asked else ""),
    }
    return render(request, "audit/record.jinja", context, status=422 if form.errors else 200)


@never_cache
@needs(Permission.READ_RECORD)
@require_safe
def record_file(request: HttpRequest, now: Acting) -> HttpResponse:
    """The same entries as CSV, the oldest first. A question that is wrong is answered by the page, in words."""
    code = now.organisation.code
    entries = reading.everything(code)
    form = Narrow(entries, code, request.GET)
    if not form.is_valid():
        return record(request)
    records = reading.export(form.narrowed(entries), code=code, by=now.person)
    text = tables.csv(reading.as_table(code, records))
    answer = HttpResponse(text.encode("utf-8-sig"), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="record-{code}.csv"'
    return answer


@never_cache
@needs(Permission.READ_SUMMARY)
@require_safe
def who_looked(request: HttpRequest, now: Acting) -> HttpResponse:
    """By month, organisation and kind of action, how often; without names of people."""
    entries = reading.everything(now.organisation.code)
    years = summary.years(entries)
    asked = request.GET.get("year", "")
    year = asked if asked in years else next(iter(years), "")
    context = {
        "title": f"Who used the data of {now.organisation}",
        "trail": TRAIL,
        "now": now,
        "years": years,
        "year": year,
        "unknown": asked if asked and asked not in years else "",
        "months": summary.months(entries, year) if year else [],
    }
    return render(request, "audit/who_looked.jinja", context)
