"""England's registered patients: NHS England, Patients Registered at a GP Practice, on the first of the month."""

import pytest

PUBLISHED = {"2021-01": (60606345, 6658), "2025-10": (63919527, 6202), "2025-12": (63936682, 6196), "2026-01": (63894110, 6171)}  # fmt: skip


@pytest.mark.parametrize("period", PUBLISHED)
def test_practices_sum_to_the_published_list(period, ask_rows, month):
    sql = f"SELECT sum(patients), count(DISTINCT area_code) FROM loaded WHERE month_no = {month(period)}"
    assert ask_rows("registered_patients", "list_size", sql) == [PUBLISHED[period]]


@pytest.mark.parametrize("period", PUBLISHED)
def test_the_stored_list_is_the_published_one(period, stored):
    assert stored("list_size", period).value == PUBLISHED[period][0]


def test_other_publications_agree_on_the_list(stored):
    """February's list comes with online submissions, and the telephony publication counts 63,797,354 patients."""
    assert stored("list_size", "2026-02").value == pytest.approx(63797354, rel=0.0001)
