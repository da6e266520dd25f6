"""Which rows stand for which area and month: later editions, whole editions, regional files, levels and sources."""

import itertools

import pytest


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_a_later_edition_restates_a_month_in_either_order(order, world, say):
    editions = (
        say.calls({"Y99001": 500}, "2026-01", published="2026-01"),
        say.calls({"Y99001": 700}, "2026-01", published="2026-02"),
    )
    for n in order:
        world.tell(editions[n])
    assert world.values("calls_answered", "Y99001") == {"2026-01": 0.7}


def test_of_two_files_of_one_edition_the_one_loaded_last_stands(world, say):
    world.tell(say.calls({"Y99001": 500})).tell(say.calls({"Y99001": 600}))
    assert world.values("calls_answered", "Y99001") == {"2026-02": 0.6}


def test_an_earlier_edition_keeps_the_months_that_nobody_restates(world, say):
    world.tell(say.calls({"Y99001": 500}, "2026-01")).tell(say.calls({"Y99001": 700}, "2026-02"))
    assert world.values("calls_answered", "Y99001") == {"2026-01": 0.5, "2026-02": 0.7}


@pytest.mark.parametrize(("complete", "left"), [(True, None), (False, 0.4)])
def test_an_edition_that_speaks_for_everyone_silences_whom_it_no_longer_names(complete, left, world, say):
    world.tell(say.calls({"Y99001": 500, "Y99002": 400}, "2026-01", published="2026-01"))
    world.tell(say.calls({"Y99001": 700}, "2026-01", published="2026-02", complete=complete))
    assert world.values("calls_answered", "Y99001") == {"2026-01": 0.7}
    assert world.values("calls_answered", "Y99002").get("2026-01") == left


def test_a_whole_edition_is_silent_on_other_months_and_other_levels(world, say):
    world.tell(say.calls({"Y99002": 400}, "2026-01"), say.calls({"ENG": 450}, level="nation"))
    world.tell(say.calls({"Y99001": 700}, "2026-02"))
    assert world.values("calls_answered", "Y99002") == {"2026-01": 0.4}
    assert world.values("calls_answered", "ENG")["2026-02"] == 0.45


def appointments(say, counts, source="gpad_ccg_monthly", complete=False, level="sub_icb", **options):
    rows = [{"area_code": code, "level": level, "appt_status": "Attended", "n": n} for code, n in counts.items()]
    return say.part("appointments", rows, source=source, complete=complete, carries=("appt_status",), **options)


@pytest.fixture
def country(world, say):
    """Two boards of one location each, with a practice of 10,000 patients in either."""
    return world.tell(
        say.lists({"Y99001": 10000, "Y99002": 10000}),
        say.belongs("Y99001", "98X", "practice in sub_icb"), say.belongs("Y99002", "99X", "practice in sub_icb"),
        say.belongs("98X", "Q98", "sub_icb in icb"), say.belongs("99X", "Q99", "sub_icb in icb"),
        say.belongs("Q98", "Y99", "icb in region"), say.belongs("Q99", "Y99", "icb in region"),
    )  # fmt: skip


def test_regional_files_of_one_month_stand_side_by_side(country, say):
    country.tell(appointments(say, {"98X": 4000})).tell(appointments(say, {"99X": 5000}))
    assert country.result("appointments_per_1000", "Q98").numerator == 4000
    assert country.result("appointments_per_1000", "Q99").numerator == 5000
    assert country.result("appointments_per_1000", "ENG").numerator == 9000


def test_two_sources_at_one_level_are_never_added(country, say):
    country.tell(appointments(say, {"98X": 4000, "99X": 5000}))
    country.tell(appointments(say, {"98X": 4100, "99X": 5100}, source="gpad_daily"))
    assert country.result("appointments_per_1000", "ENG").numerator in (9000, 9100)
    assert country.result("appointments_per_1000", "Q98").numerator in (4000, 4100)


def test_the_source_that_names_most_areas_is_believed_for_the_whole(country, say):
    country.tell(appointments(say, {"98X": 4000})).tell(
        appointments(say, {"98X": 4100, "99X": 5100}, source="gpad_daily")
    )
    assert country.result("appointments_per_1000", "ENG").numerator == 9200
    assert country.result("appointments_per_1000", "ENG").coverage == 1.0


