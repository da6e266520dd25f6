"""Is it still there? What is closed has a past and no present: nothing is missing now, and nobody can mend it."""

from __future__ import annotations

from openpractice.analysis.wording import month
from openpractice.kinds import Area

OPEN = "active"


def gone(area: Area) -> bool:
    """Whether an area is closed, dormant or not yet open in the latest files."""
    return area.status != OPEN


def when(area: Area) -> str:
    """`Heartlands Surgery closed on 30 November 2019`; empty where the area is open."""
    if not gone(area):
        return ""
    if area.status == "closed" and area.closed:
        return f"{area.name} closed on {int(area.closed[8:])} {month(area.closed)}"
    if area.status == "closed":  # no file says so: the newest lists do not have it
        return f"{area.name} has no registered patients in the newest list and counts as closed"
    return f"{area.name} is {area.status}: it is not open to patients in the latest files"
