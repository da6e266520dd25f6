"""Who belonged to whom, month by month, and which areas are there today."""

import pytest

from openpractice.sources import catalogue


def status(world, code):
    row = world.store.catalogue.execute("SELECT status FROM areas WHERE code = ?", [code]).fetchone()
    return row and row[0]


def area(world, code):
    columns = "level, name, pcn, sub_icb, icb, region, patients"
    return tuple(world.store.catalogue.execute(f"SELECT {columns} FROM areas WHERE code = ?", [code]).fetchone())


def test_one_group_by_serves_every_level(world, say):
    world.tell(say.lists({"Y99001": 6000, "Y99002": 4000}), *say.placed({"Y99001": "U99991", "Y99002": "U99991"}))
    world.tell(say.calls({"Y99001": 500, "Y99002": 700}))
    for code in ("U99991", "99X", "Q99", "Y99", "ENG"):
        found = world.result("calls_answered", code)
        assert (found.numerator, found.denominator, found.coverage) == (1200, 2000, 1.0), code
        assert world.result("inbound_calls_per_1000", code).value == 200
    assert area(world, "Y99001") == ("practice", "Y99001", "U99991", "99X", "Q99", "Y99", 6000)


def test_a_practice_that_moves_is_counted_each_month_with_the_network_of_that_month(world, say):
    world.tell(
        *(
            say.lists({"Y99001": 6000, "Y99002": 4000, "Y99003": 5000}, month)
            for month in ("2025-11", "2025-12", "2026-01")
        ),
        *say.placed({"Y99001": "U99991", "Y99002": "U99991", "Y99003": "U99992"}),
        say.belongs("Y99001", "U99992", since="2026-01"),
    )
    for month in ("2025-11", "2025-12", "2026-01"):
        world.tell(say.calls({"Y99001": 100, "Y99002": 500, "Y99003": 900}, month))
    assert world.values("calls_answered", "U99991") == {"2025-11": 0.3, "2025-12": 0.3, "2026-01": 0.5}
    assert world.values("calls_answered", "U99992") == {"2025-11": 0.9, "2025-12": 0.9, "2026-01": 0.5}
    assert world.values("calls_answered", "Y99001") == {"2025-11": 0.1, "2025-12": 0.1, "2026-01": 0.1}
    assert world.values("calls_answered", "ENG") == dict.fromkeys(("2025-11", "2025-12", "2026-01"), 0.5)


def test_its_patients_move_with_it(world, say):
    world.tell(
        say.lists({"Y99001": 6000, "Y99002": 4000}, "2025-12"), say.lists({"Y99001": 6000, "Y99002": 4000}, "2026-01"),
        *say.placed({"Y99001": "U99991", "Y99002": "U99992"}), say.belongs("Y99001", "U99992", since="2026-01"),
    )  # fmt: skip
    assert world.values("list_size", "U99992") == {"2025-12": 4000, "2026-01": 10000}
    assert world.values("list_size", "U99991") == {"2025-12": 6000}
    assert status(world, "U99991") == "closed"
    assert status(world, "U99992") == "active"


def test_a_practice_that_leaves_its_network_is_in_none(world, say):
    world.tell(
        say.lists({"Y99001": 6000, "Y99002": 4000}), *say.placed({"Y99001": "U99991", "Y99002": "U99991"}),
        say.belongs("Y99001", None, since="2026-02"),
    )  # fmt: skip
    world.tell(say.calls({"Y99001": 100, "Y99002": 500}))
    assert world.values("calls_answered", "U99991") == {"2026-02": 0.5}
    assert world.values("calls_answered", "99X") == {"2026-02": 0.3}


def test_a_network_joined_later_holds_for_the_months_before_its_first_mention(world, say):
    """The first membership that is known holds from always: files about networks begin late, practices do not."""
    world.tell(say.lists({"Y99001": 6000}, "2024-01"), *say.placed({"Y99001": "U99991"}, since="2025-06"))
    assert world.values("list_size", "U99991") == {"2024-01": 6000}


