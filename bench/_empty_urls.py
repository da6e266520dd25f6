"""The site's addresses and one more: a view that does nothing, the yardstick of every page."""

from django.http import HttpResponse
from django.urls import include, path

from openpractice.web.config import urls as site

EMPTY = "/benchmark-of-nothing"


def nothing(request):
    return HttpResponse("")


urlpatterns = [path(EMPTY.strip("/"), nothing), path("", include("openpractice.web.config.urls"))]
handler400, handler403, handler404, handler500 = site.handler400, site.handler403, site.handler404, site.handler500
