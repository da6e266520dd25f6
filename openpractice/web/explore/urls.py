"""The addresses of the open pages."""

from django.urls import path

from openpractice.web.explore.views import home, words

app_name = "explore"
urlpatterns = [
    path("", home.home, name="home"),
    path("glossary/", words.glossary, name="glossary"),
    path("accessibility/", words.accessibility, name="accessibility"),
]
