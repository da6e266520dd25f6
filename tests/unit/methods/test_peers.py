"""Practices most alike: the same neighbours as scikit-learn, with reasons, whatever the data do."""

import csv
from pathlib import Path

import numpy as np
import pytest
from sklearn.neighbors import NearestNeighbors

from openpractice.methods import nearest
from openpractice.methods.peers import all_most_alike, most_alike, space

SAMPLE = Path(__file__).parents[2] / "data/methods/practice_demographics_sample.csv"
NAMES = ("list_size", "imd_score", "pct_over_65", "pct_under_5", "pct_5_19")
RNG = np.random.default_rng(41)


def real_practices():
    with SAMPLE.open() as file:
        rows = list(csv.DictReader(file))
    return np.array([[float(row[name].replace("NA", "nan")) for name in NAMES] for row in rows])


def numbered(table, **options):
    return space(table, [f"f{j}" for j in range(np.shape(table)[1])], **options)


@pytest.mark.parametrize(("n", "p", "k"), [(300, 3, 5), (2_000, 12, 10), (3_000, 30, 20), (2_500, 1, 3)])
def test_the_same_neighbours_as_scikit_learn(n, p, k):
    place = numbered(RNG.standard_t(3, size=(n, p)))  # long tails: real features have them
    ours = all_most_alike(place, k)
    distances, indices = NearestNeighbors(n_neighbors=k, algorithm="brute").fit(place.points).kneighbors()
    np.testing.assert_array_equal(ours.indices, indices)
    # scikit-learn's shortcut of squared norms loses digits where practices nearly coincide; ours measures directly.
    np.testing.assert_allclose(ours.distances, distances, rtol=1e-6, atol=1e-6)


def test_one_practice_and_all_practices_agree_on_real_data_with_gaps():
    table = real_practices()
    assert np.isnan(table).any()
    place = space(table, NAMES, log=["list_size"])
    together = all_most_alike(place, 10)
    for row in range(0, len(table), 7):
        alone = most_alike(place, row, 10)
        np.testing.assert_array_equal(together.indices[row], alone.indices)
        np.testing.assert_array_equal(together.distances[row], alone.distances)


@pytest.mark.parametrize("spread", [2, 20])
def test_ties_go_to_the_earlier_row_in_both_functions(spread):
    """A coarse grid: nearly every distance is tied, many practices coincide, and no float32 bound can decide."""
    table = RNG.integers(0, spread, size=(1_500, 3)).astype(float)
    place = numbered(table)
    together = all_most_alike(place, 8)
    for row in range(0, 1_500, 50):
        squared = nearest.sum_of(((place.points - place.points[row]) ** 2).T)
        squared[row] = np.inf
        by_hand = sorted(range(1_500), key=lambda i, squared=squared: (squared[i], i))[:8]
        assert list(together.indices[row]) == by_hand
        assert list(most_alike(place, row, 8).indices) == by_hand


def test_distances_that_float32_cannot_tell_apart_are_still_told_apart():
    """Practices far out and 1e-9 from each other: single precision sees one point, the answer must not."""
    table = RNG.normal(size=(2_000, 4))
    table[:50] = 1_000 + RNG.normal(size=(50, 4)) * 1e-6
    place = numbered(table)
    ours = all_most_alike(place, 5)
    for row in range(50):
        np.testing.assert_array_equal(ours.indices[row], most_alike(place, row, 5).indices)
        assert ours.indices[row].max() < 50


def test_most_rows_are_settled_without_a_second_look(monkeypatch):
    looked = []
    again = nearest._row_by_row
    monkeypatch.setattr(nearest, "_row_by_row", lambda p, rows, k: looked.append(len(rows)) or again(p, rows, k))
    all_most_alike(numbered(RNG.normal(size=(3_000, 12))), 10)
    assert looked[0] < 30


