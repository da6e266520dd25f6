"""The open pages: ask, present, render."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from openpractice.web.explore import glossary as words


def glossary(request: HttpRequest) -> HttpResponse:
    context = {"title": "Glossary", "letters": words.by_letter(), "terms": words.BY_ID, "trail": [("Overview", "/")]}
    return render(request, "explore/glossary.jinja", context)


def accessibility(request: HttpRequest) -> HttpResponse:
    context = {"title": "Accessibility statement", "trail": [("Overview", "/")]}
    return render(request, "explore/accessibility.jinja", context)
