"""The areas inside an area."""

import pytest

from openpractice.kinds import Area, Refused
from openpractice.measures import find
from openpractice.present import members, members_pictures, missing, movers

ICB = Area("QHM", "icb", "An ICB")


def test_the_choices_have_defaults():
    assert members.asked(ICB) == members.Asked("practice", "", False, 1, "")


@pytest.mark.parametrize("page", ["0", "-3", "x", "", "9" * 30])
def test_no_page_number_breaks(page):
    assert members.asked(ICB, page=page).page >= 1


def test_a_level_that_is_not_inside_is_refused_with_those_that_are():
    with pytest.raises(Refused, match="practice, pcn and sub_icb"):
        members.asked(ICB, level="nation")


def test_places_of_one_name_are_told_apart():
    assert members_pictures._unlike(["A", "B", "A"]) == ["A", "B", "A (2)"]


def test_the_file_that_names_practices_is_the_one_to_fetch():
    assert missing.source_of(find("dna_rate"), "practice").name == "gpad_practice"
    assert missing.source_of(find("payment_per_weighted_patient"), "practice").name == "payments"
    assert missing.source_of(find("monday_calls_share"), "practice") is None
    assert missing.source_of(find("monday_calls_share"), "nation").name == "telephony"


def test_members_of_the_sample(sample_store):
    network = Area("U07032", "pcn", "North Stockton PCN")
    found = members.members(sample_store, network, members.asked(network, sort="patients", down=True))
    sizes = [int(row.patients.replace(",", "")) for row in found.rows]
    assert sizes == sorted(sizes, reverse=True)
    assert {p.id for p in found.pictures} >= {"matrix"}


def test_a_telephone_figure_whose_calls_jumped_is_doubted(sample_store):
    """Peel Park Surgery: 2,920 calls in December 2025 and 4,825 in February 2026, as published."""
    found = {
        m.sentence: m for m in movers.moved(sample_store, Area("QWO", "icb", "NHS West Yorkshire ICB"), "practice")
    }
    assert found["Peel Park Surgery: calls answered fell"].detail.endswith(movers.JUMPED)
    assert not any(movers.JUMPED in m.detail for m in found.values() if "calls" not in m.sentence)
