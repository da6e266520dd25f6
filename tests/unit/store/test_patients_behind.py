"""The patients behind a figure: which list divides a rate, how much of an area it speaks for, and when it is withheld."""

from functools import partial

import pytest

from openpractice.analysis.places import area
from openpractice.analysis.unsaid import Unsaid, unsaid
from openpractice.measures import find
from openpractice.present import missing


def month_after(start: str, months: int) -> str:
    number = int(start[:4]) * 12 + int(start[5:]) - 1 + months
    return f"{number // 12}-{number % 12 + 1:02d}"


def test_a_rate_is_over_the_lists_of_the_practices_that_spoke(world, say):
    world.tell(say.lists({"Y99001": 6000, "Y99002": 4000}), *say.placed({"Y99001": "U99991", "Y99002": "U99991"}))
    world.tell(say.calls({"Y99001": 500}))
    found = world.result("inbound_calls_per_1000", "U99991")
    assert (found.denominator, found.coverage) == (6000, 0.6)


def test_a_practice_that_gave_no_value_is_not_covered(world, say):
    """It is in the plan of its table, and counts among those behind the measures that it did give."""
    calls = [{"area_code": "Y99001", "inbound": 1000, "answered": 500}, {"area_code": "Y99002", "inbound": 800}]
    world.tell(say.lists({"Y99001": 6000, "Y99002": 4000}), *say.placed({"Y99001": "U99991", "Y99002": "U99991"}))
    world.tell(say.part("calls", calls))
    assert world.result("inbound_calls_per_1000", "U99991").coverage == 1.0
    found = world.result("calls_answered", "U99991")
    assert (found.denominator, found.coverage, found.confidence) == (1000, 0.6, "Low")


def test_a_figure_of_too_few_that_gave_a_value_is_withheld(world, say):
    calls = [{"area_code": "Y99001", "inbound": 1000, "answered": 500}, {"area_code": "Y99002", "inbound": 800}]
    world.tell(say.lists({"Y99001": 2000, "Y99002": 8000}), *say.placed({"Y99001": "U99991", "Y99002": "U99991"}))
    world.tell(say.part("calls", calls))
    assert world.result("calls_answered", "Y99001").value == 0.5
    assert world.result("calls_answered", "U99991") is None


def test_why_there_is_no_figure_is_told_from_what_is_loaded(world, say):
    """A withheld figure is not called missing, and a file that is loaded is not asked for."""
    world.tell(say.lists({"Y99001": 2000, "Y99002": 8000}), *say.placed({"Y99001": "U99991", "Y99002": "U99991"}))
    world.tell(say.calls({"Y99001": 500}), say.calls({"Y99001": 500}, "2023-06"))
    asked = partial(unsaid, world.store)
    assert asked(find("calls_missed"), "U99991", "pcn") == Unsaid("2026-02", 0.2)
    assert asked(find("calls_missed"), "U99991", "pcn", last="2022-01") is None
    assert asked(find("calls_missed"), "Y99001", "practice") is None
    assert asked(find("inbound_calls_per_1000"), "Y99001", "practice") == Unsaid("2023-06", None)
    assert asked(find("gp_fte_per_10000"), "U99991", "pcn") is None
    assert (
        "(20.0% in February 2026) to be given as"
        in missing.of_measure(world.store, find("calls_missed"), area(world.store, "U99991")).remedy
    )


def test_a_published_total_is_over_the_patients_that_its_publication_covers(world, say):
    coverage = {"area_code": "ENG", "level": "nation", "service": "telephony", "practices_included": 1, "practices_open": 2,
                "patients_included": 8000, "patients_open": 10000}  # fmt: skip
    world.tell(say.lists({"Y99001": 6000, "Y99002": 4000}))
    world.tell(say.calls({"ENG": 500}, level="nation"), say.part("coverage", [coverage], carries=("service",)))
    found = world.result("inbound_calls_per_1000", "ENG")
    assert (found.denominator, found.value, found.coverage) == (8000, 125, 0.8)


def test_coverage_of_another_publication_is_not_borrowed(world, say):
    coverage = {"area_code": "ENG", "level": "nation", "service": "online", "practices_included": 1, "practices_open": 2,
                "patients_included": 8000, "patients_open": 10000}  # fmt: skip
    world.tell(say.lists({"Y99001": 6000, "Y99002": 4000}))
    world.tell(say.calls({"ENG": 500}, level="nation"), say.part("coverage", [coverage], carries=("service",)))
    assert world.result("inbound_calls_per_1000", "ENG").denominator == 10000


