"""The addresses of the open pages."""

from django.urls import path

from openpractice.web.explore.views import home, standing

app_name = "explore"
urlpatterns = [
    path("", home.home, name="home"),
    path("glossary/", standing.glossary, name="glossary"),
    path("accessibility/", standing.accessibility, name="accessibility"),
]
