"""Who is like us, and how do we differ?"""

from django.http import QueryDict

from openpractice.analysis import places
from openpractice.kinds import ENGLAND
from openpractice.present import comparison
from openpractice.present.picture import Picture
from openpractice.store import Store
from openpractice.web.explore import chosen, pages, pictures, warm
from openpractice.web.explore.asked import written
from openpractice.web.explore.pages import Elsewhere, Page

HOME = ("Overview", "/")


@pages.page("explore/compare.jinja", "practice")
def choose(store: Store, query: QueryDict) -> Page | Elsewhere:
    asked = chosen.choose(store, query.get("practice", ""), "compare/")
    if asked and asked.elsewhere:
        return asked.elsewhere
    examples = [a for a in places.search(store, "surgery", 3) if a.level == "practice"]
    return Page(
        title="Compare",
        section="Compare",
        trail=[HOME],
        description="Compare a practice fairly: with the practices most alike, its network, its neighbours and England.",
        context={
            "chosen": asked,
            "comparators": comparison.COMPARATORS,
            "examples": examples,
            "icbs": places.members(store, places.area(store, ENGLAND), "icb"),
        },
    )


@pages.page("explore/comparison.jinja", "k", "without")
def compare(store: Store, query: QueryDict, code: str) -> Page | Elsewhere:
    place = places.area(store, code)
    address = f"/areas/{place.code}/compare/"
    if code != place.code:
        return Elsewhere(address + written(query))
    warm.wait(store)
    found = _asked(store, query, code)
    trail = [(a.name, f"/areas/{a.code}/") for a in places.path(store, place)]
    return Page(
        title=f"{found.area.name}: compare",
        section="Compare",
        trail=trail[-5:],
        description=f"The practices most like {found.area.name}, and every measure beside theirs.",
        context={
            "found": found,
            "area": found.area,
            "twins": found.twins,
            "choices": comparison.CHOICES,
            "map": pictures.chart(found.twins.map, address, query) if found.twins and found.twins.map else None,
            "spine": pictures.chart(found.spine, address, query) if found.spine else None,
            "likeness": f"{address}likeness.csv{written(query)}",
        },
    )


@pages.page("explore/compare.jinja")
def short(store: Store, query: QueryDict, code: str) -> Elsewhere:
    """The address that is quick to say and to type."""
    return Elsewhere(f"/areas/{places.area(store, code).code}/compare/")


@pictures.files
def files(store: Store, query: QueryDict, code: str) -> list[Picture]:
    return _asked(store, query, code).pictures


def _asked(store: Store, query: QueryDict, code: str) -> comparison.Comparison:
    k = query.get("k", "")
    return comparison.comparison(store, code, int(k) if k.isdecimal() and len(k) < 4 else 20, query.getlist("without"))
