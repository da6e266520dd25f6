"""What every number means: the list of measures, and one measure in full."""

from django.http import QueryDict

from openpractice.measures import find
from openpractice.present import catalogue, trend
from openpractice.present.picture import Picture, shown
from openpractice.render import tables
from openpractice.store import Store
from openpractice.web.explore import chosen, pages, pictures
from openpractice.web.explore.pages import Elsewhere, Page

HOME = ("Overview", "/")


@pages.page("explore/catalogue.jinja", "q", "topic")
def catalogue_of_measures(store: Store, query: QueryDict) -> Page:
    found = catalogue.listing(store, query.get("q", ""), query.get("topic", ""))
    return Page(
        title="Measures",
        section="Measures",
        trail=[HOME],
        description="What every measure means: its question, definition, source and where it is available.",
        context={"catalogue": found},
    )


@pages.page("explore/definition.jinja", "practice")
def definition(store: Store, query: QueryDict, name: str) -> Page | Elsewhere:
    found = catalogue.definition(store, name)
    asked = chosen.choose(store, query.get("practice", ""), f"measures/{found.measure.name}/")
    if asked and asked.elsewhere:
        return asked.elsewhere
    address = f"/measures/{found.measure.name}/"
    drawn = {p.id: pictures.chart(p, address) for p in _pictures(store, name)}
    worked = found.example.table
    return Page(
        title=found.measure.title,
        section="Measures",
        trail=[HOME, ("Measures", "/measures/")],
        description=found.measure.question,
        context={
            "found": found,
            "chosen": asked,
            "measure": found.measure,
            "charts": drawn,
            "columns": [tables.heading(column) for column in worked.columns],
            "rows": shown(worked),
            "words": [place for place, column in enumerate(worked.columns) if not column.numeric],
            "rows_of_reach": [[r.name, f"{r.areas:,}", r.first, r.latest] for r in found.reach],
            "spans": catalogue.months_in_words(found.files),
        },
    )


@pictures.files
def definition_files(store: Store, query: QueryDict, name: str) -> list[Picture]:
    return _pictures(store, name)


def _pictures(store: Store, name: str) -> list[Picture]:
    measure = find(name)
    return [p for p in (trend.england(store, measure), trend.by_icb(store, measure)) if p]
