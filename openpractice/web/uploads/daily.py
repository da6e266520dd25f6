"""What the worker does once a day: each chore by one worker only, however many there are."""

from __future__ import annotations

import datetime
import logging
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from openpractice.web.config import pulse
from openpractice.web.own import keeping
from openpractice.web.uploads import jobs, place, refused
from openpractice.web.uploads.models import MOVING, Chore, State, Upload
from openpractice.web.uploads.rules import KEPT_AFTER_TROUBLE

DAY = datetime.timedelta(hours=24)
log = logging.getLogger("openpractice.worker")


def sweep() -> None:
    """Delete files of uploads that nobody waits for."""
    place.sweep(_waited_for)


def _waited_for() -> set[str]:
    """Folders of files that are still to be read, or may be tried again."""
    since = timezone.now() - KEPT_AFTER_TROUBLE
    moving = Upload.objects.filter(state__in=MOVING)
    troubled = Upload.objects.filter(state=State.FAILED, ended__gt=since)
    return set((moving | troubled).values_list("folder", flat=True))


# Each is run once in 24 hours, by its name. A part before this one in the ladder is imported here and added.
DAILY: dict[str, Callable[[], object]] = {
    "sweep arrived files": sweep,
    "delete refused files of the watched folder": lambda: refused.forget_old(Path(settings.HOME) / "inbox"),
    "forget old jobs": jobs.forget_old,
    "delete own data kept long enough": keeping.housekeeping,
}


def run_due() -> list[str]:
    """Run what is due and say which; one that raises is told to the log, and does not stop the others."""
    return [name for name in DAILY if _claimed(name) and _run(name)]


def _claimed(name: str) -> bool:
    """Whether this worker may do a chore now: who changes the row has it."""
    now = timezone.now()
    _, made = Chore.objects.get_or_create(name=name, defaults={"begun": now})
    return made or bool(Chore.objects.filter(name=name, begun__lt=now - DAY).update(begun=now))


def _run(name: str) -> bool:
    pulse.beat()
    try:
        DAILY[name]()
    except Exception:
        log.exception("The daily chore “%s” could not be done. It is tried again tomorrow.", name)
    return True
