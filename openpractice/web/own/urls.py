"""The addresses of an organisation's own data."""

from django.urls import path

from openpractice.web.own.views import figures, managing, patient

urlpatterns = [
    path("", figures.page, name="own"),
    path("measures/<slug:name>/", figures.measure, name="own_measure"),
    path("patient/", patient.page, name="own_patient"),
    path("key/", managing.key, name="own_key"),
    path("keeping/", managing.keeping, name="own_keeping"),
    path("leave/", managing.leaving, name="own_leave"),
]
