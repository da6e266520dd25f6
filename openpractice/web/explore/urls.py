"""The addresses of the open pages."""

from django.urls import path

from openpractice.web.explore.views import areas, calls, catalogue, compare, data, home, measure, report, standing

app_name = "explore"
urlpatterns = [
    path("", home.home, name="home"),
    path("search", areas.find, name="search"),
    path("areas/<str:code>/", areas.area, name="area"),
    path("areas/<str:code>/report.<str:kind>", report.report, name="report"),
    path("areas/<str:code>/<slug:picture>.<str:kind>", areas.files, name="area-file"),
    path("areas/<str:code>/measures/<slug:name>/", measure.measure, name="measure"),
    path("areas/<str:code>/measures/<slug:name>/<slug:picture>.<str:kind>", measure.files, name="measure-file"),
    path("areas/<str:code>/measures/<slug:name>.<str:kind>", measure.download, name="measure-download"),
    path("compare/", compare.choose, name="compare"),
    path("compare/<str:code>/", compare.short, name="compare-short"),
    path("areas/<str:code>/compare/", compare.compare, name="comparison"),
    path("areas/<str:code>/compare/<slug:picture>.<str:kind>", compare.files, name="comparison-file"),
    path("calls/", calls.calls, name="calls"),
    path("calls/<slug:picture>.<str:kind>", calls.files, name="calls-file"),
    path("measures/", catalogue.catalogue_of_measures, name="measures"),
    path("measures/<slug:name>/", catalogue.definition, name="definition"),
    path("measures/<slug:name>/<slug:picture>.<str:kind>", catalogue.definition_files, name="definition-file"),
    path("data/", data.loaded, name="data"),
    path("data/files/<int:number>/", data.file, name="data-file"),
    path("glossary/", standing.glossary, name="glossary"),
    path("accessibility/", standing.accessibility, name="accessibility"),
]
