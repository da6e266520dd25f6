"""How fast every practice finds those most alike, against scikit-learn's brute force on the same points.

scikit-learn answers with indices and distances in float64; so do we, measured again exactly.
"""

import time

import numpy as np
from sklearn.neighbors import NearestNeighbors

from openpractice.methods.peers import all_most_alike, most_alike, space

PRACTICES = 6_200
AT_LEAST = 1 / 1.5  # no slower than one and a half times scikit-learn


def run() -> list[dict]:
    rows = []
    for features, k in ((12, 10), (12, 20), (30, 20)):
        table = np.random.default_rng(features).normal(size=(PRACTICES, features))
        place = space(table, [f"feature {j}" for j in range(features)])
        theirs = NearestNeighbors(n_neighbors=k, algorithm="brute").fit(place.points)
        assert (all_most_alike(place, k).indices == theirs.kneighbors(return_distance=False)).all()
        name = f"peers: {k} most alike for each of {PRACTICES:,} practices by {features} features"
        ours, peer = _best_of(lambda k=k, p=place: all_most_alike(p, k)), _best_of(lambda t=theirs: t.kneighbors())
        rows.append(_row(name, ours, peer, AT_LEAST))
    one = _best_of(lambda: most_alike(place, 0, 20))
    rows.append(_row("peers: 20 most alike for one practice, with reasons and stability", one, None, None))
    return rows


def _row(name, ours, peer, target):
    ratio = peer / ours if peer else None
    unit = "times faster than scikit-learn" if peer else "seconds"
    return {"name": name, "ours_seconds": ours, "peer_seconds": peer, "ratio": ratio, "target": target, "unit": unit}


def _best_of(work, times=5):
    seconds = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - start)
    return min(seconds)
