"""Inside a network: who stands where, and what has moved beyond chance."""

import numpy as np
import pytest

from openpractice.analysis.network import comparable, matrix, movers, multiples
from openpractice.kinds import Refused, Result

LAST = "2026-02"


def test_matrix_of_a_network(store, england_of_26):
    found = matrix(store, "U99991")
    inside = [p for p in england_of_26 if p.pcn == "U99991"]
    assert [a.code for a in found.practices] == [p.code for p in inside]
    assert [m.name for m in found.measures] == ["inbound_calls_per_1000", "calls_answered", "calls_missed"]
    assert found.periods == [LAST] * 3
    missed = found.values[:, 2]
    assert np.isnan(missed[3])  # Y99004 sends none
    assert found.confidence[3, 2] == ""
    assert missed[0] == pytest.approx(0.2)
    assert found.percentiles[0, 2] == pytest.approx(100 * 24.5 / 25)  # the highest of 25
    assert found.percentiles[2, 2] == pytest.approx(100 * 0.5 / 25)


def test_matrix_of_asked_measures_and_of_larger_areas(store):
    found = matrix(store, "Q99", measures=["list_size", "calls_missed"])
    assert found.values.shape == (26, 2)
    assert matrix(store, "Q99", level="sub_icb").values.shape[0] == 2
    assert [a.code for a in matrix(store, "ENG").practices] == ["Q99"]


def test_multiples_are_sorted_by_change(store, england_of_26):
    """February 2026 against February 2025: the same for most, so the practice that jumped stands first."""
    found = multiples(store, "U99991", "calls_missed")
    assert found[0].area.code == "Y99001"
    before, after = england_of_26[0].missed[1] / 5000, 0.2
    assert found[0].change == pytest.approx(after - before)
    assert found[0].since == "2025-02"
    assert [s.change for s in found] == sorted((s.change for s in found), reverse=True)
    assert {s.area.code: len(s.history) for s in found}["Y99004"] == 10


def result(period, value=1.0):
    return Result("m", "a", "practice", period, 1, 1, value, None, None, "High")


@pytest.mark.parametrize(
    ("periods", "since"),
    [
        (["2025-02", "2025-10", "2026-02"], "2025-02"),
        (["2025-10", "2025-12", "2026-02"], "2025-12"),
        (["2024-10", "2026-02"], None),
        (["2026-02"], None),
        ([], None),
    ],
)
def test_what_a_month_is_compared_with(periods, since):
    found = comparable([result(period) for period in periods])
    assert (found.period if found else None) == since


def test_movers_are_changes_beyond_chance(store):
    """Of calls missed only Y99001 moved: 9 or 10% in 5,000 calls is steady, and 3 of 20 calls say nothing."""
    found = [m for m in movers(store, "U99991") if m.measure.name == "calls_missed"]
    assert [m.area.code for m in found] == ["Y99001"]
    (mover,) = found
    assert mover.meaning == "concern"
    assert (mover.before.period, mover.after.period) == ("2025-02", LAST)
    assert mover.england_change == pytest.approx(0)


def test_one_practice_has_nothing_inside(store):
    with pytest.raises(Refused, match="is one practice"):
        matrix(store, "Y99001")
    with pytest.raises(Refused, match="cannot be shown by region"):
        matrix(store, "U99991", level="region")
    with pytest.raises(Refused, match="no measure called"):
        multiples(store, "U99991", "height")
