"""Every address of the site: the frame's own here, each part's in its folder."""

from django.urls import include, path

from openpractice.web import frame
from openpractice.web.api import problems

urlpatterns = [
    path("", include("openpractice.web.accounts.urls")),
    path("", include("openpractice.web.organisations.urls")),
    path("agreements/", include("openpractice.web.agreements.urls")),
    path("", include("openpractice.web.audit.urls")),
    path("own/", include("openpractice.web.own.urls")),
    path("shared/", include("openpractice.web.sharing.urls")),
    path("uploads/", include("openpractice.web.uploads.urls")),
    path("", include("openpractice.web.api.urls")),
    path("", include("openpractice.web.demo.urls")),
    path("", include("openpractice.web.explore.urls")),
    path("health", frame.health, name="health"),
    path("ready", frame.ready, name="ready"),
    path("metrics", frame.metrics, name="metrics"),
    path("robots.txt", frame.robots, name="robots"),
    path("favicon.ico", frame.favicon),
]

handler400 = problems.below_api(frame.bad_request, 400, "The request could not be understood.")
handler403 = problems.below_api(frame.forbidden, 403, "This is not allowed.")
handler404 = problems.below_api(frame.not_found, 404, "There is nothing at this address.")
handler500 = problems.below_api(frame.broken, 500, problems.BROKEN)