@pytest.mark.parametrize(("away", "rate"), [(-13, False), (-12, True), (0, True), (12, True), (13, False)])
def test_a_list_serves_for_a_year_on_either_side_and_no_longer(away, rate, world, say):
    asked = month_after("2024-06", away)
    world.tell(say.lists({"Y99001": 5000}, "2024-06"), say.calls({"Y99001": 500}, asked))
    found = world.result("inbound_calls_per_1000", "Y99001", asked)
    assert (found is not None) == rate
    assert found is None or found.denominator == 5000
    assert world.result("calls_answered", "Y99001", asked).value == 0.5


def test_how_much_a_figure_speaks_for_can_be_told_from_an_older_list(world, say):
    world.tell(
        say.lists({"Y99001": 6000, "Y99002": 4000}, "2022-01"), *say.placed({"Y99001": "U99991", "Y99002": "U99991"})
    )
    world.tell(say.calls({"Y99001": 500}, "2024-06"))
    assert world.result("calls_answered", "U99991", "2024-06").coverage == 0.6
    assert world.result("inbound_calls_per_1000", "U99991", "2024-06") is None


def test_the_nearest_list_is_taken(world, say):
    world.tell(say.lists({"Y99001": 5000}, "2025-01"), say.lists({"Y99001": 7000}, "2025-12"))
    world.tell(*(say.calls({"Y99001": 500}, month) for month in ("2025-03", "2025-10")))
    assert world.result("inbound_calls_per_1000", "Y99001", "2025-03").denominator == 5000
    assert world.result("inbound_calls_per_1000", "Y99001", "2025-10").denominator == 7000


def test_a_list_of_some_practices_is_not_england(world, say):
    """The nearest whole publication stands behind England, though a partial one is nearer."""
    world.tell(say.lists({"Y99001": 6000, "Y99002": 4000}, "2025-12"))
    world.tell(say.lists({"Y99001": 9999}, "2026-02", source="registered_patients_ages", complete=False))
    world.tell(say.calls({"ENG": 500}, "2026-02", level="nation"))
    assert world.result("inbound_calls_per_1000", "ENG").denominator == 10000


def test_without_any_list_shares_stand_and_rates_do_not(world, say):
    world.tell(say.calls({"Y99001": 500}))
    share = world.result("calls_answered", "Y99001")
    assert (share.value, share.coverage, share.confidence) == (0.5, None, "Medium")
    assert world.result("inbound_calls_per_1000", "Y99001") is None


@pytest.mark.parametrize(("patients", "shown"), [(2400, False), (2500, True)])
def test_a_figure_that_covers_too_little_is_withheld(patients, shown, world, say):
    lists = {"Y99001": patients, "Y99002": 10000 - patients}
    world.tell(say.lists(lists), *say.placed(dict.fromkeys(lists, "U99991")), say.calls({"Y99001": 500}))
    assert world.values("calls_answered", "Y99001") == {"2026-02": 0.5}
    for code in ("U99991", "99X", "Q99", "Y99", "ENG"):
        assert bool(world.values("calls_answered", code)) == shown, code


@pytest.mark.parametrize(("covered", "grade"), [(9000, "High"), (8900, "Medium"), (7000, "Medium"), (6900, "Low")])
def test_what_covers_less_is_trusted_less(covered, grade, world, say):
    lists = {"Y99001": covered, "Y99002": 10000 - covered}
    world.tell(say.lists(lists), *say.placed(dict.fromkeys(lists, "U99991")), say.calls({"Y99001": 500}))
    assert world.result("calls_answered", "U99991").confidence == grade


def test_a_figure_with_too_much_unknown_is_withheld(world, say):
    """A band open at 65 says nothing of those of 75: the share of these is not given, that of the others is."""
    bands = [(0, 64, 8000), (65, 120, 2000)]
    rows = [
        {"area_code": "Y99001", "sex": "All", "age_from": low, "age_to": high, "patients": n} for low, high, n in bands
    ]
    world.tell(
        say.lists({"Y99001": 10000}), say.part("list_ages", rows, source="registered_patients_ages", carries=("sex",))
    )
    assert world.values("patients_65_and_over_share", "Y99001") == {"2026-02": 0.2}
    assert world.values("patients_75_and_over_share", "Y99001") == {}


def test_missing_counts_are_not_zero(world, say):
    rows = [
        {"area_code": "Y99001", "inbound": 1000, "answered": 500, "missed": None},
        {"area_code": "Y99002", "inbound": 1000, "answered": 700, "missed": 100},
    ]
    world.tell(say.lists({"Y99001": 6000, "Y99002": 4000}), *say.placed({"Y99001": "U99991", "Y99002": "U99991"}))
    world.tell(say.part("calls", rows))
    assert world.values("calls_missed", "Y99001") == {}
    assert world.values("calls_missed", "U99991") == {"2026-02": 0.1}
    assert world.values("calls_answered", "U99991") == {"2026-02": 0.6}
