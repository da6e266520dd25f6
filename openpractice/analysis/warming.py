"""Asking first what every page will ask, so that nobody waits for the first answer after a start or an ingest."""

from __future__ import annotations

from contextlib import suppress

from openpractice.analysis import answers
from openpractice.analysis.england import headlines, whats_new
from openpractice.analysis.everyone import atlas, everyone
from openpractice.analysis.groups import groups
from openpractice.analysis.rhythm import KINDS, rhythm
from openpractice.kinds import Refused
from openpractice.store import Store


def warm(store: Store) -> int:
    """Read the newest month of every measure at every level, likeness, England and the rhythms.

    Returns how many months of measures were read. Nothing depends on it: what is not warm is read when asked for.
    """
    wanted = [
        (measure, level, months[1])
        for measure, levels in answers.available(store).items()
        for level, months in levels.items()
        if level != "nation"
    ]
    for measure, level, period in wanted:
        everyone(store, measure, level, period)
    practice = next((area for area in atlas(store).areas.values() if area.level == "practice"), None)
    if practice:
        groups(store, practice)
    headlines(store)
    whats_new(store)
    for kind in KINDS:
        with suppress(Refused):  # none of this kind is loaded
            rhythm(store, kind)
    return len(wanted)
