"""Every address of the site: the frame's own here, each part's in its folder."""

from django.urls import include, path

from openpractice.web import frame

urlpatterns = [
    path("", include("openpractice.web.accounts.urls")),
    path("", include("openpractice.web.organisations.urls")),
    path("agreements/", include("openpractice.web.agreements.urls")),
    path("", include("openpractice.web.audit.urls")),
    path("own/", include("openpractice.web.own.urls")),
    path("shared/", include("openpractice.web.sharing.urls")),
    path("uploads/", include("openpractice.web.uploads.urls")),
    path("api/", include("openpractice.web.api.urls")),
    path("", include("openpractice.web.demo.urls")),
    path("", include("openpractice.web.explore.urls")),
    path("health", frame.health, name="health"),
    path("robots.txt", frame.robots, name="robots"),
    path("favicon.ico", frame.favicon),
]

handler400 = frame.bad_request
handler403 = frame.forbidden
handler404 = frame.not_found
handler500 = frame.broken
