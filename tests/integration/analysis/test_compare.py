"""One measure of one area beside everything it can fairly be set beside, in figures worked out by hand."""

import numpy as np
import pytest

from openpractice.analysis.compare import compare, profile
from openpractice.analysis.process import icon
from openpractice.analysis.sized import funnel_kind
from openpractice.kinds import Refused
from openpractice.measures import catalogue, find

LAST = "2026-02"


def shares(practices, **equal):
    """Missed calls as a share of inbound in the last month, of the practices that sent any."""
    chosen = [p for p in practices if all(getattr(p, k) == v for k, v in equal.items())]
    return {p.code: p.missed[-1] / p.inbound for p in chosen if p.telephony_until == LAST}


def test_a_practice_among_all_its_groups(store, england_of_26):
    found = compare(store, "calls_missed", "Y99005")
    everyone, own = shares(england_of_26), shares(england_of_26)["Y99005"]
    assert found.period == LAST
    assert found.own.value == pytest.approx(own)
    assert len(found.history) == len(found.charted) == 14
    england = found.spreads["england"]
    assert england.n == 25  # one sends no figures any more
    assert dict(zip(england.codes, england.values.tolist(), strict=True)) == pytest.approx(everyone)
    middle = np.percentile(list(everyone.values()), [10, 25, 50, 75, 90])
    assert [england.p10, england.p25, england.p50, england.p75, england.p90] == pytest.approx(middle.tolist())
    below = sum(value < own for value in everyone.values())
    assert (england.below, england.above) == (below, 24 - below)
    assert england.own_percentile == pytest.approx(100 * (below + 0.5) / 25)
    assert set(found.spreads["local"].codes) == set(shares(england_of_26, sub_icb="99X"))
    assert set(found.spreads["network"].codes) == set(shares(england_of_26, pcn="U99991"))
    assert found.spreads["local"].label == "Practices in NHS Fiction ICB - 99X"


def test_the_most_alike_leave_the_practice_itself_out(store):
    found = compare(store, "calls_missed", "Y99015", k=6)
    alike = found.spreads["alike"]
    assert alike.label == "The 6 practices most alike"
    assert "Y99015" not in alike.codes
    assert alike.n == 6
    assert all(abs(int(code[1:]) - 99015) <= 6 for code in alike.codes)  # everything grows with the number


def test_a_small_sub_icb_gives_way_to_the_icb(store, monkeypatch):
    monkeypatch.setattr("openpractice.analysis.groups.ENOUGH_LOCAL", 10)
    assert compare(store, "calls_missed", "Y99020").spreads["local"].n == 25  # eight in its own, so all of the ICB


def test_an_earlier_month(store, england_of_26):
    found = compare(store, "calls_missed", "Y99004", period="2025-10")
    assert found.spreads["england"].n == 26
    assert found.own.value == pytest.approx(england_of_26[3].missed[9] / 5000)
    assert compare(store, "calls_missed", "Y99004").period == "2025-10"  # its latest


def test_a_month_without_a_figure_still_shows_the_others(store):
    found = compare(store, "calls_missed", "Y99004", period=LAST)
    assert found.own is None
    assert found.spreads["england"].own_percentile is None
    assert found.funnel.position == "unknown"
    assert found.funnel.lower_95 is None


def test_areas_above_are_set_beside_their_own_level(store, england_of_26):
    found = compare(store, "calls_missed", "99X")
    assert set(found.spreads) == {"england", "local"}
    assert set(found.spreads["england"].codes) == {"99X", "98X"}
    inside = [p for p in england_of_26 if p.sub_icb == "99X" and p.telephony_until == LAST]
    assert found.own.value == pytest.approx(sum(p.missed[-1] for p in inside) / sum(p.inbound for p in inside))
    assert compare(store, "calls_missed", "ENG").spreads == {}


