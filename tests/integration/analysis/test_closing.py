"""A closed practice of the sample: B'ham Heartlands Surgery closed on 30 November 2019, as ODS tells it."""

import datetime as dt

import pytest

from openpractice.analysis import closing
from openpractice.analysis.alike import alike
from openpractice.analysis.explain import stands_out
from openpractice.analysis.features import features
from openpractice.analysis.places import area
from openpractice.analysis.quality import quality
from openpractice.kinds import Area, Refused
from openpractice.present import report
from openpractice.present.overview import overview

CLOSED = "M85075"
WORDS = "B'ham Heartlands Surgery closed on 30 November 2019"


def test_nothing_is_said_to_be_missing_now(sample_store):
    found = quality(sample_store, CLOSED)
    assert [item.title for item in found.items] == ["Workforce", "Workforce: months"]
    assert found.items[0].value == "figures up to March 2020"
    assert found.best_fix is None
    assert stands_out(sample_store, CLOSED) == []


@pytest.mark.parametrize("code", [CLOSED, "A85025", "Y00812", "J82220"])
def test_no_closed_practice_is_asked_to_do_anything(sample_store, code):
    page = overview(sample_store, code)
    assert page.head.closed
    assert page.attention == ()
    assert not [topic for topic in page.topics if topic.lacks or not topic.cards]


def test_it_is_nobodys_neighbour_and_has_none(sample_store):
    assert CLOSED not in features(sample_store).index
    with pytest.raises(Refused, match=f"^{WORDS}, so no practice is most alike today"):
        alike(sample_store, CLOSED)


def test_the_report_says_so_first_and_asks_nothing(sample_store):
    said = report.build(sample_store, CLOSED, dt.date(2026, 3, 1))
    assert said.sections[0].blocks[0].text.startswith(WORDS)
    assert "No figure here" not in repr(said)
    assert "action" not in repr(said)
    assert [s.title for s in said.sections[1:3]] == ["Staff", "The list, and the quality of care"]


def test_words():
    def said(**known):
        return closing.when(Area("Y99001", "practice", "A", **known))

    assert said() == ""
    assert said(closed="2019-11-30") == ""  # it was closed once, and has a list today
    assert said(status="closed", closed="2019-11-30") == "A closed on 30 November 2019"
    assert said(status="closed") == "A has no registered patients in the newest list and counts as closed"
    assert said(status="dormant") == "A is dormant: it is not open to patients in the latest files"


def test_an_open_practice_is_asked_as_before(sample_store):
    assert not closing.gone(area(sample_store, "B83002"))
    assert [topic for topic in overview(sample_store, "B83002").topics if topic.lacks]
