"""The first page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from openpractice.web.explore.home import Home


def home(request: HttpRequest) -> HttpResponse:
    return render(request, "explore/home.jinja", {"section": "Overview", "home": Home()})
