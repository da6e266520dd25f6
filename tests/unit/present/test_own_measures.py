"""What public pages say of figures that only a practice has: where they come from, and nothing that looks broken."""

from openpractice.kinds import Area
from openpractice.measures import find
from openpractice.present import missing, overview


def practice(store) -> str:
    row = store.catalogue.execute(
        "SELECT code FROM areas WHERE level = 'practice' AND status = 'active' LIMIT 1"
    ).fetchone()
    return row[0]


def topics(store, code: str) -> dict[str, overview.Topic]:
    return {topic.name: topic for topic in overview.overview(store, code).topics}


def test_a_practices_page_says_where_they_come_from(sample_store):
    topic = topics(sample_store, practice(sample_store))["Appointment book"]
    assert topic.cards == ()
    (lack,) = topic.lacks
    assert lack.remedy.startswith("No open data exist for this: it comes from a practice's own records")
    assert len(lack.measures) == 6
    assert lack.above == ()


def test_a_larger_areas_page_does_not_speak_of_them(sample_store):
    assert "Appointment book" not in topics(sample_store, "ENG")
    england = Area(code="ENG", level="nation", name="England")
    lack = missing.of_measure(sample_store, find("book_dna_share"), england)
    assert lack.remedy.endswith("It is never worked out for larger areas.")
