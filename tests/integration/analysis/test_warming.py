"""Warming asks what pages ask, and changes no answer."""

from openpractice.analysis.compare import profile
from openpractice.analysis.warming import warm
from openpractice.store import Store


def test_warming_reads_the_newest_month_of_everything(store, sample):
    assert warm(store) > 20
    assert warm(sample) > 10  # which has no telephony and so no rhythm


def test_a_warm_store_answers_as_a_cold_one(home, store):
    cold = Store(home)
    warm(store)
    for one, other in zip(profile(cold, "Y99005"), profile(store, "Y99005"), strict=True):
        assert one.own == other.own
        assert one.spreads.keys() == other.spreads.keys()
        assert all(spread.own_percentile == other.spreads[key].own_percentile for key, spread in one.spreads.items())
