"""Every address of this part."""

from django.urls import path, re_path

from openpractice.web.api import documented, openapi, tokens
from openpractice.web.api.door import nowhere, through
from openpractice.web.api.operations import api

ROOT = f"{openapi.ROOT}/"
operations = [
    path(f"{ROOT}{one.pattern}", through(one.callback), name=f"api_{one.name}")
    for one in api.urls[0]
    if one.name != "api-root"
]
urlpatterns = [
    path("organisation/tokens/", tokens.page, name="tokens"),
    path("organisation/tokens/<int:token>/end/", tokens.end, name="end_token"),
    path(f"{ROOT}docs", documented.page, name="api_docs"),
    path(f"{ROOT}openapi.json", openapi.schema, name="api_schema"),
    *operations,
    re_path("^api/", nowhere),
]
