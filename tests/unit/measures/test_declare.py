"""How measures are declared and found."""

import pytest

from openpractice.kinds import Refused
from openpractice.measures import TOPICS, catalogue, find
from openpractice.measures.declare import measure, unknown_share


def test_catalogue_is_in_order_of_topics():
    topics = [TOPICS.index(declared.topic) for declared in catalogue().values()]
    assert topics == sorted(topics)


def test_a_measure_is_named_after_its_function_and_explained_by_its_docstring():
    found = find("dna_rate")
    assert found.name == "dna_rate"
    assert found.why.startswith("A missed appointment is time")
    assert "\n" not in found.why
    assert found.definition == "dna_rate v1"


def test_a_misspelt_name_is_refused_with_what_was_meant():
    with pytest.raises(Refused, match="Did you mean dna_rate"):
        find("dna_rat")


def test_a_name_is_declared_once():
    found = find("dna_rate")

    def dna_rate(row):
        """Again."""

    catalogue()
    said = {name: getattr(found, name) for name in found.__dataclass_fields__ if name not in ("name", "row", "why")}
    with pytest.raises(ValueError, match="two measures are called dna_rate"):
        measure(**said)(dna_rate)


def test_unknown_is_a_share_of_the_denominator_or_stands_beside_it():
    assert unknown_share(find("dna_rate_including_unknown"), 55, 1000) == 0.055
    assert unknown_share(find("dna_rate"), 55, 945) == 0.055
