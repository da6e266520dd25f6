"""Has the volume behind a figure changed so much that the figure may speak of its recording and not of the practice?

A new telephone system may count calls in another way: of every line or of one, with the recorded menu or without it.
No file that is read names the telephone system, but the calls for each patient then jump, and those are read.
"""

from __future__ import annotations

from openpractice.analysis import answers
from openpractice.kinds import Measure, Result
from openpractice.store import Store

MUCH = 0.5  # of the earlier month's volume
_VOLUMES = {"telephony": "inbound_calls_per_1000"}  # a table's service → the measure of its volume, for each patient


def volume_changed(store: Store, measure: Measure, before: Result, after: Result) -> bool:
    """Whether the volume rose or fell by more than half between two months of an area; false where it is not known."""
    name = _VOLUMES.get(measure.table.service)
    if name is None:
        return False
    known = {result.period: result.value for result in answers.series(store, name, after.area)}
    then, now = known.get(before.period), known.get(after.period)
    return then is not None and now is not None and then > 0 and abs(now - then) > MUCH * then
