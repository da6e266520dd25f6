"""What is loaded and how good it is."""

from django.http import QueryDict

from openpractice.present import data
from openpractice.present.catalogue import span
from openpractice.render import words
from openpractice.store import Store
from openpractice.web.explore import pages
from openpractice.web.explore.pages import Page

HOME = ("Overview", "/")


@pages.page("explore/data.jinja")
def loaded(store: Store, query: QueryDict) -> Page:
    found = data.everything(store)
    return Page(
        title="Data",
        section="Data",
        trail=[HOME],
        description="Which published files are loaded, which months they cover, and every row that was refused.",
        context={"data": found, "span": span, "when": data.when, "month": words.period},
    )


@pages.page("explore/file.jinja")
def file(store: Store, query: QueryDict, number: int) -> Page:
    found = data.one_file(store, number)
    return Page(
        title=found.file.name,
        section="Data",
        trail=[HOME, ("Data", "/data/")],
        description=f"The account of {found.file.name}: rows read, kept and refused.",
        context={"found": found, "file": found.file, "when": data.when},
    )