def test_two_levels_are_never_added(country, say):
    country.tell(appointments(say, {"98X": 4000, "99X": 5000}))
    country.tell(appointments(say, {"Q98": 4000, "Q99": 5000}, source="gpad_icb_monthly", level="icb", complete=True))
    assert country.result("appointments_per_1000", "ENG").numerator == 9000
    assert country.result("appointments_per_1000", "98X").numerator == 4000


def test_a_published_england_row_speaks_for_england_and_practices_for_their_board(country, say):
    country.tell(say.calls({"Y99001": 500, "Y99002": 700}), say.calls({"ENG": 640}, level="nation"))
    assert country.values("calls_answered", "ENG") == {"2026-02": 0.64}
    assert country.values("calls_answered", "Y99") == {"2026-02": 0.6}
    assert country.values("calls_answered", "Q99") == {"2026-02": 0.7}


def test_without_an_england_row_england_is_the_sum_of_practices(country, say):
    country.tell(say.calls({"Y99001": 500, "Y99002": 700}))
    england = country.result("calls_answered", "ENG")
    assert (england.numerator, england.denominator) == (1200, 2000)


def test_an_account_that_serves_several_practices_counts_for_england_only(country, say):
    country.tell(say.calls({"Y99001": 500, "Y99002": 700, "UNASSIGNED": 300}))
    assert country.result("calls_answered", "ENG").denominator == 3000
    assert country.result("calls_answered", "Y99").denominator == 2000
    assert country.result("calls_answered", "UNASSIGNED") is None


def test_statistics_of_one_table_keep_their_own_sources(world, say):
    """A file with deprivation does not silence one with ethnicity, though both fill `profile`."""
    told = {"imd_score": ("deprivation", 30.0), "non_white_share": ("ethnicity", 0.25)}
    for attribute, (source, number) in told.items():
        rows = [{"area_code": "Y99001", "attribute": attribute, "number": number}]
        world.tell(say.part("profile", rows, source=source, carries=("attribute",)), say.lists({"Y99001": 9000}))
    assert world.values("imd_score", "Y99001") == {"2026-02": 30.0}
    assert world.values("non_white_share", "Y99001") == {"2026-02": 0.25}


def test_a_cut_that_does_not_know_a_category_cannot_answer_for_it(country, say):
    """England's total is published nearest to England, but only a file that knows the status can give a DNA rate."""
    rows = [{"area_code": "ENG", "level": "nation", "n": 9999}]
    country.tell(say.part("appointments", rows, source="gpad_national"), appointments(say, {"98X": 4000, "99X": 5000}))
    assert country.result("appointments_per_1000", "ENG").numerator == 9999
    assert country.result("dna_rate", "ENG").denominator == 9000


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_the_order_of_three_files_makes_no_difference(order, another_world, say):
    world = another_world()
    files = (
        say.calls({"Y99001": 500}, "2026-01", published="2026-01"),
        say.calls({"Y99001": 700}, "2026-01", published="2026-02"),
        say.lists({"Y99001": 10000}),
    )
    for n in order:
        world.tell(files[n])
    found = world.result("inbound_calls_per_1000", "Y99001", "2026-01")
    assert (found.numerator, found.denominator, found.value) == (1000, 10000, 100)
    assert world.values("calls_answered", "Y99001") == {"2026-01": 0.7}


def test_one_location_published_nearer_does_not_hide_the_practices_of_all_the_others(world, say):
    """A county's own file by location stands nearer to England than practices do, and says nothing of England."""
    world.tell(
        say.lists({"Y99001": 1000, "Y99002": 9000}),
        say.belongs("Y99001", "98X", "practice in sub_icb"), say.belongs("Y99002", "99X", "practice in sub_icb"),
        say.belongs("98X", "Q99", "sub_icb in icb"), say.belongs("99X", "Q99", "sub_icb in icb"),
        say.belongs("Q99", "Y99", "icb in region"),
    )  # fmt: skip
    world.tell(
        appointments(say, {"Y99001": 400, "Y99002": 5000}, source="gpad_practice", level="practice", complete=True)
    )
    world.tell(appointments(say, {"98X": 410}))
    assert world.result("appointments_per_1000", "98X").numerator == 410
    for code in ("Q99", "Y99", "ENG"):
        found = world.result("appointments_per_1000", code)
        assert (found.numerator, found.denominator, found.coverage) == (5400, 10000, 1.0), code
