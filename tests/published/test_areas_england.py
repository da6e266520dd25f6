"""How the NHS in England is divided, early in 2026, as the Area tree works it out from every file together."""

import pytest


@pytest.fixture(scope="module")
def active(sample_store) -> dict[str, int]:
    return dict(
        sample_store.catalogue.execute("SELECT level, count(*) FROM areas WHERE status = 'active' GROUP BY level")
    )


def test_boards_locations_and_regions(active):
    assert (active["nation"], active["region"], active["icb"], active["sub_icb"]) == (1, 7, 42, 106)


def test_practices_and_networks(active):
    assert 6150 <= active["practice"] <= 6250
    assert 1250 <= active["pcn"] <= 1310


@pytest.mark.parametrize("level", ["sub_icb", "icb", "region"])
def test_each_division_holds_every_patient_once(level, sample_store):
    sql = "SELECT sum(patients) FROM areas WHERE level = ? AND status = 'active'"
    (divided,) = sample_store.catalogue.execute(sql, [level]).fetchone()
    (england,) = sample_store.catalogue.execute(sql, ["nation"]).fetchone()
    assert divided == england


def test_every_open_practice_has_its_place_on_the_tree(sample_store):
    sql = "SELECT code FROM areas WHERE level = 'practice' AND status = 'active' AND '' IN (sub_icb, icb, region)"
    assert sample_store.catalogue.execute(sql).fetchall() == []


def test_only_a_few_open_practices_are_in_no_network(sample_store):
    sql = "SELECT count(*) FROM areas WHERE level = 'practice' AND status = 'active' AND pcn = ''"
    assert sample_store.catalogue.execute(sql).fetchone()[0] < 120