def test_a_student_practice_finds_student_practices():
    """Twelve practices by universities among 1,000: half their list aged 18 to 24, few old, of any size."""
    table = np.column_stack(
        [RNG.lognormal(9, 0.5, 1_000), RNG.normal(9, 2, 1_000), RNG.normal(18, 5, 1_000), RNG.normal(25, 10, 1_000)]
    )
    table[:12, 1], table[:12, 2] = RNG.normal(55, 5, 12), RNG.normal(3, 1, 12)
    place = space(table, ["list_size", "aged_18_24", "aged_65_over", "imd"], log=["list_size"])
    found = most_alike(place, 0, k=11)
    assert set(found.indices) == set(range(1, 12))
    elsewhere = most_alike(place, 500, k=11)
    assert not set(elsewhere.indices) & set(range(12))


def test_contributions_add_up_to_the_distance_and_drivers_to_one():
    found = most_alike(space(real_practices(), NAMES, log=["list_size"]), 3, k=10)
    np.testing.assert_allclose(found.contributions.sum(axis=1), found.distances**2)
    assert found.drivers.sum() == pytest.approx(1)
    assert found.names == NAMES


def test_stability_says_how_many_neighbours_stay_when_a_feature_goes():
    table = real_practices()
    found = most_alike(space(table, NAMES, log=["list_size"]), 3, k=10)
    for name, stability in zip(NAMES, found.stability, strict=True):
        without = most_alike(space(table, NAMES, log=["list_size"], exclude=[name]), 3, k=10)
        assert stability == len(set(without.indices) & set(found.indices)) / 10
    assert 0 < found.stability.min() < 1


def test_a_feature_that_never_varies_changes_nothing():
    table = RNG.normal(size=(200, 3))
    with_constant = np.column_stack([table, np.full(200, 7.0)])
    found = most_alike(numbered(with_constant), 0)
    np.testing.assert_array_equal(found.indices, most_alike(numbered(table), 0).indices)
    assert found.stability[3] == 1


def test_weight_and_exclusion_mean_what_they_say():
    table = RNG.normal(size=(200, 3))
    zero = most_alike(numbered(table, weights={"f2": 0}), 0)
    gone = most_alike(numbered(table, exclude=["f2"]), 0)
    np.testing.assert_array_equal(zero.indices, gone.indices)
    heavy = numbered(table, weights={"f0": 4})
    np.testing.assert_allclose(heavy.points[:, 0], 2 * numbered(table).points[:, 0])


def test_logged_features_compare_by_ratio():
    place = space([[1_000.0], [2_000.0], [4_000.0], [9_000.0]], ["list_size"], log=["list_size"])
    step = np.diff(place.points[:, 0])
    assert step[0] == pytest.approx(step[1])
    assert list(most_alike(place, 2, 1).indices) == [1] or step[2] < step[1]


def test_a_missing_feature_counts_as_the_median_and_is_remembered():
    place = numbered([[1.0, 5.0], [np.nan, 5.0], [3.0, 5.0]])
    assert place.points[1, 0] == 0
    assert place.missing[1, 0]
    assert place.centre[0] == 2


def test_a_column_mostly_zero_is_scaled_by_its_standard_deviation():
    table = np.zeros((100, 1))
    table[:10] = 1
    assert numbered(table).scale[0] == pytest.approx(0.3)


@pytest.mark.parametrize(
    ("ask", "says"),
    [
        (lambda: numbered([[1.0], [2.0]], weights={"f0": -1}), "0 or above"),
        (lambda: numbered([[1.0], [2.0]], exclude=["imd"]), "no feature called 'imd'"),
        (lambda: numbered([[1.0], [2.0]], exclude=["f0"]), "at least one"),
        (lambda: numbered([[0.0], [2.0]], log=["f0"]), "by ratio"),
        (lambda: numbered([[np.inf], [2.0]]), "infinite"),
        (lambda: most_alike(numbered([[1.0], [2.0]]), 0, k=2), "Between 1 and 1"),
    ],
)
def test_what_does_not_fit_is_refused_in_words(ask, says):
    with pytest.raises(ValueError, match=says):
        ask()
