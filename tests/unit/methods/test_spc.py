"""Control charts at their edges: missing values, short and constant series, rebasing, and what the words mean."""

import numpy as np
import pytest

from openpractice.methods.spc import xmr

STEADY = [10, 12, 11, 9, 10, 12, 9, 11, 10, 12, 11, 9, 10, 12, 9, 11]
WIDE = [-90, 100] * 8  # limits so far apart that only trends and shifts can be seen between them


def test_a_jump_is_high_and_means_what_the_direction_says():
    spike = [*STEADY, 40]
    assert xmr(spike).variation == "neutral_high"
    assert xmr(spike, direction="increase").variation == "improvement_high"
    assert xmr(spike, direction="decrease").variation == "concern_high"
    assert xmr([*STEADY, -20], direction="decrease").variation == "improvement_low"
    assert xmr([*STEADY, -20], direction="increase").variation == "concern_low"
    assert xmr([*STEADY, -20]).variation == "neutral_low"
    assert xmr(spike).special_cause[-1] == "above_upper_limit"


def test_variation_speaks_of_the_latest_point_only():
    chart = xmr([*STEADY, 40, *STEADY], direction="increase", fix_after=16)
    assert chart.special_cause[16] == "above_upper_limit"
    assert chart.point_type[16] == "improvement"
    assert chart.variation == "common_cause"


def test_latest_point_is_the_latest_with_a_value():
    assert xmr([*STEADY, 40, np.nan]).variation == "neutral_high"
    assert xmr([*STEADY, 40, np.nan]).special_cause[-1] == "common_cause"


def test_a_rising_trend_needs_seven_points_and_a_tie_breaks_it():
    flat = [5, 9, 4, 8, 5, 9, 4, 8] * 2
    rise = [1, 2, 3, 4, 5, 6, 7]
    assert list(xmr([*flat, *rise]).special_cause[-7:]) == ["trend_increasing"] * 7
    assert "trend_increasing" not in xmr([*flat, *rise[:6]]).special_cause
    assert "trend_increasing" not in xmr([*flat, 1, 2, 3, 3, 4, 5, 6]).special_cause


def test_the_peak_of_a_rise_and_fall_takes_the_direction_to_its_right():
    chart = xmr([*WIDE, 1, 2, 3, 4, 5, 6, 7, 6, 5, 4, 3, 2, 1], fix_after=len(WIDE))
    assert list(chart.special_cause[len(WIDE) :]) == ["trend_increasing"] * 6 + ["trend_decreasing"] * 7


def test_the_last_point_of_a_rise_stays_rising_when_another_rise_follows():
    """NHSRplotthedots looks at the step to the next point, and so calls point 7 falling."""
    chart = xmr([*WIDE, 1, 2, 3, 4, 5, 6, 7, 3, 4, 5, 6, 7, 8, 9], fix_after=len(WIDE))
    assert set(chart.special_cause[len(WIDE) :]) == {"trend_increasing"}


def test_a_missing_point_breaks_a_trend_and_a_shift():
    assert "trend_increasing" not in xmr([1, 2, 3, 4, np.nan, 5, 6, 7]).special_cause
    shifted = [0, 1] * 8 + [20, 21, 20, np.nan, 21, 20, 21]
    assert not np.isin(xmr(shifted).special_cause, ["shift_above"]).any()


def test_a_missing_point_leaves_out_both_its_moving_ranges():
    chart = xmr([1, 2, np.nan, 10, 12])
    assert chart.mean[0] == 25 / 4
    assert chart.upper[0] == pytest.approx(25 / 4 + 2.66 * (1 + 2) / 2)
    assert chart.n_points == 4
    assert any("missing" in note for note in chart.notes)


@pytest.mark.parametrize("screen", [True, False])
@pytest.mark.parametrize("value", [0.0, 0.1, 1 / 3, 1e9 + 0.1])
def test_a_constant_series_never_changes(value, screen):
    chart = xmr([value] * 30, screen_outliers=screen)
    assert set(chart.special_cause) == {"common_cause"}
    assert chart.upper == pytest.approx(value)


