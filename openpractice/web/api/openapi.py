"""The description of the API that programs read, and the page that people read: both made from the operations."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from openpractice.web.api.operations import api
from openpractice.web.explore.pages import stamped, unchanged

ROOT = "api/v1"


@cache
def description() -> dict[str, Any]:
    """OpenAPI 3.1, as plain values."""
    made = json.loads(json.dumps(api.get_openapi_schema(path_prefix=f"{ROOT}/")))
    made["components"]["securitySchemes"]["Bearer"]["description"] = (
        "A token of your organisation. Open data need none."
    )
    return made


@cache
def _written() -> tuple[str, str]:
    text = json.dumps(description(), ensure_ascii=False)
    return text, f'"{hashlib.sha256(text.encode()).hexdigest()[:16]}"'


@require_safe
def schema(request: HttpRequest) -> HttpResponse:
    """For programs that make clients, and for those that test us."""
    text, mark = _written()
    if unchanged(request, mark):
        return stamped(HttpResponse(status=304), mark)
    return stamped(HttpResponse(text, content_type="application/json"), mark)
