"""Uploads in the browser: the list with the place to drop files, how far they are, and one file's account."""

from __future__ import annotations

import hashlib
import json
import re
from typing import Any
from urllib.parse import unquote

from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from openpractice.present.data import size
from openpractice.web.organisations.acting import Acting
from openpractice.web.organisations.models import Organisation
from openpractice.web.organisations.needs import needs
from openpractice.web.organisations.roles import Permission
from openpractice.web.organisations.rules import NotAllowed
from openpractice.web.uploads import actions, told
from openpractice.web.uploads.arriving import NotReceived
from openpractice.web.uploads.forms import Bring, whose
from openpractice.web.uploads.models import MOVING, How, Upload

TRAIL = [("Overview", "/"), ("You", "/you/")]
OURS = [*TRAIL, ("Uploads", "/uploads/")]
EITHER = (Permission.UPLOAD, Permission.UPLOAD_PUBLISHED)
ON_A_PAGE = 30
NUMBER = re.compile("[0-9]{1,18}")  # more a database's numbers do not hold


def _ours(now: Acting) -> QuerySet[Upload]:
    """What this person may see here: the organisation's own, published data, or both. Others' are not there."""
    mine = Q(pk__in=[])
    if now.may(Permission.UPLOAD):
        mine |= Q(organisation=now.organisation)
    if now.may(Permission.UPLOAD_PUBLISHED):
        mine |= Q(organisation=None)
    return Upload.objects.filter(mine).select_related("organisation", "by")


@never_cache
@needs(*EITHER)
@require_http_methods(["GET", "POST"])
def page(request: HttpRequest, now: Acting) -> HttpResponse:
    """Everything that was brought, the newest first; and files are brought to here."""
    if request.method == "POST":
        return _brought_alone(request, now) if "X-File-Name" in request.headers else _brought(request, now)
    return _page(request, now, Bring(now))


def _page(request: HttpRequest, now: Acting, form: Bring, status: int = 200) -> HttpResponse:
    some = Paginator(_ours(now), ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "title": "Uploads", "trail": TRAIL, "now": now, "form": form, "some": some,
        "rows": [told.row(upload, request.user) for upload in some],
        "moving": any(upload.is_moving for upload in some),
        "largest": settings.LARGEST_UPLOAD, "largest_words": size(settings.LARGEST_UPLOAD),
    }  # fmt: skip
    return render(request, "uploads/uploads.jinja", context, status=status)


def _brought(request: HttpRequest, now: Acting) -> HttpResponse:
    """A form with files in it, from a browser without scripts."""
    form = Bring(now, request.POST, request.FILES)
    status = 422
    if form.is_valid():
        for file in form.cleaned_data["files"]:
            try:
                _receive(now, form.cleaned_data["whose"], file.name or "", file)
            except (NotReceived, NotAllowed) as why:
                form.add_error("files", str(why))
                status = getattr(why, "status", 403)
    if form.errors:
        return _page(request, now, form, status)
    return redirect("uploads")


def _brought_alone(request: HttpRequest, now: Acting) -> JsonResponse:
    """One file as the whole body of a request, as our script sends it, to show how far it has come."""
    name = unquote(request.headers["X-File-Name"])
    try:
        upload = _receive(now, request.headers.get("X-Whose", ""), name, request)
    except (NotReceived, NotAllowed) as why:
        return JsonResponse({"detail": str(why)}, status=getattr(why, "status", 403))
    return JsonResponse({"id": upload.pk, **_shown(upload, now)}, status=201)


def _receive(now: Acting, chosen: str, name: str, stream: Any) -> Upload:
    organisation: Organisation | None = now.organisation if whose(now, chosen) == Bring.OWN else None
    return actions.receive(
        organisation=organisation, by=now.person, how=How.BROWSER, name=name, stream=stream,
        acting_for=now.organisation.code,
    )  # fmt: skip


def _shown(upload: Upload, now: Acting) -> dict[str, Any]:
    html = render_to_string("uploads/row.jinja", {"row": told.row(upload, now.person)})
    return {"html": html, "moving": upload.is_moving, "sentence": told.sentence(upload)}


@needs(*EITHER)
@require_http_methods(["GET"])
def progress(request: HttpRequest, now: Acting) -> HttpResponse:
    """How far some uploads are, for the script of the list, which asks every second while something moves."""
    asked = [int(one) for one in request.GET.getlist("id") if NUMBER.fullmatch(one)][:ON_A_PAGE]
    body = json.dumps({upload.pk: _shown(upload, now) for upload in _ours(now).filter(pk__in=asked)})
    mark = f'"{hashlib.sha256(body.encode()).hexdigest()[:20]}"'
    same = request.headers.get("If-None-Match") == mark
    answer = HttpResponseNotModified() if same else HttpResponse(body, content_type="application/json")
    answer["ETag"], answer["Cache-Control"] = mark, "private, no-cache"
    return answer


@never_cache
@needs(*EITHER)
@require_http_methods(["GET", "POST"])
def one(request: HttpRequest, now: Acting, upload: int) -> HttpResponse:
    """One file: what became of it, its account, and what can still be done."""
    found = get_object_or_404(_ours(now), pk=upload)
    problem = ""
    try:
        if request.POST.get("do") in ("cancel", "again"):
            act = actions.cancel if request.POST["do"] == "cancel" else actions.again
            act(upload=found, by=request.user, acting_for=now.organisation.code)
            return redirect(reverse("uploads"))
    except NotAllowed as why:
        problem = str(why)
    context = {
        "title": found.name, "trail": OURS, "now": now, "row": told.row(found, request.user), "problem": problem,
        "accounts": told.accounts(found), "moving": found.state in MOVING,
    }  # fmt: skip
    return render(request, "uploads/upload.jinja", context, status=409 if problem else 200)
