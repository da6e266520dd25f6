"""Several threads ask one view of the facts at once: plans of different questions are made beside each other."""

from concurrent.futures import ThreadPoolExecutor

from openpractice.kinds import LEVELS
from openpractice.measures import catalogue


def test_a_plan_is_the_same_whoever_asks_at_the_same_time(world, say):
    world.tell(
        say.lists({"Y99001": 9000, "Y99002": 1000}), *say.placed({"Y99001": "U99001", "Y99002": "U99001"}),
        say.calls({"Y99001": 500, "Y99002": 400}), say.calls({"ENG": 450}, level="nation"),
    )  # fmt: skip
    measure = catalogue()["calls_answered"]
    alone, together = world.store.facts(), world.store.facts()
    questions = [(level,) for level in LEVELS] * 4
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda levels: together.sums([measure], levels), questions))
    for levels, (sums, covered) in zip(questions, found, strict=True):
        wanted, _ = alone.sums([measure], levels)
        assert sums.target.tolist() == wanted.target.tolist()
        assert sums.numerator[measure.name].tolist() == wanted.numerator[measure.name].tolist()
        planned = covered[measure.name]
        assert planned.keys is together.sums([measure], levels)[1][measure.name].keys, "made once"