def test_an_unallocated_network_is_no_network(world, say):
    world.tell(say.lists({"Y99001": 6000}), *say.placed({"Y99001": "U"}))
    assert area(world, "Y99001")[2] == ""


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_of_two_sources_on_one_month_the_more_trusted_is_believed(order, world, say):
    told = (
        say.belongs("Y99001", "U99991", since="2026-01", source="telephony"),
        say.belongs("Y99001", "U99992", since="2026-01", source="practice_demographics"),
    )
    for n in order:
        world.tell(told[n], say.lists({"Y99001": 6000}, published=f"2026-0{n + 1}"))
    ranks = {name: catalogue()[name].rank for name in ("telephony", "practice_demographics")}
    assert ranks["telephony"] < ranks["practice_demographics"]
    assert area(world, "Y99001")[2] == "U99991"


def test_ons_codes_of_locations_and_boards_are_the_same_areas(world, say):
    aliases = [
        {"alias": "E38000999", "level": "sub_icb", "area_code": "99X", "kind": "ons"},
        {"alias": "E54000999", "level": "icb", "area_code": "Q99", "kind": "ons"},
    ]
    world.tell(
        say.lists({"Y99001": 10000}),
        *say.placed({"Y99001": "U99991"}),
        say.part("aliases", aliases, source="geography_maps"),
    )
    rows = [{"area_code": "E54000999", "level": "icb", "appt_status": "Attended", "n": 4000}]
    world.tell(say.part("appointments", rows, source="gpad_icb_monthly", carries=("appt_status",)))
    found = world.result("appointments_per_1000", "Q99")
    assert (found.numerator, found.value, found.coverage) == (4000, 400, 1.0)
    assert world.result("appointments_per_1000", "Y99").numerator == 4000
    assert world.result("appointments_per_1000", "E54000999") is None
    assert status(world, "E54000999") is None


def test_memberships_told_in_ons_codes_are_resolved(world, say):
    aliases = [{"alias": "E54000999", "level": "icb", "area_code": "Q99", "kind": "ons"}]
    world.tell(
        say.lists({"Y99001": 10000}), say.belongs("Y99001", "99X", "practice in sub_icb"),
        say.belongs("99X", "E54000999", "sub_icb in icb"), say.belongs("E54000999", "Y99", "icb in region"),
        say.part("aliases", aliases, source="geography_maps"),
    )  # fmt: skip
    assert area(world, "Y99001")[3:6] == ("99X", "Q99", "Y99")
    assert world.values("list_size", "Q99") == {"2026-02": 10000}


def organisations(say, *rows, **options):
    told = [{"area_code": c, "level": "practice", "name": n, "status": s, "as_of": a} for c, n, s, a in rows]
    return say.part("organisations", told, source="ods_epraccur", **options)


def test_the_latest_name_is_shown_and_said_quietly(world, say):
    world.tell(say.lists({"Y99001": 6000}), organisations(say, ("Y99001", "THE OLD SURGERY", "active", 24000)))
    world.tell(organisations(say, ("Y99001", "THE NEW SURGERY", "active", 24300)))
    assert area(world, "Y99001")[1] == "The New Surgery"
    assert area(world, "ENG")[:2] == ("nation", "England")


def test_open_means_with_a_list_whatever_an_old_file_says(world, say):
    world.tell(
        say.lists({"Y99001": 6000}),
        organisations(
            say, ("Y99001", "A", "closed", 24000), ("Y99002", "B", "active", 24000), ("Y99003", "C", "dormant", 24000)
        ),
    )
    assert [status(world, f"Y9900{n}") for n in (1, 2, 3)] == ["active", "closed", "dormant"]


def test_without_any_list_an_area_is_what_it_is_told_to_be(world, say):
    world.tell(organisations(say, ("Y99001", "A", "active", 24000), ("Y99002", "B", "dormant", 24000)))
    assert [status(world, f"Y9900{n}") for n in (1, 2)] == ["active", "dormant"]


def test_a_practice_that_closes_keeps_its_history(world, say):
    world.tell(
        say.lists({"Y99001": 6000, "Y99002": 4000}, "2025-12"), *say.placed({"Y99001": "U99991", "Y99002": "U99991"})
    )
    world.tell(say.calls({"Y99001": 100, "Y99002": 500}, "2025-12"), say.lists({"Y99002": 9000}, "2026-01"))
    assert status(world, "Y99001") == "closed"
    assert world.values("calls_answered", "Y99001") == {"2025-12": 0.1}
    assert world.values("calls_answered", "U99991") == {"2025-12": 0.3}
