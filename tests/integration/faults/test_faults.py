"""Killed at random while people work, in short: `python -m bench.faults` does the same for as long as one likes."""

from __future__ import annotations

import pytest

from bench.faults import trial

SECONDS = 40


@pytest.mark.timeout(900)
@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_nothing_acknowledged_is_lost_and_nothing_half_done_is_seen(database):
    found = trial.run(database, SECONDS, seed=7)
    assert found.lost == ()
    assert sum(found.kills.values()) >= 4, found
    assert found.writes, found
    assert found.counted["uploaded"], found
    assert found.counted["figures"], found
