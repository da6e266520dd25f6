"""How long own data are kept, and the daily deletion of what was kept long enough."""

from __future__ import annotations

import datetime
import logging
from collections.abc import Callable
from functools import partial

from django.utils import timezone

from openpractice.analysis.forgetting import keep_from
from openpractice.kinds import Refused, month_no, period_of
from openpractice.store.keyring import KeyRing
from openpractice.web.audit.models import Action
from openpractice.web.config import pulse
from openpractice.web.organisations.models import Organisation
from openpractice.web.own.deeds import Deed
from openpractice.web.own.leaving import finish_leaving
from openpractice.web.own.models import Keeping
from openpractice.web.own.place import everybodys, home_of
from openpractice.web.own.rules import DEFAULT

log = logging.getLogger(__name__)


def months_of(organisation: Organisation) -> int:
    """For how many months an organisation keeps its own data: what it said last, or else three years."""
    last = Keeping.objects.filter(organisation=organisation).first()
    return last.months if last else DEFAULT


def first_kept(months: int, today: datetime.date | None = None) -> str:
    """The first month that is kept: whole months, this one not counted."""
    today = today or timezone.localdate()
    return period_of(month_no(f"{today:%Y-%m}") - months)


def housekeeping() -> None:
    """Once a day: delete what was kept long enough, practice by practice. One that is busy, or broken, stops no other."""
    there = [folder.name for folder in everybodys().glob("*") if folder.is_dir()]
    ours = Organisation.objects.filter(code__in=there)
    turns: dict[str, Callable[[], object]] = {one.code: partial(delete_old, one) for one in ours}
    turns["those who left"] = finish_leaving
    for whose, turn in turns.items():
        pulse.beat()  # many practices take longer than a worker may be silent
        try:
            turn()
        except Refused as why:
            log.warning("What was kept long enough of %s waits a day: %s", whose, why)
        except Exception:
            log.exception("What was kept long enough of %s could not be deleted. It is tried again tomorrow.", whose)


def delete_old(organisation: Organisation) -> int:
    """Delete what one organisation kept long enough; returns how many rows. Raises Refused while a file is read.

    Sealed identifiers that no record bears go each time: a load that was cancelled leaves some, too.
    """
    home, first = home_of(organisation), first_kept(months_of(organisation))
    deed = Deed(Action.KEPT_LONG_ENOUGH, organisation.code)
    deleted = keep_from(home, first, lambda rows: deed.begin(rows=rows, why=first))
    if deleted:
        deed.end(rows=deleted, why=first)
    KeyRing(home).forget_unused()
    return deleted
