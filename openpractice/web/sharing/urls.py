"""The addresses of what others share."""

from django.urls import path

from openpractice.web.sharing.views import pages

urlpatterns = [
    path("", pages.page, name="shared"),
    path("<slug:code>/", pages.one, name="shared_figures"),
    path("<slug:code>/figures.csv", pages.figures_file, name="shared_figures_file"),
    path("<slug:code>/records.csv", pages.records_file, name="shared_records_file"),
    path("<slug:code>/stream", pages.stream, name="shared_stream"),
]
