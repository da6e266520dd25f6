"""The addresses of the record."""

from django.urls import path

from openpractice.web.audit import views

urlpatterns = [
    path("organisation/record/", views.record, name="record"),
    path("organisation/record.csv", views.record_file, name="record_file"),
    path("organisation/who-looked/", views.who_looked, name="who_looked"),
]