def test_decimals_exactly_on_the_mean_break_a_shift():
    """The mean of 0.1, 0.2 and 0.3 comes out just above 0.2 in binary; the middle points are still on it."""
    chart = xmr([0.1, 0.3] + [0.2] * 10)
    assert not np.isin(chart.special_cause, ["shift_above", "shift_below"]).any()


def test_a_rebase_starts_new_limits_and_no_rule_runs_across_it():
    before, after = [10, 12, 11, 9] * 4, [30, 32, 31, 29] * 4
    joined = xmr(before + after)
    apart = xmr(before + after, rebase=[16])
    assert "above_upper_limit" in joined.special_cause
    assert set(apart.special_cause) == {"common_cause"}
    np.testing.assert_allclose(apart.mean, [10.5] * 16 + [30.5] * 16)
    np.testing.assert_allclose(apart.upper[16:], xmr(after).upper)


def test_assurance_uses_the_latest_limits():
    series = [10, 12, 11, 9] * 4 + [30, 32, 31, 29] * 4
    assert xmr(series, rebase=[16], direction="increase", target=20).assurance == "consistently_pass"
    assert xmr(series, rebase=[16], direction="decrease", target=20).assurance == "consistently_fail"
    assert xmr(series, rebase=[16], direction="increase", target=31).assurance == "inconsistent"
    assert xmr(series, direction="neutral", target=31).assurance == "none"
    assert xmr(series, direction="increase").assurance == "none"


def test_frozen_limits_judge_later_points():
    chart = xmr([*STEADY, 20, 20], fix_after=16)
    np.testing.assert_array_equal(chart.upper[:16], xmr(STEADY).upper)
    assert list(chart.special_cause[-2:]) == ["above_upper_limit"] * 2


def test_short_series_have_trial_limits_and_say_so():
    chart = xmr(STEADY[:12])
    assert chart.trial_limits is True
    assert "rest on 12 points" in chart.notes[0]
    assert xmr(STEADY[:13]).trial_limits is False
    assert xmr(STEADY, fix_after=6).trial_limits is True


def test_screening_is_off_unless_asked_and_said_when_on():
    spike = [*STEADY, 60, *STEADY]
    plain, screened = xmr(spike), xmr(spike, screen_outliers=True)
    assert screened.upper[0] < plain.upper[0]
    assert plain.mean[0] == screened.mean[0]
    assert not plain.notes
    assert "3.267" in screened.notes[0]


@pytest.mark.parametrize("series", [[5.0], [np.nan] * 20, [np.nan, 3.0, np.nan]])
def test_series_too_short_for_limits_are_answered_without_a_warning(series):
    chart = xmr(series, direction="increase", target=4)
    assert np.isnan(chart.upper).all()
    assert chart.variation == "common_cause"
    assert chart.assurance == "none"


def test_a_batch_may_carry_a_direction_and_target_for_each_series():
    batch = xmr([[*STEADY, 40], [*STEADY, 40]], direction=["increase", "decrease"], target=[0, 0])
    assert list(batch.variation) == ["improvement_high", "concern_high"]
    assert list(batch.assurance) == [
        xmr([*STEADY, 40], direction=d, target=0).assurance for d in ("increase", "decrease")
    ]
    assert batch.special_cause.shape == batch.mean.shape == (2, 17)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"values": []}, "not shape"),
        ({"values": [1, 2, np.inf]}, "infinite"),
        ({"values": [1, 2], "direction": "up"}, "increase, decrease or neutral"),
        ({"values": [1, 2], "rebase": [9]}, "outside the series"),
        ({"values": [1, 2], "fix_after": 1}, "at least 2"),
        ({"values": [[1, 2]], "target": [1, 2]}, "one target"),
    ],
)
def test_what_does_not_fit_is_refused_in_words(arguments, says):
    with pytest.raises(ValueError, match=says):
        xmr(**arguments)