def test_the_funnel_states_how_it_was_widened(store, england_of_26):
    plot = compare(store, "calls_missed", "Y99001").funnel
    assert plot.kind == "proportion"
    assert plot.position == "high_998"
    assert plot.own_value == pytest.approx(0.2)
    assert plot.own_denominator == 5000
    assert plot.lower_998 < plot.lower_95 < plot.centre < plot.upper_95 < plot.upper_998 < 0.2
    assert plot.overdispersion == "additive"
    assert plot.tau2 == 0
    assert plot.statement.startswith("The limits are those of chance alone")
    assert len(plot.codes) == len(plot.values) == len(plot.denominators) == 25
    curve = plot.all.limits_at([20.0, 5000.0])
    assert curve.upper_95[1] == pytest.approx(plot.upper_95)
    assert curve.upper_95[0] > curve.upper_95[1]


def test_the_funnel_says_when_practices_differ_by_more_than_chance(store):
    """One practice takes 20 calls where the others take 5,000 from lists of the same size."""
    plot = compare(store, "inbound_calls_per_1000", "Y99005").funnel
    assert (plot.kind, plot.unit, plot.all.per) == ("rate", "per 1,000 patients", 1000)
    assert plot.centre == pytest.approx(1000 * (24 * 5000 + 20) / sum(10000 + 10 * i for i in range(1, 27) if i != 4))


def test_twenty_calls_are_within_the_funnel(store):
    assert compare(store, "calls_missed", "Y99002").funnel.position == "within"


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("calls_missed", "proportion"),
        ("inbound_calls_per_1000", "rate"),
        ("online_requests_per_1000", "rate"),
        ("gp_fte_per_10000", None),
        ("qof_achievement", None),
        ("imd_score", None),
        ("list_size", None),
        ("mean_appointment_minutes", None),
    ],
)
def test_only_what_is_counted_has_a_funnel(name, kind):
    assert funnel_kind(find(name)) == kind


@pytest.mark.parametrize("name", ["list_growth_12_months", "patients_65_and_over_share"])
def test_what_patients_are_like_is_not_chance(store, name):
    found = compare(store, name, "Y99001")
    assert found.own is not None
    assert found.funnel is None


def test_the_chart_of_the_practice_that_changed(store):
    drawn = compare(store, "calls_missed", "Y99001").chart
    assert drawn.variation == "concern_high"
    assert drawn.special_cause[-1] == "above_upper_limit"
    assert not drawn.trial_limits


def test_profile_has_every_measure_of_the_area_once(store):
    standings = profile(store, "Y99005")
    names = [standing.measure.name for standing in standings]
    assert len(names) == len(set(names))
    assert {"calls_missed", "inbound_calls_per_1000", "list_size", "patients_65_and_over_share"} <= set(names)
    assert names == [name for name in catalogue() if name in names]


def test_profile_agrees_with_compare(store):
    for standing in profile(store, "Y99001"):
        found = compare(store, standing.measure.name, "Y99001")
        assert standing.own == found.own
        assert set(standing.spreads) == set(found.spreads)
        for key, spread in standing.spreads.items():
            assert spread.own_percentile == found.spreads[key].own_percentile
            assert spread.codes == found.spreads[key].codes
        assert standing.variation == icon(found.chart)


def test_a_practice_too_little_known_is_compared_all_the_same(store, monkeypatch):
    monkeypatch.setattr("openpractice.analysis.alike.ENOUGH", 99)
    found = compare(store, "calls_missed", "Y99006")
    assert set(found.spreads) == {"england", "local", "network"}
    assert "99 are needed" in found.notes[0]


def test_refusals(store):
    with pytest.raises(Refused, match=r"no measure called 'calls_misse'.*calls_missed"):
        compare(store, "calls_misse", "Y99001")
    with pytest.raises(Refused, match="with the code 'Y00000'"):
        compare(store, "calls_missed", "Y00000")
    with pytest.raises(Refused, match="'last month' is not a month"):
        compare(store, "calls_missed", "Y99001", period="last month")


def test_a_measure_that_nobody_has_is_an_empty_comparison(store):
    found = compare(store, "gp_fte_per_10000", "Y99001")
    assert (found.period, found.own, found.chart, found.funnel) == (None, None, None, None)
    assert found.history == []
    assert found.spreads == {}
