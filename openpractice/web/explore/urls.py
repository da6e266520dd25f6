"""The addresses of the open pages."""

from django.urls import path

from openpractice.web.explore import views

app_name = "explore"
urlpatterns = [
    path("", views.home, name="home"),
    path("glossary/", views.glossary, name="glossary"),
    path("accessibility/", views.accessibility, name="accessibility"),
]
