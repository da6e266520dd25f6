"""The grade of an area's data, with reasons and the repair that would help most."""

from openpractice.analysis.checks import Item
from openpractice.analysis.places import area
from openpractice.analysis.presence import _absent
from openpractice.analysis.quality import _overall, _reasons, quality
from openpractice.render.words import banned


def item(found, title):
    (only,) = [i for i in found.items if i.title == title]
    return only


def test_a_practice_with_telephony_but_no_other_file(store):
    found = quality(store, "Y99005")
    assert item(found, "Telephone calls").value == "figures up to February 2026"
    assert item(found, "Telephone calls").grade == "High"
    assert item(found, "Telephone calls: months").value == "all 14 months"
    appointments = item(found, "Appointments")
    assert appointments.value == "no file by practice is loaded"
    assert appointments.grade == "Medium"
    assert "ICB or of England" in appointments.meaning
    assert found.grade in ("High", "Medium")
    assert found.best_fix.grade == "Medium"
    assert found.best_fix.remedy


def test_a_practice_that_stopped_sending_figures(store):
    found = quality(store, "Y99004")
    calls = item(found, "Telephone calls")
    assert (calls.grade, calls.value) == ("Low", "figures up to October 2025, 4 months behind others")
    assert found.grade != "High"
    assert found.best_fix == calls
    assert "Telephone calls: figures up to October 2025, 4 months behind others." in found.reasons


def test_a_practice_that_an_extract_does_not_name_is_not_missing(store, monkeypatch):
    """Figures of half of all practices or fewer are an extract: absence from it says nothing."""
    monkeypatch.setattr(
        "openpractice.analysis.presence._newest",
        lambda store, table, level: ("2026-02", 25 if table == "list_size" else 12),
    )
    found = _absent(store, area(store, "Y99005"), "appointments", "Appointments", "appointment book")
    assert found.grade == "Medium"
    assert found.value == "not among the 12 of 25 practices that the loaded files name for February 2026"
    monkeypatch.setattr(
        "openpractice.analysis.presence._newest",
        lambda store, table, level: ("2026-02", 25 if table == "list_size" else 13),
    )
    found = _absent(store, area(store, "Y99005"), "appointments", "Appointments", "appointment book")
    assert (found.grade, found.value) == ("Low", "none, though others have figures up to February 2026")


def test_the_registered_list_is_dated(store):
    assert (
        item(quality(store, "Y99005"), "Registered list").value
        == "of January 2026, 1 month older than the newest figure"
    )


def test_larger_areas_say_what_is_covered(store):
    covered = item(quality(store, "99X"), "Patients covered")
    assert covered.grade == "High"
    assert "stand behind the figure that covers fewest" in covered.value
    assert not [i for i in quality(store, "Y99005").items if i.title == "Patients covered"]


def test_another_areas_figure_is_shown_but_does_not_count():
    mine = Item("A", "High", "1", "", "")
    theirs = Item("B", "Low", "2", "", "", own=False)
    assert _overall([mine, theirs]) == "High"
    assert "B" not in " ".join(_reasons([mine, theirs]))


def test_grades():
    def items(*grades):
        return [Item("t", grade, "v", "", "") for grade in grades]

    assert _overall(items()) == "Low"
    assert _overall(items("High", "High", "Medium", "High")) == "High"
    assert _overall(items("High", "High", "High", "High", "Low")) == "Medium"
    assert _overall(items("High", "High", "Low")) == "Low"
    assert _overall(items("Medium", "Medium", "Medium")) == "Medium"


def test_an_area_of_which_nothing_is_loaded_is_low():
    assert _reasons([]) == ["No figures of this area are loaded."]


def test_no_word_of_blame(store, england_of_26):
    for code in [p.code for p in england_of_26] + ["U99991", "99X", "Q99", "Y99", "ENG"]:
        found = quality(store, code)
        said = [*found.reasons, *(text for i in found.items for text in (i.title, i.value, i.meaning, i.remedy))]
        assert not {text: words for text in said if (words := banned(text))}
