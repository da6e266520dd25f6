"""What stands out in the invented England, where three practices have a story and the others have none."""

from dataclasses import asdict

import pytest

from openpractice.analysis.changes import changes, points_of
from openpractice.analysis.explain import stands_out
from openpractice.analysis.finding import weighed
from openpractice.analysis.quality import quality
from openpractice.render.words import banned


def of(findings, kind, measure=None):
    return [f for f in findings if f.kind == kind and (measure is None or (f.measure and f.measure.name == measure))]


def test_a_jump_in_the_last_month_comes_first(store):
    first = stands_out(store, "Y99001")[0]
    assert first.measure.name == "calls_missed"
    assert first.meaning == "concern"
    assert first.own.value == pytest.approx(0.2)
    assert first.own.period == first.period == "2026-02"


def test_the_change_is_told_with_its_numbers(store):
    (change,) = list(of(changes(store, *_asked(store, "Y99001")), "change", "calls_missed"))
    assert change.title == "Calls missed: higher than its usual range in February 2026"
    assert change.size.startswith("20.0% in February 2026, against an average of")
    assert "over 14 figures" in change.size
    assert "England's figure" in change.size
    assert change.variation == "concern_high"
    assert change.reference["upper"] < 0.2
    assert change.certainty in ("High", "Medium")


def _asked(store, code):
    from openpractice.analysis import compare, places
    from openpractice.kinds import month_no

    standings = compare.profile(store, code)
    return places.area(store, code), standings, max(month_no(s.own.period) for s in standings)


# Y99004 is among the twenty most alike, but sends no figures any more: nineteen are left to compare with.


def test_a_steady_difference_is_found_without_a_change(store):
    findings = stands_out(store, "Y99003", limit=10)
    (missed,) = of(findings, "difference", "calls_missed")
    assert missed.title == "Calls missed: lower than all 19 practices most alike"
    assert missed.size.startswith("2.0% in February 2026; the middle of the practices most alike is ")
    assert missed.meaning == "improvement"
    assert missed.variation == "improvement_low"
    assert missed.reference["p10"] > missed.own.value
    assert not of(findings, "change", "calls_missed")


def test_a_few_calls_are_noise(store):
    """15% of 20 calls, against about 10% elsewhere: far from the others, yet Wilson's interval reaches them."""
    findings = stands_out(store, "Y99002", limit=20)
    assert not of(findings, "difference", "calls_missed")
    assert not of(findings, "change", "calls_missed")


def test_an_ordinary_practice_has_no_finding_about_calls_missed(store):
    assert not [f for f in stands_out(store, "Y99013", limit=20) if f.measure and f.measure.name == "calls_missed"]


def test_old_figures_are_not_news(store):
    """Y99004 stopped sending telephone figures: that is a matter of the data, not of its last month."""
    findings = stands_out(store, "Y99004", limit=20)
    assert not of(findings, "change")
    assert any(item.title == "Telephone calls" and item.grade == "Low" for item in quality(store, "Y99004").items)
    assert any(f.title.startswith("Telephone calls: figures up to October 2025, 4 months behind") for f in findings)


def test_no_more_than_two_of_a_topic_and_one_of_a_family(store):
    for code in ("Y99001", "Y99002", "Y99003", "Y99004", "99X", "Q99", "ENG"):
        findings = stands_out(store, code, limit=50)
        topics = [f.topic for f in findings]
        assert all(topics.count(topic) <= 2 for topic in topics)
        names = [f.measure.family or f.measure.name for f in findings if f.measure]
        assert len(names) == len(set(names))
        assert [f.score for f in findings] == sorted((f.score for f in findings), reverse=True)


def test_limit(store):
    assert len(stands_out(store, "Y99001", limit=1)) == 1
    assert stands_out(store, "Y99001", limit=0) == []


def test_no_word_of_blame_and_no_sentence_left_open(store, sample, england_of_26):
    said = []
    for code in [p.code for p in england_of_26] + ["U99991", "99X", "Q99", "Y99", "ENG"]:
        for finding in stands_out(store, code, limit=50):
            said += [finding.title, finding.size, finding.why, finding.next_step]
            assert all(text.endswith(".") for text in (finding.size, finding.why, finding.next_step)), asdict(finding)
    for code in ("C88627", "B86110"):
        for finding in stands_out(sample, code, limit=50):
            said += [finding.title, finding.size, finding.why, finding.next_step]
    assert len(said) > 20
    blame = {text: words for text in said if (words := banned(text))}
    assert not blame
    assert not [text for text in said if "nan" in text.lower().split() or "None" in text]


def test_neutral_measures_are_only_higher_or_lower(store):
    """20 calls from 10,020 patients: far fewer than elsewhere, and neither better nor otherwise."""
    (calls,) = of(stands_out(store, "Y99002", limit=20), "difference", "inbound_calls_per_1000")
    assert calls.title == "Inbound calls per 1,000 patients: lower than all 19 practices most alike"
    assert (calls.meaning, calls.variation) == ("neutral", "neutral_low")
    assert "right or wrong" in calls.next_step


@pytest.mark.parametrize(
    ("rule", "points"),
    [("above_upper_limit", 1), ("two_of_three_below", 2), ("trend_increasing", 7), ("shift_below", 7)],
)
def test_how_many_points_a_rule_speaks_of(rule, points):
    assert points_of(rule) == points


def test_the_score_is_as_documented():
    assert weighed(3, "concern", "decrease", "High") == pytest.approx(3.6)
    assert weighed(3, "improvement", "decrease", "Medium") == pytest.approx(2.25)
    assert weighed(9, "neutral", "neutral", "Low") == pytest.approx(6 * 0.8 * 0.5)
