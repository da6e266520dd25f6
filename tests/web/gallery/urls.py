"""Addresses that only the tests need."""

from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import path

from openpractice.render.svg import vega
from openpractice.web.config.urls import handler400, handler403, handler404, handler500, urlpatterns  # noqa: F401
from tests.web.gallery import invented


def gallery(request):
    return render(request, "gallery/gallery.jinja", {"title": "Components", "invented": invented})


def chart(request):
    return JsonResponse(vega(invented.draw(343 if request.GET.get("size") == "narrow" else 680)))


def empty(request):
    return HttpResponse("")


def bare(request):
    return render(request, "base.jinja", {})


def refuse(request):
    raise PermissionDenied


def suspect(request):
    raise SuspiciousOperation("a forged form")


def fail(request):
    raise RuntimeError("broken on purpose")


urlpatterns = [
    path("gallery/", gallery),
    path("gallery/chart.vega.json", chart),
    path("gallery/no-chart.vega.json", refuse),
    path("gallery/empty", empty),
    path("gallery/bare", bare),
    path("gallery/refuse", refuse),
    path("gallery/suspect", suspect),
    path("gallery/fail", fail),
    *urlpatterns,
]
