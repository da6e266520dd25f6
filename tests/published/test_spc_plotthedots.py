"""Control charts give the limits and name the points as NHSRplotthedots' own tests expect.

`spc_reference.json` transcribes, as facts, the expectations of that package's test files (MIT licence).
"""

import json
from pathlib import Path

import numpy as np
import pytest

from openpractice.methods import spc_rules
from openpractice.methods.spc import xmr

REFERENCE = json.loads((Path(__file__).parents[1] / "data/methods/spc_reference.json").read_text())


def column(values, dtype=float):
    return np.array(values, dtype=dtype)[:, None]


@pytest.mark.parametrize("case", REFERENCE["xmr_limits"], ids=lambda case: case["name"])
def test_limits_agree_to_the_digits_printed(case):
    chart = xmr(case["y"], screen_outliers=case["screen_outliers"])
    expected = case["expect"]
    assert chart.mean == pytest.approx(expected["mean"], abs=6e-8)
    assert chart.lower == pytest.approx(expected["lpl"], abs=6e-6)
    assert chart.upper == pytest.approx(expected["upl"], abs=6e-7)


def test_two_facets_charted_as_one_batch():
    """The package's snapshot gives the first ten points to one facet and the rest to another."""
    y = np.array(REFERENCE["xmr_limits"][0]["y"])
    chart = xmr(y.reshape(2, 10), screen_outliers=True)
    for row, facet in enumerate(REFERENCE["xmr_facet_limits_3sf"]):
        for name, key in (("mean", "mean"), ("lower", "lpl"), ("upper", "upl")):
            assert float(f"{getattr(chart, name)[row, 0]:.3g}") == facet[key]
        assert chart.n_points[row] == facet["n"]


def test_the_snapshot_of_twenty_points_has_no_special_cause():
    chart = xmr(REFERENCE["xmr_limits"][0]["y"], screen_outliers=True, direction="increase", target=0.5)
    assert set(chart.special_cause) == {"common_cause"}
    assert (chart.variation, chart.assurance) == ("common_cause", "inconsistent")


@pytest.mark.parametrize("case", REFERENCE["seven_points_one_side_of_mean"], ids=str)
def test_shift(case):
    """The package marks the points at which a seventh is reached; ours marks all the points of the run."""
    sides, ends = column(case["in"]), np.array(case["out"], bool)
    whole = np.zeros(len(ends), bool)
    for end in np.flatnonzero(ends):
        whole[end - 6 : end + 1] = True
    either = spc_rules._members_of_runs(sides > 0, 7) | spc_rules._members_of_runs(sides < 0, 7)
    np.testing.assert_array_equal(either[:, 0], whole)


@pytest.mark.parametrize("case", REFERENCE["part_of_seven"], ids=str)
def test_every_point_of_a_run_of_seven_is_marked(case):
    ends = np.flatnonzero(case["in"])
    flag = np.zeros((len(case["in"]), 1), bool)
    for end in ends:
        flag[end - 6 : end + 1] = True
    np.testing.assert_array_equal(spc_rules._members_of_runs(flag, 7)[:, 0], np.array(case["out"], bool))


@pytest.mark.parametrize("case", REFERENCE["seven_point_trend"], ids=str)
def test_trend(case):
    rising, falling = spc_rules._trends(column(case["in"]))
    expected = np.array(case["out"])
    for member, sign in ((rising, 1), (falling, -1)):
        whole = np.zeros(len(expected), bool)
        for end in np.flatnonzero(expected == sign):
            whole[end - 6 : end + 1] = True
        np.testing.assert_array_equal(member[:, 0], whole)


@pytest.mark.parametrize("case", REFERENCE["two_in_three"] + REFERENCE["part_of_two_in_three_flags"], ids=str)
def test_two_of_three(case):
    """The package marks windows first and then keeps their near-limit points; ours gives the points kept."""
    near, side = column(case["close_to_limits"], bool), column(case["relative_to_mean"])
    found = spc_rules._two_of_three(near, side > 0) | spc_rules._two_of_three(near, side < 0)
    np.testing.assert_array_equal(found, near & column(case["out"], bool))


@pytest.mark.parametrize("case", REFERENCE["assurance"], ids=str)
@pytest.mark.parametrize("direction", ["increase", "decrease"])
def test_assurance(case, direction):
    """Two points around the middle whose limits are at least those of the case, scaled to be exactly them."""
    middle, reach = (case["lpl"] + case["upl"]) / 2, (case["upl"] - case["lpl"]) / 2
    half = reach / spc_rules.PROCESS / 2
    chart = xmr([middle - half, middle + half] * 7, direction=direction, target=case["target"])
    assert chart.lower[-1] == pytest.approx(case["lpl"])
    assert chart.assurance == case[direction].replace("consistent_", "consistently_")
