"""Which practices are most alike: on 201 real practices, students find students and rural practices find rural ones."""

import numpy as np
import pytest

from openpractice.analysis.alike import alike
from openpractice.analysis.features import FEATURES, features
from openpractice.kinds import Refused


def named(store, *words):
    rows = store.catalogue.execute("SELECT code, name FROM areas WHERE level = 'practice'").fetchall()
    return {code for code, name in rows if any(word in name for word in words)}


@pytest.fixture(scope="module")
def for_students(sample):
    """Practices named for a university or for students whose patients are of that age: few small children, few old."""
    own = {code: alike(sample, code).own for code in named(sample, "University", "Student")}
    return {code for code, known in own.items() if known["aged_65_and_over"] < 0.06 and known["under_5"] < 0.03}


def test_student_practices_find_student_practices(sample, for_students):
    assert len(for_students) >= 8
    theirs = []
    for code in for_students:
        nearest = alike(sample, code, k=5).neighbours
        assert all(n.values["under_5"] < 0.03 and n.values["aged_65_and_over"] < 0.11 for n in nearest[:2]), code
        theirs.append(np.mean([n.area.code in for_students for n in nearest]))
    assert np.mean(theirs) > 0.5  # nine of two hundred practices, yet most of what is near


def test_rural_dispensing_practices_find_rural_ones(sample):
    known = features(sample)
    at = {f.name: i for i, f in enumerate(FEATURES)}
    rural = np.flatnonzero((known.values[:, at["rural"]] == 1) & (known.values[:, at["dispensing"]] == 1))
    assert len(rural) >= 20
    shares = [np.mean([n.values["rural"] for n in alike(sample, known.codes[i], k=10).neighbours]) for i in rural]
    assert known.values[:, at["rural"]].mean() < 0.35
    assert np.mean(shares) > 0.85


def test_reasons_add_up(sample, for_students):
    found = alike(sample, sorted(for_students)[0], k=7)
    assert len(found.neighbours) == found.k == 7
    assert [n.distance for n in found.neighbours] == sorted(n.distance for n in found.neighbours)
    for neighbour in found.neighbours:
        assert sum(neighbour.contributions.values()) == pytest.approx(1)
        assert set(neighbour.contributions) == {f.name for f in found.features} == set(neighbour.values)
    assert sum(found.drivers.values()) == pytest.approx(1)
    assert all(0 <= share <= 1 for share in found.stability.values())
    assert found.area.code not in found.codes


def test_a_feature_known_of_too_few_is_not_used(sample):
    """The sample's bands stop at 19 and 65, so shares of those aged 15 to 24 or 75 and over cannot be known."""
    found = alike(sample, "C88627")
    assert set(found.unused) == {"aged_15_to_24", "aged_75_and_over"}
    assert not found.missing


def test_a_feature_left_out_no_longer_counts(sample):
    without = alike(sample, "C88627", exclude=("list_size", "rural"))
    assert {"list_size", "rural"} <= set(without.unused)
    assert "list_size" not in without.own
    assert without.codes != alike(sample, "C88627").codes


def test_nearness_is_counted_in_patients(sample):
    """A practice counts itself, so a lonely one has its own list within five kilometres and no more."""
    known = features(sample)
    at = {f.name: i for i, f in enumerate(FEATURES)}
    near, own = known.values[:, at["patients_near"]], known.values[:, at["list_size"]]
    placed = ~np.isnan(near)
    assert placed.sum() >= 195
    assert (near[placed] >= own[placed] - 1e-9).all()
    assert np.isclose(near[placed], own[placed]).any()
    assert (near[placed] > 2 * own[placed]).any()


@pytest.mark.parametrize(
    ("code", "arguments", "words"),
    [
        ("Y00000", {}, "There is no practice with the code 'Y00000'"),
        ("C88627", {"k": 0}, "Ask for at least 1"),
        ("C88627", {"exclude": ("shoe_size",)}, "There is no feature called 'shoe_size'"),
        ("C88627", {"exclude": tuple(f.name for f in FEATURES)}, "Every feature is left out"),
    ],
)
def test_refusals_say_what_to_do(sample, code, arguments, words):
    with pytest.raises(Refused, match=words):
        alike(sample, code, **arguments)


def test_only_practices_are_alike(store):
    with pytest.raises(Refused, match="is not a practice"):
        alike(store, "Q99")


def test_never_more_neighbours_than_there_are(sample):
    found = alike(sample, "C88627", k=5000)
    assert found.k == len(found.neighbours) == found.n - 1
